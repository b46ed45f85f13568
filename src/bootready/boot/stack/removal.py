"""A stack -> gone: its services, networks, secrets and configs; its volumes stay."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from bootready.engine.api import Api, items, mapping, text
from bootready.engine.cluster import LABEL
from bootready.engine.http import quoted
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.typed import NamedTuple

PAUSE = 0.5
"""Seconds between two questions."""
REMOVED_WITHIN = 60.0
"""Seconds that an earlier removal may take before a deployment."""
STAYS = 5.0
"""Seconds after which a network that no task is left on is not about to go."""

Say = Callable[[str], None]


class Left(NamedTuple):
    """What is left of a stack: names of networks, and how many tasks have not ended."""

    services: int
    tasks: int
    networks: tuple[str, ...]
    holders: tuple[str, ...] = ()
    """Containers of this node that are on these networks and belong to no task."""

    @property
    def is_nothing(self) -> bool:
        """Whether the stack is gone."""
        return not (self.services or self.tasks or self.networks)

    @property
    def words(self) -> str:
        """What is left, for a line on a screen."""
        parts = [f"{self.services} services"] if self.services else []
        parts += [f"{self.tasks} tasks"] if self.tasks else []
        parts += [f"network '{name}'" for name in self.networks]
        parts += [f"container '{name}', which holds it" for name in self.holders]
        return ", ".join(parts) or "nothing"


def left_of(api: Api, stack: str) -> Left:
    """Return what is left of a stack at this moment. Raises EngineError."""
    filters: dict[str, Plain] = {"label": [f"{LABEL}={stack}"]}
    services = items(api.get("/services", filters=filters))
    networks = items(api.get("/networks", filters=filters))
    tasks = items(api.get("/tasks", filters=filters))
    going = [one for one in tasks if text(one, "Status", "State") in _ALIVE]
    names = tuple(sorted(text(one, "Name") for one in networks))
    alone = networks and not services and not going
    holders = sorted({name for one in networks for name in _holders(api, one)}) if alone else []
    return Left(len(services), len(going), names, tuple(holders))


def _holders(api: Api, network: Plain) -> Iterator[str]:
    """Yield the containers of this node on a network; of other nodes nothing is known."""
    with suppress(EngineError):
        found = api.get(f"/networks/{quoted(text(network, 'Id'))}")
        for number, one in mapping(found, "Containers").items():
            if not number.startswith(("lb-", "ingress-")):
                yield text(one, "Name") or number


_ALIVE = frozenset({"assigned", "accepted", "preparing", "ready", "starting", "running"})


def wait_for_removal(api: Api, stack: str, say: Say) -> None:
    """Return once nothing is left of an earlier `docker stack rm`, which returns before its end.

    A deployment in between finds networks that are about to go. One that stays although no task is
    on it is held by another container, and is used again. Raises EngineError after a minute.
    """
    began = time.monotonic()
    alone_since: float | None = None
    told = False
    while True:
        left = left_of(api, stack)
        now = time.monotonic()
        if left.services or left.is_nothing:
            return
        if left.holders:
            say(f"of an earlier removal is left, and used again: {left.words}")
            return
        alone_since = (alone_since or now) if not left.tasks else None
        if alone_since is not None and now - alone_since >= STAYS:
            return
        if now - began > REMOVED_WITHIN:
            raise EngineError(
                f"an earlier removal of the stack '{stack}' has not ended: {left.words} left",
                hint=f"docker stack ps {stack}; docker network ls --filter label={LABEL}={stack}",
            )
        if not told:
            say(f"waiting for the end of an earlier removal: {left.words}")
            told = True
        time.sleep(PAUSE)


def remove(api: Api, stack: str, timeout: float, say: Say) -> Left:
    """Remove a stack and return what is left of it after at most `timeout` seconds.

    Volumes stay, and so does what belongs to no stack. Raises EngineError.
    """
    filters: dict[str, Plain] = {"label": [f"{LABEL}={stack}"]}
    for kind in ("services", "secrets", "configs", "networks"):
        for one in items(api.get(f"/{kind}", filters=filters)):
            name = text(one, "Spec", "Name") or text(one, "Name")
            if _gone(api, f"/{kind}/{quoted(text(one, 'ID') or text(one, 'Id'))}"):
                say(f"removed: {kind.removesuffix('s')} '{name}'")
    began = time.monotonic()
    left = left_of(api, stack)
    while not left.is_nothing and time.monotonic() - began < timeout:
        time.sleep(PAUSE)
        left = left_of(api, stack)
        if not left.services and not left.tasks:
            for one in items(api.get("/networks", filters=filters)):
                _gone(api, f"/networks/{quoted(text(one, 'Id'))}")
    return left


def _gone(api: Api, path: str) -> bool:
    """Remove one thing; tell whether it is gone: what is in use is asked for again later."""
    try:
        api.delete(path)
    except EngineError as error:
        return error.process_exit_code == 404
    return True
