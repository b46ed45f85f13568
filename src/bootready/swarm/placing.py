"""The constraints of a service and the nodes of a cluster -> where its tasks may run, or why not.

The rules are those of the scheduler (moby/swarmkit, manager/constraint/constraint.go): values are
compared whatever their case, and a label that a node does not have counts as an empty one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from bootready.model.cluster import NodeFact
from bootready.regex import regex

_RULE = regex(r"\s*([A-Za-z0-9_.\-]+)\s*(==|!=)\s*(.*?)\s*")
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "386": "i386"}
"""What images call a machine, and what an engine calls it."""


def unmet(constraints: Iterable[str], node: NodeFact) -> tuple[str, ...]:
    """Return those of `constraints` that `node` does not satisfy.

    What is not a constraint is none that a node fails: the manager refuses the service itself.
    """
    return tuple(rule for rule in constraints if not satisfies(rule, node))


def satisfies(constraint: str, node: NodeFact) -> bool:
    """Tell whether `node` satisfies one constraint, such as ``node.labels.disk == ssd``."""
    found = _RULE.fullmatch(constraint)
    if found is None:
        return True
    key, operator, wanted = found[1], found[2], found[3]
    values = _values(key, node)
    if values is None:
        return True
    if key.lower() == "node.ip":
        equal = _is_within(node.address, wanted)
    else:
        equal = wanted.lower() in {value.lower() for value in values}
    return equal == (operator == "==")


def candidates(constraints: Sequence[str], nodes: Iterable[NodeFact]) -> tuple[NodeFact, ...]:
    """Return the nodes that satisfy all of `constraints`, whether or not they take tasks."""
    return tuple(node for node in nodes if not unmet(constraints, node))


def why_nowhere(constraints: Sequence[str], nodes: Iterable[NodeFact]) -> tuple[str, ...]:
    """Return a line for each node that says why it cannot get a task with these constraints."""
    return tuple(
        f"node '{node.name}': {reason}" for node in nodes if (reason := why_not(constraints, node))
    )


def why_not(constraints: Sequence[str], node: NodeFact) -> str:
    """Return why `node` cannot get a task with these constraints, '' if it can."""
    if node.state != "ready":
        return f"is {node.state}"
    if node.availability != "active":
        return "is drained" if node.availability == "drain" else "takes no new tasks (paused)"
    return ", ".join(f"{rule} ({_told(rule, node)})" for rule in unmet(constraints, node))


def _told(constraint: str, node: NodeFact) -> str:
    """Return what the node has instead of what a constraint wants."""
    found = _RULE.fullmatch(constraint)
    values = _values(found[1], node) if found else None
    value = values[0] if values else ""
    return f"it is '{value}'" if value else "it has no such label"


def _values(key: str, node: NodeFact) -> tuple[str, ...] | None:
    """Return what `key` of a constraint is on `node`, in all spellings; None for unknown keys."""
    lower = key.lower()
    for prefix, labels in (("node.labels.", node.labels), ("engine.labels.", node.engine_labels)):
        if lower.startswith(prefix):
            return (labels.get(key[len(prefix) :], ""),)
    plain = {
        "node.id": (node.id,),
        "node.hostname": (node.name,),
        "node.role": (node.role,),
        "node.ip": (node.address,),
        "node.platform.os": (node.system,),
        "node.platform.arch": (
            node.architecture,
            *(name for name, other in _MACHINES.items() if other == node.architecture),
        ),
    }
    return plain.get(lower)


def _is_within(address: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return address == wanted
