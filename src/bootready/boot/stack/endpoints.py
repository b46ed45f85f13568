"""The published ports of a stack -> whether each answers, on every node that publishes it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bootready.boot.stack.judge import Seen
from bootready.boot.verify.probes import ask_tcp
from bootready.engine.api import integer, items, text
from bootready.model.boot import Endpoint
from bootready.typed import NamedTuple

_PAUSE = 0.5
"""Seconds between two questions."""


class _Published(NamedTuple):
    """A port of a service at the address of a node that publishes it."""

    service: str
    address: str
    port: int


def ask_published(seen: Seen, stack: str, timeout: float) -> tuple[Endpoint, ...]:
    """Return every published TCP port and whether it answered within `timeout` seconds."""
    wanted = sorted(set(_published(seen, stack)))
    with ThreadPoolExecutor(max_workers=max(1, min(len(wanted), 32))) as pool:
        return tuple(pool.map(lambda one: _asked(one, timeout), wanted))


def _published(seen: Seen, stack: str) -> Iterator[_Published]:
    nodes = {text(node, "ID"): text(node, "Status", "Addr") for node in seen.nodes}
    names = {
        text(one, "ID"): text(one, "Spec", "Name").removeprefix(f"{stack}_")
        for one in seen.services
    }
    for task in seen.tasks:
        if text(task, "Status", "State") == "running":
            name, address = names.get(text(task, "ServiceID"), ""), nodes.get(text(task, "NodeID"))
            for port in items(task, "Status", "PortStatus", "Ports"):
                if text(port, "Protocol") == "tcp" and address:
                    yield _Published(name, address, integer(port, "PublishedPort"))
    for service in seen.services:
        for port in items(service, "Endpoint", "Ports"):
            if text(port, "PublishMode") == "ingress" and text(port, "Protocol") == "tcp":
                for address in nodes.values():
                    name = names[text(service, "ID")]
                    yield _Published(name, address, integer(port, "PublishedPort"))


def _asked(one: _Published, timeout: float) -> Endpoint:
    began = time.monotonic()
    answered, detail = False, ""
    while not answered:
        try:
            answered, detail = ask_tcp(one.address, one.port)
        except OSError as error:
            detail = error.strerror or "does not answer"
        if not answered:
            if time.monotonic() - began + _PAUSE > timeout:
                break
            time.sleep(_PAUSE)
    target = f"{one.address}:{one.port}"
    spent = time.monotonic() - began
    return Endpoint(one.service, "port", target, answered, detail, seconds=spent)
