"""What tasks say of a service of a swarm: the manager's own verdict is wrong in each of these."""

from __future__ import annotations

import pytest

from bootready.boot.stack.judge import Seen, judge
from bootready.model.boot import Phase

NODES = [
    {
        "ID": name,
        "Status": {"State": "ready"},
        "Spec": {"Availability": availability},
        "Description": {"Hostname": host, "Resources": {"NanoCPUs": 10**9, "MemoryBytes": 2**30}},
    }
    for name, host, availability in (
        ("n1", "one", "active"),
        ("n2", "two", "active"),
        ("paused", "three", "pause"),
    )
] + [
    {"ID": "dead", "Status": {"State": "down"}, "Spec": {"Availability": "active"}},
]
BEFORE, CHANGED, AFTER = (f"2026-01-01T00:00:{second}Z" for second in ("10", "20", "30"))


def service(
    condition: str = "any",
    update: str = "",
    *,
    constraints: tuple[str, ...] | list[str] = (),
    attempts: int = 0,
    memory: int = 0,
    most: int = 0,
    **mode: object,
) -> dict:
    return {
        "ID": "s",
        "UpdatedAt": CHANGED,
        "Spec": {
            "Name": "shop_web",
            "Mode": mode or {"Replicated": {"Replicas": 1}},
            "TaskTemplate": {
                "RestartPolicy": {"Condition": condition, "MaxAttempts": attempts},
                "Placement": {"Constraints": list(constraints), "MaxReplicas": most},
                "Resources": {"Reservations": {"MemoryBytes": memory}},
                "ContainerSpec": {},
            },
        },
        "UpdateStatus": {"State": update, "Message": "rolled back due to failure"},
    }


def task(state: str, wished: str, node: str = "n1", error: str = "", at: str = AFTER) -> dict:
    return {
        "ServiceID": "s",
        "CreatedAt": at,
        "NodeID": node,
        "DesiredState": wished,
        "Status": {"State": state, "Err": error},
    }


RUNNING = task("running", "running")
UNPLACED = "no suitable node (scheduling constraints not satisfied on 2 nodes)"
FULL = "no suitable node (host-mode port already in use on 2 nodes)"
CASES = {
    "it runs": (service(), [RUNNING], Phase.READY, ""),
    "no task yet": (service(), [], Phase.STARTING, ""),
    "its healthcheck has not passed": (
        service(),
        [task("starting", "running")],
        Phase.STARTING,
        "",
    ),
    "its node is dead": (service(), [task("running", "running", "dead")], Phase.STARTING, ""),
    "one of two": (
        service(Replicated={"Replicas": 2}),
        [RUNNING, task("preparing", "running", "n2")],
        Phase.STARTING,
        "",
    ),
    "scaled to nothing": (service(Replicated={"Replicas": 0}), [], Phase.READY, ""),
    "one on each node": (
        service(Global={}),
        [RUNNING, task("running", "running", "n2")],
        Phase.READY,
        "",
    ),
    "one on each node, one not yet": (
        service(Global={}),
        [RUNNING, task("starting", "running", "n2")],
        Phase.STARTING,
        "",
    ),
    "it ran once": (service("on-failure"), [task("complete", "shutdown")], Phase.DONE, ""),
    "it runs for ever, and ended": (service(), [task("complete", "shutdown")], Phase.STARTING, ""),
    "it failed once and is tried again": (
        service("on-failure"),
        [task("failed", "shutdown", error="exit 1"), task("ready", "ready")],
        Phase.STARTING,
        "",
    ),
    "it failed, and that was all": (
        service("none"),
        [task("failed", "shutdown", error="exit 1")],
        Phase.FAILED,
        "stack-task-failed",
    ),
    "one node rejects it": (
        service(),
        [task("rejected", "shutdown", "n1", "No such image"), task("ready", "ready", "n2")],
        Phase.STARTING,
        "",
    ),
    "every node rejects it": (
        service(),
        [task("rejected", "shutdown", node, "No such image") for node in ("n1", "n2")],
        Phase.FAILED,
        "stack-task-rejected",
    ),
    "it was rejected before the latest change": (
        service(),
        [task("rejected", "shutdown", node, "x", BEFORE) for node in ("n1", "n2")]
        + [task("preparing", "running")],
        Phase.STARTING,
        "",
    ),
    "one of two nodes rejects a task of each node, twice": (
        service(Global={}),
        [RUNNING, *[task("rejected", "shutdown", "n2", "No such image: x")] * 2],
        Phase.FAILED,
        "stack-task-rejected",
    ),
    "one of two nodes rejects a task of each node, once": (
        service(Global={}),
        [RUNNING, task("rejected", "shutdown", "n2", "No such image: x")],
        Phase.STARTING,
        "",
    ),
    "one on each node, and none may": (
        service(Global={}, constraints=["node.labels.disk == ssd"]),
        [],
        Phase.FAILED,
        "stack-task-unplaced",
    ),
    "the only node that may rejects it": (
        service(constraints=["node.hostname == one"]),
        [task("rejected", "shutdown", "n1", "bind source path does not exist: /x")],
        Phase.FAILED,
        "stack-task-rejected",
    ),
    "it was tried as often as its policy says": (
        service("on-failure", attempts=1),
        [task("failed", "shutdown", error="exit 1")] * 2,
        Phase.FAILED,
        "stack-task-failed",
    ),
    "it failed, and the update that it is of is not decided": (
        service("none", update="updating"),
        [task("failed", "shutdown", error="exit 1")],
        Phase.STARTING,
        "",
    ),
    "it ends well again and again, and is to go on": (
        service(),
        [task("complete", "shutdown")] * 3 + [task("ready", "ready")],
        Phase.STARTING,
        "",
    ),
    "it runs on a node that takes no new tasks": (
        service(),
        [task("running", "running", "paused")],
        Phase.READY,
        "",
    ),
    "no node has as much as it reserves": (
        service(memory=2**40),
        [task("pending", "running", "", "no suitable node (insufficient resources on 2 nodes)")],
        Phase.FAILED,
        "stack-task-unplaced",
    ),
    "another service has the memory now": (
        service(memory=2**20),
        [task("pending", "running", "", "no suitable node (insufficient resources on 2 nodes)")],
        Phase.STARTING,
        "",
    ),
    "more replicas than places": (
        service(Replicated={"Replicas": 3}, most=1),
        [task("pending", "running", "", "no suitable node (max replicas per node limit exceed)")],
        Phase.FAILED,
        "stack-task-unplaced",
    ),
    "no node may run it": (
        service(),
        [task("pending", "running", "", UNPLACED)],
        Phase.FAILED,
        "stack-task-unplaced",
    ),
    "its port is taken by a task that is about to end": (
        service(),
        [task("pending", "running", "", FULL)],
        Phase.STARTING,
        "",
    ),
    "the old task runs while the new one comes": (
        service(update="updating"),
        [RUNNING],
        Phase.STARTING,
        "",
    ),
    "the update was taken back": (
        service(update="rollback_completed"),
        [RUNNING],
        Phase.FAILED,
        "stack-update-undone",
    ),
    "the update was stopped": (
        service(update="paused"),
        [RUNNING],
        Phase.FAILED,
        "stack-update-undone",
    ),
}


def test_what_a_node_lacked_before_the_deployment_may_be_there_now() -> None:
    """The same stack again makes no new tasks: those of before are all that there are at first."""
    tasks = [task("rejected", "shutdown", node, "x") | {"ID": node} for node in ("n1", "n2")]
    [verdict] = judge(Seen([service()], tasks, NODES, before=frozenset({"n1", "n2"})), "shop")
    assert (verdict.state.phase, verdict.diagnosis) == (Phase.STARTING, None)
    [verdict] = judge(Seen([service()], tasks, NODES, before=frozenset({"n1"})), "shop")
    assert (verdict.state.phase, verdict.diagnosis) == (Phase.STARTING, None)


@pytest.mark.parametrize("name", CASES)
def test_a_service_is_judged_by_its_tasks(name: str) -> None:
    found, tasks, phase, symptom = CASES[name]
    [verdict] = judge(Seen([found], tasks, NODES), "shop")
    assert (verdict.state.service, verdict.state.phase) == ("web", phase)
    assert (verdict.diagnosis.symptom if verdict.diagnosis else "") == symptom
