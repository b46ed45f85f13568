"""Causes that lie in another service, another time or the machine, and one diagnosis for each."""

from __future__ import annotations

import pytest

from bootready.boot.diagnose.api import Evidence
from bootready.boot.diagnose.fold import folded
from bootready.boot.diagnose.run import explain
from bootready.boot.verify.listening import Socket
from bootready.check.changed_values import Changed
from bootready.engine.container import parse_container
from bootready.knowledge.secrets.first_values import passwords_of
from bootready.model.boot import Diagnosis, Phase, ServiceState
from bootready.model.near import named
from bootready.model.request import Request
from bootready.pipeline import load

DEAD = parse_container(
    {"Id": "1", "Name": "/p-api-1", "State": {"Status": "exited", "ExitCode": 1}}
)
UNHEALTHY = {"Status": "unhealthy", "Log": [{"ExitCode": 1, "Output": "Connection refused"}]}

PROJECT = """services:
  db:
    image: postgres:17
    environment:
      - POSTGRES_PASSWORD={password}
    volumes: ["data:/var/lib/postgresql/data", "./init:/docker-entrypoint-initdb.d:ro"]
    healthcheck: {{test: [CMD-SHELL, "{probe}"]}}
  api: {{image: x, depends_on: {{db: {{condition: service_healthy}}}}}}
volumes: {{data: }}
"""
NEW = ("PostgreSQL init process complete; ready for start up.",)
OLD = ("PostgreSQL Database directory appears to contain a database; Skipping initialization",)


def told(
    tmp_path, line, *, log=(), probe="pg_isready", password="sesame", restarts=0, changed=None
):
    (tmp_path / "init").mkdir()
    (tmp_path / "init" / "10-plugin.sql").write_text("create database plugin;\n")
    (tmp_path / "compose.yaml").write_text(PROJECT.format(probe=probe, password=password))
    project = load(Request(directory=str(tmp_path)), {})
    states = {"db": ServiceState("db", Phase.READY, "healthy", restarts=restarts)}
    api = project.service("api")
    evidence = Evidence(project, api, DEAD, None, "", (line,), states, neighbours={"db": log})
    if changed is not None:
        since = tuple(Changed(one, changed) for one in passwords_of(project))
        evidence = evidence._replace(changed=since)
    return explain(evidence)


def test_a_script_that_is_younger_than_the_volume(tmp_path):
    identity, said = told(tmp_path, 'FATAL:  database "plugin" does not exist', log=OLD)
    assert identity == "first-start"
    assert "'./init/10-plugin.sql' makes 'plugin' and runs only while volume 'data'" in said.cause
    assert "psql -U postgres -f /docker-entrypoint-initdb.d/10-plugin.sql" in said.remedy


def test_a_script_that_failed_while_its_database_was_restarted(tmp_path):
    log = (
        "docker-entrypoint.sh: running /docker-entrypoint-initdb.d/10-plugin.sql",
        'psql:10-plugin.sql:1: ERROR:  syntax error at or near "databas"',
        *OLD,
    )
    line = 'ERROR:  relation "plugin" does not exist'
    identity, said = told(tmp_path, line, log=log, restarts=3)
    assert identity == "first-start"
    assert "failed at the first start of 'db', and it was restarted 3 times" in said.cause
    assert "syntax error" in said.cause


def test_what_no_script_makes_is_told_as_before(tmp_path):
    identity, _ = told(tmp_path, 'FATAL:  database "other" does not exist', log=OLD)
    assert identity == "log-signature"


@pytest.mark.parametrize(
    ("log", "password", "words"),
    [
        (NEW, "sesame", "was set up in this boot with POSTGRES_PASSWORD"),
        (NEW, '"sesame"', "the quotes in POSTGRES_PASSWORD are part of the value"),
        (OLD, "sesame", "keeps the one from its first start"),
    ],
)
def test_a_refused_password_of_a_database_that_is_new_or_old(tmp_path, log, password, words):
    line = 'FATAL:  password authentication failed for user "postgres"'
    _, said = told(tmp_path, line, log=log, password=password)
    assert words in said.cause
    assert "sesame" not in said.cause + said.remedy


@pytest.mark.parametrize("seen", [0.0, 1_760_000_000.0])
def test_a_password_that_is_not_that_of_the_last_boot(tmp_path, seen):
    """The log of a database tells no more than that it refused; what worked before tells why."""
    line = 'FATAL:  password authentication failed for user "postgres"'
    found, said = told(tmp_path, line, log=OLD, changed=seen)
    assert found == "value-changed"
    assert "`POSTGRES_PASSWORD` of 'db' has changed since the last boot that worked" in said.cause
    assert "volume" in said.cause
    assert said.location.span.line == 5
    assert "sesame" not in said.headline + said.cause + said.remedy


def test_a_changed_password_is_no_cause_of_another_failure(tmp_path):
    found, _ = told(tmp_path, "connect: Connection refused", log=OLD, changed=1.0)
    assert found != "value-changed"


@pytest.mark.parametrize(
    ("probe", "identity"),
    [
        ("pg_isready -U shop", "first-start"),
        ("pg_isready -h 127.0.0.1 -U shop", "log-signature"),
        ("psql postgres://localhost/shop -c 'select 1'", "log-signature"),
    ],
)
def test_a_healthcheck_that_passes_during_the_set_up(tmp_path, probe, identity):
    line = 'psql: error: connection to server at "db", port 5432 failed: Connection refused'
    found, said = told(tmp_path, line, log=NEW, probe=probe)
    assert found == identity
    assert "condition: service_healthy" not in said.remedy, "that is written there"


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (
            'getting credentials - err: exec: "docker-credential-x": executable file not found',
            "'docker-credential-x' is not installed",
        ),
        (
            "programming external connectivity: iptables: No chain/target/match by that name",
            "the firewall has lost the engine's chains",
        ),
        (
            "could not find an available, non-overlapping IPv4 address pool among the defaults",
            "no subnet left",
        ),
        ("compose build requires buildx 0.17.0 or later", "buildx 0.17.0 or later"),
    ],
)
def test_what_the_machine_refuses_is_not_the_services_fault(tmp_path, refusal, words):
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x}}\n")
    project = load(Request(directory=str(tmp_path)), {})
    service = project.service("a")
    identity, said = explain(Evidence(project, service, None, None, refusal, (), {}))
    assert identity == "machine-refuses"
    assert words in said.headline
    assert "image has" not in said.cause


def test_a_port_is_published_twice_only_with_one_protocol(tmp_path):
    text = "services: {a: {image: x, ports: ['127.0.0.1:53:53/tcp', '127.0.0.1:53:53/udp']}}\n"
    (tmp_path / "compose.yaml").write_text(text)
    project = load(Request(directory=str(tmp_path)), {})
    refusal = "listen tcp4 127.0.0.1:53: bind: address already in use"
    users = {53: "process 'dnsmasq' (pid 7)"}
    service = project.service("a")
    _, said = explain(Evidence(project, service, None, None, refusal, (), {}, users=users))
    assert said.cause == "host port 53 is in use by process 'dnsmasq' (pid 7)"


def test_a_probe_of_busybox_asks_the_first_address_of_localhost(tmp_path):
    test = "[CMD, busybox, wget, -q, --spider, 'http://localhost:8080/']"
    (tmp_path / "compose.yaml").write_text(
        f"services: {{a: {{image: x, healthcheck: {{test: {test}}}}}}}\n"
    )
    project = load(Request(directory=str(tmp_path)), {})
    state = {"Status": "running", "Health": UNHEALTHY}
    one = parse_container({"Id": "1", "Name": "/p-a-1", "State": state})
    evidence = Evidence(project, project.service("a"), one, None, "", (), {})
    _, said = explain(evidence._replace(listening=(Socket("0.0.0.0", 8080),)))
    assert "127.0.0.1 in place of `localhost`" in said.remedy
    _, said = explain(evidence._replace(listening=(Socket("::", 8080),)))
    assert "needs longer to start" in said.cause


def test_one_cause_is_one_diagnosis():
    made = [
        Diagnosis("name-unknown", name, "h", "same cause", "same remedy", held_back=("web",))
        for name in ("a", "b", "c", "d", "e", "f")
    ]
    (one,) = folded(made)
    assert one.service == "a"
    assert one.evidence == ("the same holds for 'b', 'c', 'd' and 2 more",)
    assert one.held_back == ("web",)
    (one,) = folded([made[0]._replace(service="")] * 2)
    assert one.evidence == (), "Compose says what belongs to no service twice"
    assert len([*folded([made[0], made[1]._replace(cause="another")])]) == 2


def test_names_are_folded_after_three():
    assert named("a") == "'a'"
    assert named("abc") == "'a', 'b' and 'c'"
    assert named("abcdef") == "'a', 'b', 'c' and 3 more"
