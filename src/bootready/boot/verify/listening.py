"""A running container -> the addresses and TCP ports on which something in it listens."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.engine.api import Api
from bootready.engine.container import Container
from bootready.errors import EngineError
from bootready.host.network import parse_established, parse_listeners
from bootready.typed import NamedTuple

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "ip6-localhost"}  # noqa: S104 - names to know, not bound
_DNS = "127.0.0.11"
"""The engine's own name server, which listens in every container."""
_SHOWN = 4


class Socket(NamedTuple):
    """One address and port on which something listens."""

    address: str
    port: int

    def __str__(self) -> str:
        return (
            f"[{self.address}]:{self.port}"
            if ":" in self.address
            else f"{self.address}:{self.port}"
        )


def listening(api: Api, container: Container | None) -> tuple[Socket, ...] | None:
    """Return what listens in a container, by port; None where nobody can say.

    The kernel's own table is read where the container runs on this machine, and asked of the
    container otherwise: its image needs `cat` for that.
    """
    if container is None or not container.running:
        return None
    text = _of_process(container) or _of_exec(api, container)
    return None if text is None else _sockets(text)


def sockets_of(container: Container | None) -> tuple[Socket, ...] | None:
    """Return what `listening` does, None where the container would have to be asked for it."""
    text = _of_process(container) if container is not None and container.running else None
    return None if text is None else _sockets(text)


def seen_in(
    container: Container,
) -> tuple[tuple[Socket, ...], frozenset[tuple[int, str]]] | None:
    """Return what listens in a container, and its ports with the addresses that are connected.

    None where the container would have to be asked for it.
    """
    text = _of_process(container) if container.running else None
    return None if text is None else (_sockets(text), frozenset(parse_established(text)))


def is_loopback(address: str) -> bool:
    """Tell whether only the container itself reaches what listens on `address`."""
    return address == "::1" or address.startswith("127.")


def is_silent(container: Container) -> bool:
    """Tell whether certainly nothing listens in a running container; nothing is asked of it."""
    text = _of_process(container)
    return text is not None and all(address == _DNS for address, _ in parse_listeners(text))


def answers(sockets: Iterable[Socket], host: str, port: int) -> bool:
    """Tell whether one of `sockets` takes a connection to `host`, an address of the container."""
    both = "::" if host in {"localhost", "0.0.0.0"} else ""  # noqa: S104 - read, not bound
    every = "::" if ":" in host else "0.0.0.0"  # noqa: S104 - read, not bound
    return any(
        one.port == port
        and (one.address in {every, host, both, "::"} or _same_family_local(one.address, host))
        for one in sockets
    )


def spoken(sockets: Iterable[Socket]) -> str:
    """Return the sockets as words, for a sentence."""
    words = [str(one) for one in sockets]
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more


def _sockets(text: str) -> tuple[Socket, ...]:
    found = {Socket(address, port) for address, port in parse_listeners(text) if address != _DNS}
    return tuple(sorted(found, key=lambda one: (one.port, one.address)))


def _same_family_local(address: str, host: str) -> bool:
    return host == "localhost" and address in {"127.0.0.1", "::1"}


def _of_process(container: Container) -> str | None:
    """Return the table of the container's first process, if that process is on this machine."""
    proc = f"/proc/{container.pid}"
    try:
        with open(f"{proc}/cgroup", encoding="utf-8") as file:
            if container.id not in file.read():
                return None  # the engine is elsewhere, and here the number means another process
        return "\n".join(_read(f"{proc}{table.removeprefix('/proc')}") for table in TABLES)
    except OSError:
        return None


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def _of_exec(api: Api, container: Container) -> str | None:
    try:
        code, output = api.execute(container.id, ["cat", *TABLES], timeout=5)
    except (EngineError, OSError):
        return None
    return output if code in {0, 1} and "local_address" in output else None
