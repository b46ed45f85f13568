"""What a manager knows of a cluster is evidence: it is asked, or the checks say why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready import cli
from bootready.engine import api as engine_api
from bootready.engine.api import connect
from bootready.errors import EngineError
from bootready.model.cluster import NodeFact
from bootready.model.request import Request
from bootready.pipeline import check, load, observe
from bootready.pipeline.deploy import collect, stack_explained, stack_states
from bootready.swarm.placing import satisfies, why_nowhere
from recorded_manager import node, recorded_manager

WEB = """\
services:
  web:
    image: bootready.local/busybox:1
    restart: always
    x-bootready: {swarm: {pin: disk=ssd}}
"""


@pytest.fixture(autouse=True)
def forgiven():
    """Let no socket of another test count as one that does not answer."""
    yield
    engine_api._silent.clear()


def project(directory: Path, text: str = WEB) -> Path:
    made = directory / "shop"
    made.mkdir()
    (made / "compose.yaml").write_text(text)
    return made


def findings(directory: Path, environ: dict[str, str], **asked: bool) -> dict[str, str]:
    loaded = load(Request(directory=str(directory)), environ)
    verdict = check(observe(loaded, environ, swarm=True, **asked), only=["swarm"])
    skipped = {one.check_id: one.reason for one in verdict.skipped}
    return skipped | {one.check_id: one.message for one in verdict.findings}


def test_a_manager_is_asked_and_the_probe_is_not(tmp_path):
    found = {"/nodes": [node("one", Spec={"Role": "manager"}), node("two")]}
    with recorded_manager(found) as environ:
        said = findings(project(tmp_path), environ)
    assert said["stack-node-unmatched"] == "service 'web': no node of the swarm can run it"
    assert said["stack-node-lacks"] == "needs a probe of the nodes: --probe was not given"
    assert "stack-managers-even" not in said


def test_without_a_manager_the_checks_say_why(tmp_path):
    directory = project(tmp_path)
    with recorded_manager({"/info": {"Swarm": {}}}) as environ:
        said = findings(directory, environ)
        unasked = findings(directory, environ, engine=False)
    reason = "needs a manager of the swarm: this engine is not a manager of a swarm"
    assert said["stack-node-unmatched"] == reason
    assert "--engine none" in unasked["stack-node-unmatched"]


def test_a_swarm_without_a_leader_names_the_managers_to_start(tmp_path):
    lost = {
        "ControlAvailable": True,
        "NodeID": "n1",
        "Error": "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible"
        " that too few managers are online.",
        "RemoteManagers": [
            {"NodeID": "n1", "Addr": "10.213.8.1:2377"},
            {"NodeID": "n3", "Addr": "10.213.8.3:2377"},
            {"NodeID": "n2", "Addr": "10.213.8.2:2377"},
        ],
    }
    directory = project(tmp_path)
    with recorded_manager({"/info": {"Swarm": lost}}) as environ:
        said = findings(directory, environ)
        with pytest.raises(EngineError) as raised:
            stack_states("shop", environ)
    assert raised.value.message == "the swarm has no leader: too few of its managers are running"
    assert "start the engines of 2 of its 3 managers" in raised.value.hint
    assert "10.213.8.2, 10.213.8.3" in raised.value.hint
    assert "no leader" in said["stack-node-unmatched"]


def test_a_clock_is_known_by_what_its_node_says_of_tasks(tmp_path):
    def task(number: int, name: str, said: str, written: str) -> dict:
        status = {"State": "running", "Timestamp": f"2026-01-01T00:00:{said}Z"}
        moment = f"2026-01-01T00:00:{written}Z"
        return {"ID": str(number), "NodeID": f"id-{name}", "Status": status, "UpdatedAt": moment}

    tasks = [
        task(1, "one", "10.000000000", "10.200000000"),
        task(2, "two", "41.5", "10.1"),
        task(3, "three", "10", "20.1"),
        task(4, "three", "30", "50"),
        task(5, "late", "10", "50"),
        task(6, "late", "59.9", "59.95"),
    ]
    nodes = [node(name) for name in ("one", "two", "three", "late", "idle")]
    with recorded_manager({"/nodes": nodes, "/tasks": tasks}) as environ:
        loaded = load(Request(directory=str(project(tmp_path))), environ)
        verdict = check(observe(loaded, environ, swarm=True), only=["stack-nodes-differ"])
    assert {one.message for one in verdict.findings} == {
        "node 'two': its clock is 31 s ahead of the leader's",
        "node 'three': its clock is 10 s behind the leader's",
    }


def test_two_tasks_of_one_replica_on_one_volume_are_named(tmp_path):
    mounts = [{"Type": "volume", "Source": "shop_data", "Target": "/data"}]
    spec = {"ContainerSpec": {"Mounts": mounts}}
    tasks = [
        {
            "ID": str(number),
            "ServiceID": "s",
            "Slot": 1,
            "NodeID": "id-two",
            "CreatedAt": f"2026-01-01T00:00:0{number}Z",
            "DesiredState": wished,
            "Status": {"State": "running"},
            "Spec": spec,
        }
        for number, wished in ((1, "shutdown"), (2, "running"))
    ]
    service = {
        "ID": "s",
        "Spec": {"Name": "shop_web", "Mode": {"Replicated": {"Replicas": 1}}, "TaskTemplate": spec},
    }
    answers = {"/nodes": [node("two")], "/tasks": tasks, "/services": [service]}
    with recorded_manager(answers) as environ:
        loaded = load(Request(directory=str(project(tmp_path))), environ)
        outcome = stack_explained(loaded, environ)
    [found] = outcome.diagnoses
    assert (found.symptom, found.service) == ("stack-data-shared", "web")
    assert found.cause == "'shop_data' on node 'two' is mounted by both"
    assert not outcome.ready


def test_probes_that_wait_for_each_other_are_known_by_what_they_say(tmp_path):
    """Nothing in the project says what the probes ask; `c` asks for a name that will come."""
    words = {"a": "bad address 'b'", "b": "could not resolve host: a", "c": "bad address 'd'"}
    services, tasks, answers = [], [], {"/nodes": [node("two")]}
    for name in "abcd":
        mode = {"Replicated": {"Replicas": 1}}
        spec = {"Name": f"shop_{name}", "Mode": mode, "TaskTemplate": {}}
        services.append({"ID": f"s{name}", "Spec": spec})
        status = {"State": "starting", "ContainerStatus": {"ContainerID": f"container-{name}"}}
        tasks.append(
            {
                "ID": f"t{name}",
                "ServiceID": f"s{name}",
                "NodeID": "id-two",
                "DesiredState": "running",
                "Status": status,
            }
        )
        health = {"Log": [{"Output": words.get(name, "connection refused")}]}
        answers[f"/containers/container-{name}/json"] = {"State": {"Health": health}}
    directory = project(tmp_path, "services: {a: {image: x, healthcheck: {test: mine}}}\n")
    with recorded_manager({**answers, "/services": services, "/tasks": tasks}) as environ:
        loaded = load(Request(directory=str(directory)), environ)
        outcome = stack_explained(loaded, environ)
    symptoms = {one.service: one.symptom for one in outcome.diagnoses}
    locked, open_ = "stack-health-deadlock", "stack-task-unfinished"
    assert symptoms == {"a": locked, "b": locked, "c": open_, "d": open_}
    assert outcome.diagnoses[0].evidence == ("probe: bad address 'b'",)


def test_secrets_that_nothing_uses_go_and_those_of_the_version_before_stay():
    def secret(number: str, name: str) -> dict:
        return {"ID": number, "Spec": {"Name": name}}

    def uses(number: str) -> dict:
        return {"TaskTemplate": {"ContainerSpec": {"Secrets": [{"SecretID": number}]}}}

    known = [
        secret("now", "shop_token-0123456789"),
        secret("before", "shop_token-1123456789"),
        secret("old", "shop_token-2123456789"),
        secret("foreign", "shop_token-by-hand"),
    ]
    service = {"ID": "s", "Spec": uses("now"), "PreviousSpec": uses("before")}
    deleted: list[str] = []
    with recorded_manager({"/secrets": known, "/services": [service]}, deleted) as environ:
        assert collect(connect(environ), "shop") == ["secret 'shop_token-2123456789'"]
    assert deleted == ["/secrets/old"]


PROBED = NodeFact("x", "One", labels={"disk": "ssd"}, role="manager", address="10.213.8.7")


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("node.labels.disk==ssd", True),
        ("node.labels.disk == SSD", True),
        ("node.labels.disk != ssd", False),
        ("node.labels.zone != a", True),
        ("node.labels.zone == a", False),
        ("node.hostname == one", True),
        ("node.role != worker", True),
        ("node.id==x", True),
        ("node.ip == 10.213.8.0/24", True),
        ("node.ip != 10.213.8.7", False),
        ("node.platform.arch == amd64", True),
        ("node.platform.os == windows", False),
        ("engine.labels.gpu == yes", False),
    ],
)
def test_a_constraint_is_compared_as_the_scheduler_does(rule, holds):
    assert satisfies(rule, PROBED) is holds


def test_each_node_has_its_reason():
    nodes = [
        PROBED,
        PROBED._replace(name="two", state="down"),
        PROBED._replace(name="three", availability="drain"),
        PROBED._replace(name="four", labels={}),
    ]
    assert why_nowhere(["node.labels.disk == hdd"], nodes) == (
        "node 'One': node.labels.disk == hdd (it is 'ssd')",
        "node 'two': is down",
        "node 'three': is drained",
        "node 'four': node.labels.disk == hdd (it has no such label)",
    )


def test_probing_without_a_swarm_is_a_mistake(tmp_path, capsys):
    directory = str(project(tmp_path))
    assert cli.run(["check", "-C", directory, "--probe"]) == 2
    assert "--probe asks the nodes of a swarm" in capsys.readouterr().err
    assert cli.run(["validate", "-C", directory, "--probe"]) == 2
    assert "--probe" in capsys.readouterr().err
    assert cli.run(["prepare", "-C", directory, "--node", "a=b"]) == 2
    assert "add --target swarm" in capsys.readouterr().err
    for pair in ("a", "=b", "a=", "a=-H"):
        assert cli.run(["prepare", "-C", directory, "--target", "swarm", "--node", pair]) == 2
        assert "must be NODE=WAY" in capsys.readouterr().err


@pytest.mark.parametrize(("names", "asked"), [(["one"], True), (["one", "two"], False)])
def test_the_kernel_of_this_machine_is_no_other_nodes(tmp_path, names, asked):
    """What is not asked is said, with the reason."""
    text = "services: {a: {image: x, privileged: true, devices: [/dev/none-such]}}\n"
    directory = project(tmp_path, text)
    loaded = load(Request(directory=str(directory)), {})
    with recorded_manager({"/nodes": [node(name) for name in names]}) as environ:
        verdict = check(observe(loaded, environ, swarm=True), only=["device-missing"])
    assert ("device-missing" in {one.check_id for one in verdict.findings}) is asked
    reasons = {one.check_id: one.reason for one in verdict.skipped}
    assert ("the swarm has others" in reasons.get("device-missing", "")) is not asked
