"""Who talks to whom, and what listens in the containers -> which connections answer, and why not.

Nothing is sent: the kernel's table of a container's sockets tells what listens in it, and whose
connections are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from bootready.boot.verify.listening import Socket, is_loopback, spoken
from bootready.typed import NamedTuple


class Reach(Enum):
    """What is known of a connection."""

    OPEN = "open"
    """It is open at this moment."""
    ANSWERS = "answers"
    """Something listens that others reach."""
    REFUSED = "refused"
    """The container runs, and a connection to that port is refused."""
    DOWN = "down"
    """The service does not run."""
    UNKNOWN = "unknown"


class Wanted(NamedTuple):
    """`service` connects to `target`; `port` 0 where none is known."""

    service: str
    target: str
    port: int


class Seen(NamedTuple):
    """A service: whether a container of it runs, what listens in it, and who is connected.

    `sockets` is None where that cannot be seen; `open` holds ports with addresses of others.
    """

    running: bool
    sockets: tuple[Socket, ...] | None = None
    open: frozenset[tuple[int, str]] = frozenset()
    addresses: tuple[str, ...] = ()


class Reached(NamedTuple):
    """A connection and what is known of it; `why` is '' where there is nothing to say."""

    service: str
    target: str
    port: int
    reach: Reach
    why: str = ""


def reached(wanted: Iterable[Wanted], seen: Mapping[str, Seen]) -> tuple[Reached, ...]:
    """Return what is known of each connection, in their order."""
    return tuple(_of(one, seen) for one in wanted)


def _of(one: Wanted, seen: Mapping[str, Seen]) -> Reached:
    target, client = seen.get(one.target), seen.get(one.service)
    found = Reached(*one, Reach.UNKNOWN)
    if target is None or not target.running:
        return found._replace(reach=Reach.DOWN, why=f"{one.target} does not run")
    if target.sockets is None:
        return found._replace(why="the sockets of its container cannot be seen from here")
    if not one.port:
        return found._replace(why="no port is known")
    if client is not None and any((one.port, own) in target.open for own in client.addresses):
        return found._replace(reach=Reach.OPEN)
    here = [socket for socket in target.sockets if socket.port == one.port]
    if not here:
        others = [socket for socket in target.sockets if not is_loopback(socket.address)]
        words = f"it listens on {spoken(others)}" if others else "it listens on no port"
        return found._replace(
            reach=Reach.REFUSED, why=f"nothing listens on port {one.port}; {words}"
        )
    if all(is_loopback(socket.address) for socket in here):
        return found._replace(
            reach=Reach.REFUSED,
            why=f"it listens only on {spoken(here)}, which no other container reaches",
        )
    return found._replace(reach=Reach.ANSWERS)
