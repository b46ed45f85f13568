"""What the process behind a socket can never get is told by the kernel, not by the engine."""

from __future__ import annotations

import re
import resource
import socket
from pathlib import Path

import pytest

from bootready.engine.capabilities import (
    NAMES,
    capabilities_out_of_reach,
    hard_limits,
    parse_limits,
)

STATUS = Path("/proc/self/status")
needs_linux = pytest.mark.skipif(not STATUS.exists(), reason="only Linux has /proc")


@needs_linux
def test_the_process_behind_a_socket_tells_what_it_lacks(tmp_path):
    path = str(tmp_path / "docker.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        lacks = capabilities_out_of_reach(path)
    held = int(re.search(r"CapBnd:\s*([0-9a-f]+)", STATUS.read_text())[1], 16)
    assert {name for bit, name in enumerate(NAMES) if held >> bit & 1}.isdisjoint(lacks)
    assert (
        len(lacks) + held.bit_count() == int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1
    )


def test_where_nothing_listens_nothing_is_known(tmp_path):
    assert capabilities_out_of_reach(str(tmp_path / "none.sock")) == ()


def test_the_names_stand_at_their_numbers():
    numbers = {"CHOWN": 0, "NET_ADMIN": 12, "SYS_ADMIN": 21, "SYS_RESOURCE": 24, "BPF": 39}
    assert {name: NAMES.index(name) for name in numbers} == numbers
    assert len(NAMES) == len(set(NAMES)) == 41


@needs_linux
def test_its_hard_limits_are_those_of_the_process(tmp_path):
    path = str(tmp_path / "docker.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        told = hard_limits(path)
    assert told.get("nofile", -1) == resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert hard_limits(str(tmp_path / "none.sock")) == {}


def test_what_is_unlimited_is_no_number():
    table = (
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        "Max cpu time              unlimited            unlimited            seconds   \n"
        "Max open files            1024                 524288               files     \n"
    )
    assert parse_limits(table) == {"nofile": 524288}
