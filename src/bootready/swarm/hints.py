"""``x-bootready: {swarm: ...}`` of a service -> what the person wishes for several machines."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.knowledge.secrets.certificate_hints import Fault
from bootready.model.lookup import at, items_at, text_at
from bootready.model.node import Mapping, Node, Plain, Scalar, plain
from bootready.model.project import Service
from bootready.regex import regex
from bootready.typed import NamedTuple

KEYS = ("pin", "ports", "endpoint_mode", "mode", "restart", "healthcheck", "command")
"""What may be wished for a service."""
WORDS = {
    "ports": ("host", "ingress"),
    "endpoint_mode": ("dnsrr", "vip"),
    "mode": ("replicated", "global"),
    "restart": ("none", "on-failure", "any"),
}
"""The values of those that have a few."""
_PIN = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*=[A-Za-z0-9:*+/][A-Za-z0-9:*+/\s_.-]*")
"""A label of a node and its value (moby/swarmkit, manager/constraint/constraint.go)."""


class Wishes(NamedTuple):
    """The hints of one service, '' where there is none; `pin` is ``LABEL=VALUE`` of a node."""

    pin: str
    ports: str
    endpoint_mode: str
    mode: str
    restart: str
    healthcheck: dict[str, Plain] | None
    command: tuple[str, ...]


def wishes_of(service: Service) -> Wishes:
    """Return the hints of `service` that can be followed."""
    hints = at(service.node, "x-bootready", "swarm")
    words = {key: text_at(hints, key) for key in (*WORDS, "pin")}
    good = {key: word if word in WORDS[key] else "" for key, word in words.items() if key in WORDS}
    check = at(hints, "healthcheck")
    value = plain(check) if isinstance(check, Mapping) else None
    return Wishes(
        pin=words["pin"] if _PIN.fullmatch(words["pin"]) else "",
        healthcheck=value if isinstance(value, dict) else None,
        command=tuple(text_at(node) for _, node in items_at(hints, "command")),
        **good,
    )


def hint_faults(service: Service) -> Iterator[Fault]:
    """Yield the hints for swarm that cannot be followed."""
    hints = at(service.node, "x-bootready", "swarm")
    if hints is None:
        return
    if not isinstance(hints, Mapping):
        yield Fault(("swarm",), "`swarm` must be a mapping", "", KEYS)
        return
    for key, node in hints.entries.items():
        if key not in KEYS:
            yield Fault(("swarm", key), f"unknown hint '{key}' for swarm", key, KEYS)
            continue
        word = str(node.value) if isinstance(node, Scalar) else ""
        if key in WORDS and word not in WORDS[key]:
            words = f"`swarm.{key}` must be {' or '.join(WORDS[key])}"
            yield Fault(("swarm", key), words, word, WORDS[key])
        elif key == "pin" and not _PIN.fullmatch(word):
            yield Fault(("swarm", key), "`swarm.pin` must be a node's label, such as pg=1")
        elif key == "healthcheck" and not isinstance(node, Mapping):
            yield Fault(("swarm", key), "`swarm.healthcheck` must be a mapping")
        elif key == "command" and not _is_words(node):
            yield Fault(("swarm", key), "`swarm.command` must be a list of strings")


def _is_words(node: Node) -> bool:
    value = plain(node)
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
