"""The kernel -> the TCP sockets that listen, asked for these alone.

Who reads /proc/net/tcp makes the kernel walk the table of all connections, which on a machine with
much memory has a quarter of a million places: 4 ms for each of tcp and tcp6, a tenth of a check.
The kernel's own question for sockets (sock_diag(7), as `ss` asks it) can be one for those that
listen, and takes a hundredth of that.
"""

from __future__ import annotations

import sys

from bootready.typed import TYPE_CHECKING, Iterator, NamedTuple

if TYPE_CHECKING:
    from _socket import socket

_SOCK_DIAG = 4  # NETLINK_SOCK_DIAG, linux/netlink.h
_BY_FAMILY = 20  # SOCK_DIAG_BY_FAMILY, linux/sock_diag.h
_DONE = 3  # NLMSG_DONE
_REQUEST_DUMP = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_TCP = 6
_LISTEN = 1 << 10  # the state of /proc/net/tcp's 0A, as a bit
_FAMILIES = (2, 10)  # AF_INET, AF_INET6
_HEADER, _ANSWER = 16, 72  # struct nlmsghdr; struct inet_diag_msg, linux/inet_diag.h
_INODE = 68
_SECONDS = 2
"""How long the kernel may take, which answers within the call."""


class Listening(NamedTuple):
    """A TCP socket that listens: the bytes of its address, its port, its inode."""

    address: bytes
    port: int
    inode: str


def listening_sockets() -> tuple[Listening, ...] | None:
    """Return the TCP sockets of this network namespace that listen, those of IPv4 first.

    None where the kernel cannot be asked: not Linux, or it has no such question.
    """
    if not sys.platform.startswith("linux"):
        return None
    from _socket import AF_NETLINK, SOCK_RAW, socket  # the module above it costs 5 ms

    try:
        asked = socket(AF_NETLINK, SOCK_RAW, _SOCK_DIAG)
    except OSError:
        return None
    try:
        asked.settimeout(_SECONDS)
        found: list[Listening] = []
        for family in _FAMILIES:
            asked.send(_question(family))
            answered = _answers(asked)
            if answered is None:
                return None
            found += map(_of, answered)
        return tuple(found)
    except OSError:
        return None
    finally:
        asked.close()


def _question(family: int) -> bytes:
    """Return the message that asks for the listeners of one family (struct inet_diag_req_v2)."""
    wanted = bytes((family, _TCP, 0, 0)) + _LISTEN.to_bytes(4, sys.byteorder) + bytes(48)
    head = (_HEADER + len(wanted)).to_bytes(4, sys.byteorder)
    kind = _BY_FAMILY.to_bytes(2, sys.byteorder) + _REQUEST_DUMP.to_bytes(2, sys.byteorder)
    return head + kind + bytes(8) + wanted


def _answers(asked: socket) -> list[bytes] | None:
    """Return the answers to one question; None where one of them is a refusal."""
    found: list[bytes] = []
    while True:
        for kind, body in _messages(asked.recv(1 << 16)):
            if kind == _DONE:
                return found
            if kind != _BY_FAMILY or len(body) < _ANSWER:
                return None
            found.append(body)


def _messages(received: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the body of each message."""
    start = 0
    while start + _HEADER <= len(received):
        length = int.from_bytes(received[start : start + 4], sys.byteorder)
        kind = int.from_bytes(received[start + 4 : start + 6], sys.byteorder)
        yield kind, received[start + _HEADER : start + length]
        start += max(_HEADER, (length + 3) & ~3)


def _of(body: bytes) -> Listening:
    size = 4 if body[0] == _FAMILIES[0] else 16
    inode = int.from_bytes(body[_INODE:_ANSWER], sys.byteorder)
    return Listening(body[8 : 8 + size], int.from_bytes(body[4:6], "big"), str(inode))
