"""The kernel's tables under /proc -> listeners with their processes, addresses and routes."""

from __future__ import annotations

import os

from bootready.host.listening import listening_sockets
from bootready.model.fact import Listener
from bootready.typed import Collection, Iterator, NamedTuple, Sequence

# State 0A of /proc/net/tcp is LISTEN; an unconnected UDP socket is 07 (proc(5), net/tcp_states.h).
_TABLES_OF_UDP = (("udp", "07"), ("udp6", "07"))
_TABLES = (("tcp", "0A"), ("tcp6", "0A"), *_TABLES_OF_UDP)

_ENGINE_MADE = ("docker", "br-", "veth", "lo")


class OpenSocket(NamedTuple):
    """A socket that listens; `inode` is what the processes that have it open call it."""

    address: str
    port: int
    protocol: str
    inode: str


def read_listeners(proc: str = "/proc") -> tuple[Listener, ...]:
    """Return every listener; the process only where we may look into it. Empty without /proc."""
    return with_processes(read_sockets(proc), proc)


def read_sockets(proc: str = "/proc") -> tuple[OpenSocket, ...]:
    """Return every socket that listens, without looking for its process: that is slow."""
    found = listening_sockets() if proc == "/proc" else None
    of_tcp = [OpenSocket(_shown(one.address), one.port, "tcp", one.inode) for one in found or ()]
    return (*of_tcp, *_in_tables(proc, _TABLES if found is None else _TABLES_OF_UDP))


def _in_tables(proc: str, tables: Sequence[tuple[str, str]]) -> Iterator[OpenSocket]:
    for table, state in tables:
        for address, port, inode, _ in _rows(_lines(f"{proc}/net/{table}"), state):
            yield OpenSocket(address, port, table.removesuffix("6"), inode)


def with_processes(sockets: Collection[OpenSocket], proc: str = "/proc") -> tuple[Listener, ...]:
    """Return the sockets with the processes that have them open."""
    owners = _owners(proc, {one.inode for one in sockets}) if sockets else {}
    return tuple(
        Listener(one.address, one.port, one.protocol, *owners.get(one.inode, ("", 0)))
        for one in sockets
    )


def parse_listeners(text: str) -> tuple[tuple[str, int], ...]:
    """Return the addresses and ports of the listeners in the text of /proc/net/tcp or tcp6."""
    return tuple((address, port) for address, port, *_ in _rows(text.splitlines(), "0A"))


def parse_established(text: str) -> tuple[tuple[int, str], ...]:
    """Return the own port and the other's address of the open connections in such a text."""
    return tuple(
        (port, _address(peer).removeprefix("::ffff:"))
        for _, port, _, peer in _rows(text.splitlines(), "01")
    )


def read_routes(proc: str = "/proc") -> tuple[str, ...]:
    """Return the IPv4 destinations that are routed by other interfaces than the engine's."""
    routes = []
    for line in _lines(f"{proc}/net/route")[1:]:
        fields = line.split()
        if len(fields) < 8 or fields[0].startswith(_ENGINE_MADE) or fields[7] == "00000000":
            continue
        address = _address(fields[1])
        routes.append(f"{address}/{int(fields[7], 16).bit_count()}")
    return tuple(dict.fromkeys(routes))


def read_addresses(proc: str = "/proc") -> tuple[str, ...]:
    """Return the addresses of this machine, from the local routing table and the IPv6 table."""
    found: list[str] = []
    previous = ""
    for line in _lines(f"{proc}/net/fib_trie"):
        text = line.strip()
        if text.startswith("|--"):
            previous = text[3:].strip()
        elif text.startswith("/32 host LOCAL") and previous:
            found.append(previous)
    for line in _lines(f"{proc}/net/if_inet6"):
        raw = bytes.fromhex(line.split()[0])
        found.append(_shown(raw))
    return tuple(dict.fromkeys(found))


def _rows(lines: list[str], state: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield the own address and port, the inode, and the peer's address as it is written there."""
    for line in lines:
        fields = line.split()
        if len(fields) > 9 and fields[3] == state:
            address, port = fields[1].rsplit(":", 1)
            yield _address(address), int(port, 16), fields[9], fields[2].rpartition(":")[0]


def _address(text: str) -> str:
    """Return the address that the kernel writes as `text`: words of four bytes, the last first."""
    raw = bytes.fromhex(text)
    return _shown(b"".join(raw[start : start + 4][::-1] for start in range(0, len(raw), 4)))


def _shown(raw: bytes) -> str:
    """Return the bytes of an address in the form of inet_ntop."""
    from _socket import AF_INET, AF_INET6, inet_ntop  # the module above it costs 5 ms

    return inet_ntop(AF_INET if len(raw) == 4 else AF_INET6, raw)


def _owners(proc: str, inodes: set[str]) -> dict[str, tuple[str, int]]:
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    owners: dict[str, tuple[str, int]] = {}
    for pid in _names(proc):
        if not pid.isdigit():
            continue
        for number in _names(f"{proc}/{pid}/fd"):
            try:
                link = os.readlink(f"{proc}/{pid}/fd/{number}")
            except OSError:
                continue  # the process has closed it, or ended
            if link in wanted:
                owners.setdefault(wanted[link], (_command(proc, pid), int(pid)))
    return owners


def _command(proc: str, pid: str) -> str:
    lines = _lines(f"{proc}/{pid}/comm")
    return lines[0] if lines else ""


def _names(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []  # not ours to look into


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []
