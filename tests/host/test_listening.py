"""The kernel's own question for listeners -> the same sockets as in the tables of /proc."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator

import pytest

from bootready.host import listening, network

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")


@pytest.fixture
def ours() -> Iterator[dict[str, int]]:
    """Sockets that listen, by their inode, with their port: an address of each kind there is."""
    with contextlib.ExitStack() as open_here:
        found = dict[str, int]()
        for family, address in (
            (socket.AF_INET, "127.0.0.1"),
            (socket.AF_INET, "0.0.0.0"),
            (socket.AF_INET6, "::1"),
            (socket.AF_INET6, "::"),
            (socket.AF_INET6, "::ffff:127.0.0.1"),
        ):
            one = open_here.enter_context(socket.socket(family))
            try:
                one.bind((address, 0))
            except OSError:
                continue  # a machine without IPv6
            one.listen()
            found[inode_of(one)] = one.getsockname()[1]
        yield found


def test_what_listens_is_what_the_tables_say(
    ours: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert listening.listening_sockets() is not None, "this kernel has no sock_diag"
    asked = {one for one in network.read_sockets() if one.inode in ours}
    monkeypatch.setattr(network, "listening_sockets", lambda: None)
    assert asked == {one for one in network.read_sockets() if one.inode in ours}
    assert {one.inode: one.port for one in asked} == ours


@pytest.mark.parametrize("told", [2, listening._BY_FAMILY], ids=["an error", "half an answer"])
def test_a_kernel_that_answers_otherwise_is_not_believed(told: int) -> None:
    """The tables are read then."""
    message = (20).to_bytes(4, sys.byteorder) + told.to_bytes(2, sys.byteorder) + bytes(14)
    asking, kernel = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with asking, kernel:
        kernel.send(message)
        assert listening._answers(asking) is None


def test_a_connection_is_no_listener() -> None:
    """Or a port that a client has would be one that is taken."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        found = {one.inode for one in network.read_sockets()}
        assert inode_of(server) in found
        assert inode_of(client) not in found


def inode_of(one: socket.socket) -> str:
    return str(os.fstat(one.fileno()).st_ino)
