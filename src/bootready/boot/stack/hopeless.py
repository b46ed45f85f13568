"""Tasks that are missing -> why they will not come by themselves, None where they still may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.engine.api import integer, items, text
from bootready.model.boot import Diagnosis
from bootready.model.cluster import NodeFact
from bootready.model.node import Plain
from bootready.regex import regex
from bootready.swarm.placing import candidates, why_nowhere
from bootready.typed import NamedTuple

_BILLION = 1_000_000_000
_SHOWN = 8
"""Nodes of which it is said why they do not take a task."""
_PLACES = ("scheduling constraints not satisfied", "unsupported platform")
"""Reasons for which a task waits that do not change by themselves."""
_ABSENT = regex(r"(?i)no such image: (\S+)")
_SOURCE = regex(r"bind source path does not exist: (\S+)")


class Missing(NamedTuple):
    """A service that lacks `wanting` tasks, with what it has instead.

    `tasks` are those since its latest change, the latest last; `others` are running tasks of the
    whole cluster; `condition` is that of its restart policy.
    """

    name: str
    service: Plain
    tasks: Sequence[Plain]
    wanting: int
    constraints: tuple[str, ...]
    nodes: tuple[NodeFact, ...]
    others: Sequence[Plain]
    condition: str
    is_global: bool
    owners: Mapping[str, str]
    """The names of the services of `others`, by id."""
    before: frozenset[str]
    """The ids of tasks that had ended before the deployment."""
    is_updating: bool
    """Whether the swarm is yet to decide what becomes of an update whose tasks fail."""

    @property
    def eligible(self) -> tuple[NodeFact, ...]:
        """The nodes that get new tasks and satisfy every constraint."""
        return tuple(one for one in candidates(self.constraints, self.nodes) if one.takes_tasks)

    def in_state(self, state: str) -> list[Plain]:
        """Return the tasks in a state, the latest last."""
        return [task for task in self.tasks if text(task, "Status", "State") == state]


def reason_for(missing: Missing) -> Diagnosis | None:
    """Return why the missing tasks will not come by themselves, None if they may."""
    looks = [_unplaced, _too_large, _too_many, _port_taken]
    if not missing.is_updating:
        looks += [_rejected, _over]
    for look in looks:
        found = look(missing)
        if found is not None:
            return found
    return None


def _unplaced(missing: Missing) -> Diagnosis | None:
    waiting = [text(one, "Status", "Err") for one in missing.in_state("pending")]
    alone = missing.is_global or any("not available for new tasks" in words for words in waiting)
    never = any(reason in words for words in waiting for reason in _PLACES)
    if not never and not (alone and not missing.eligible):
        return None
    said = waiting[-1] if waiting else "no node satisfies its constraints"
    told = why_nowhere(missing.constraints, missing.nodes)
    found = _diagnosis(missing, "stack-task-unplaced", "no node may run it", said)
    remedy = _labelled(missing.constraints) or found.remedy
    return found._replace(evidence=_few(told), remedy=remedy)


def _few(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _SHOWN
    return (*lines[:_SHOWN], *((f"and {more} more nodes",) if more > 0 else ()))


def _labelled(constraints: Sequence[str]) -> str:
    """Return the command that gives a node the label that is asked for, '' if none is."""
    for rule in constraints:
        key, equal, value = rule.partition("==")
        label = key.strip().removeprefix("node.labels.")
        if equal and label != key.strip():
            return f"docker node update --label-add {label}={value.strip()} NODE"
    return ""


def _too_large(missing: Missing) -> Diagnosis | None:
    waiting = [text(one, "Status", "Err") for one in missing.in_state("pending")]
    if not any("insufficient resources" in words for words in waiting) or not missing.eligible:
        return None
    wanted = (missing.service, "Spec", "TaskTemplate", "Resources", "Reservations")
    cpus = integer(*wanted, "NanoCPUs") / _BILLION
    memory = integer(*wanted, "MemoryBytes")
    if any(one.cpus >= cpus and one.memory >= memory for one in missing.eligible):
        return None  # something else has to end first, which it may
    asked = f"it reserves {cpus:g} processors and {memory:,} bytes of memory"
    found = _diagnosis(missing, "stack-task-unplaced", "no node is large enough for it", asked)
    sizes = [
        f"node '{one.name}': {one.cpus:g} processors, {one.memory:,} bytes"
        for one in missing.eligible
    ]
    return found._replace(evidence=_few(sizes), remedy="lower `deploy.resources.reservations`")


def _too_many(missing: Missing) -> Diagnosis | None:
    waiting = [text(one, "Status", "Err") for one in missing.in_state("pending")]
    if not any("max replicas per node" in words for words in waiting):
        return None
    most = integer(missing.service, "Spec", "TaskTemplate", "Placement", "MaxReplicas")
    wanted = integer(missing.service, "Spec", "Mode", "Replicated", "Replicas")
    room = most * len(missing.eligible)
    if wanted <= room:
        return None
    words = f"{wanted} replicas, {most} on a node, {len(missing.eligible)} nodes"
    found = _diagnosis(missing, "stack-task-unplaced", f"only {room} have a place", words)
    return found._replace(remedy="lower `replicas`, raise `max_replicas_per_node`, or add nodes")


def _port_taken(missing: Missing) -> Diagnosis | None:
    """Return the tasks that hold its port on every node, if they are to go on."""
    waiting = [text(one, "Status", "Err") for one in missing.in_state("pending")]
    if not any("host-mode port already in use" in words for words in waiting):
        return None
    published = items(missing.service, "Spec", "EndpointSpec", "Ports")
    wanted = {
        (integer(port, "PublishedPort"), text(port, "Protocol") or "tcp")
        for port in published
        if text(port, "PublishMode") == "host"
    }
    holders: dict[str, tuple[str, int]] = {}
    for task in missing.others:
        if text(task, "DesiredState") == text(task, "Status", "State") == "running":
            for port in items(task, "Status", "PortStatus", "Ports"):
                key = integer(port, "PublishedPort"), text(port, "Protocol")
                if key in wanted:
                    holders[text(task, "NodeID")] = (_owner_of(task, missing), key[0])
    if not missing.eligible or any(one.id not in holders for one in missing.eligible):
        return None
    told = [
        f"node '{one.name}': port {holders[one.id][1]} is taken by {holders[one.id][0]}"
        for one in missing.eligible
    ]
    found = _diagnosis(missing, "stack-port-taken", "its port is taken on every node", told[0])
    remedy = "publish another port, or keep the two services on different nodes with a `pin`"
    return found._replace(evidence=_few(told), remedy=remedy)


def _owner_of(task: Plain, missing: Missing) -> str:
    name = missing.owners.get(text(task, "ServiceID"), "")
    return f"service '{name}'" if name else "another service"


def _rejected(missing: Missing) -> Diagnosis | None:
    eligible = {one.id: one for one in missing.eligible}
    refusals: dict[str, list[str]] = {}
    for task in missing.in_state("rejected"):
        if text(task, "ID") in missing.before:
            continue
        refusals.setdefault(text(task, "NodeID"), []).append(text(task, "Status", "Err"))
    if missing.is_global:
        # The others run; a node that says no twice is not asked in vain for a third time.
        working = {text(one, "NodeID") for one in missing.in_state("running")}
        known = {
            node: words
            for node, words in refusals.items()
            if node in eligible and node not in working and len(words) > 1
        }
        certain = bool(known)
    else:
        known = {node: words for node, words in refusals.items() if node in eligible}
        certain = bool(known) and known.keys() >= eligible.keys()
    if not certain:
        return None
    told = [f"node '{eligible[node].name}': {words[-1]}" for node, words in known.items()]
    everywhere = len(known) == len(eligible)
    who = "every node rejects it" if everywhere else "a node rejects it"
    cause = next(iter(known.values()))[-1]
    found = _diagnosis(missing, "stack-task-rejected", who, cause)
    return found._replace(
        evidence=_few(sorted(told)), remedy=_accepted(cause, found.remedy, everywhere=everywhere)
    )


def _accepted(cause: str, remedy: str, *, everywhere: bool) -> str:
    """Return what to do for a node to accept a task."""
    where = "each node" if everywhere else "that node"
    image, source = _ABSENT.search(cause), _SOURCE.search(cause)
    if image:
        return (
            f"put the image into a registry that the nodes reach, or load it on {where}:"
            " bootready prepare --target swarm --node NODE=WAY"
        )
    if source:
        return f"create {source[1]} on {where}, or keep the service where it exists with a `pin`"
    return remedy


def _over(missing: Missing) -> Diagnosis | None:
    """Return a diagnosis if its tasks ended and no other one will be started."""
    if missing.condition == "any":
        return None
    ended = [one for one in missing.tasks if text(one, "Status", "State") in _ENDED]
    going = [
        one
        for one in missing.tasks
        if text(one, "DesiredState") in {"running", "ready"} and one not in ended
    ]
    if missing.condition == "on-failure" and (going or not _has_given_up(missing, len(ended))):
        return None
    if len(ended) < missing.wanting or missing.wanting <= 0 or going:
        return None
    error = text(ended[-1], "Status", "Err")
    headline = "it ended with an error and is not started again"
    return _diagnosis(missing, "stack-task-failed", headline, error)


_ENDED = frozenset({"failed", "rejected"})


def _has_given_up(missing: Missing, ended: int) -> bool:
    """Tell whether the restart policy has a limit, and it is reached."""
    policy = ("Spec", "TaskTemplate", "RestartPolicy", "MaxAttempts")
    most = integer(missing.service, *policy)
    return bool(most) and ended > most


def _diagnosis(missing: Missing, symptom: str, headline: str, cause: str) -> Diagnosis:
    full = text(missing.service, "Spec", "Name")
    remedy = f"docker service ps --no-trunc {full}"
    return Diagnosis(symptom, missing.name, headline, cause or "no reason was given", remedy)
