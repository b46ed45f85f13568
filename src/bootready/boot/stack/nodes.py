"""What a manager says of a stack -> its nodes, each with the tasks of the stack that it has."""

from __future__ import annotations

from bootready.boot.stack.judge import Seen
from bootready.engine.api import at, text
from bootready.engine.cluster import node_of
from bootready.model.cluster import NodeFact
from bootready.typed import NamedTuple


class Task(NamedTuple):
    """A task of a service that is to run, or failed last; `said` is why, in the engine's words."""

    service: str
    slot: str
    """The number of its replica; '' of a service that runs on every node."""
    state: str
    """In Docker's words: ``running``, ``starting``, ``preparing``, ``failed``, ``pending``..."""
    said: str = ""


class NodeTasks(NamedTuple):
    """A node and its tasks, sorted; None of those that have no node yet."""

    node: NodeFact | None
    tasks: tuple[Task, ...]


def tasks_by_node(seen: Seen, stack: str) -> tuple[NodeTasks, ...]:
    """Return every node of the cluster by name, then the tasks that no node takes, if any.

    Of a replica the latest task counts; one that was stopped on purpose is no task any more.
    """
    services = {
        text(one, "ID"): text(one, "Spec", "Name").removeprefix(f"{stack}_")
        for one in seen.services
    }
    latest: dict[tuple[str, str, str], tuple[str, Task]] = {}
    for task in sorted(seen.tasks, key=lambda one: text(one, "CreatedAt")):
        service, node = services.get(text(task, "ServiceID"), ""), text(task, "NodeID")
        state = text(task, "Status", "State")
        stopped = text(task, "DesiredState") in {"shutdown", "remove"}
        if not service or (stopped and state not in {"failed", "rejected", "running", "complete"}):
            continue
        slot = str(at(task, "Slot") or "")
        said = text(task, "Status", "Err")
        # A replica may have moved; a global service has one task on each node.
        latest[service, slot, "" if slot else node] = (node, Task(service, slot, state, said))
    nodes = sorted(map(node_of, seen.nodes), key=lambda one: (one.name, one.id))
    known = {one.id for one in nodes}
    found = [
        NodeTasks(one, tuple(sorted(task for node, task in latest.values() if node == one.id)))
        for one in nodes
    ]
    nowhere = tuple(sorted(task for node, task in latest.values() if node not in known))
    return (*found, *((NodeTasks(None, nowhere),) if nowhere else ()))
