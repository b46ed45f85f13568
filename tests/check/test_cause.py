"""One cause is one finding: what another finding explains is folded into it."""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.cause import EXPLAINS
from bootready.check.discover import index
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost
from bootready.knowledge.process.constant import always_fails
from bootready.model.finding import Needs, Severity
from bootready.model.request import Request


def found(directory, text, engine=None):
    """Return the findings of severity warning and error on a project."""
    (directory / "compose.yaml").write_text(text, encoding="utf-8")
    project = pipeline.load(Request(directory=str(directory)), {"PWD": str(directory)})
    evidence = Evidence(
        Context(project, LocalHost(), RecordedEngine(engine or {"images": {"x": {}}})),
        {Needs.SWARM: "it is not the target"},
    )
    findings = pipeline.check(evidence).findings
    return [finding for finding in findings if finding.severity is not Severity.NOTE]


def test_every_id_that_explains_or_is_explained_is_in_the_catalogue():
    """A misspelt or renamed id would silently explain nothing."""
    named = {*EXPLAINS, *(check_id for explained in EXPLAINS.values() for check_id in explained)}
    assert named - {entry.id for entry in index()} == set()


def test_a_missing_certificate_directory_is_one_finding_as_grave_as_its_consequence(tmp_path):
    """The engine refuses the mount, and the certificate is what has to be made."""
    findings = found(
        tmp_path,
        "services:\n  web:\n    image: x\n    volumes:\n"
        "      - {type: bind, source: ./secrets/certs, target: /certs,"
        " bind: {create_host_path: false}}\n",
    )
    assert [(f.check_id, f.severity) for f in findings] == [("certificate-missing", Severity.ERROR)]
    assert findings[0].consequence == "bind source './secrets/certs' does not exist"


def test_a_required_variable_explains_the_file_that_it_names(tmp_path):
    """The file of a secret cannot be looked for before its name is known."""
    findings = found(
        tmp_path,
        "services:\n  web:\n    image: x\n    secrets: [pw]\n"
        "secrets:\n  pw:\n    file: ./${PW_FILE:?where the password is}\n",
    )
    assert [finding.check_id for finding in findings] == ["required-variable-unset"]


def test_a_required_variable_explains_the_network_and_volume_that_it_names(tmp_path):
    """Nobody could create a network that is called `${NET?}`."""
    findings = found(
        tmp_path,
        "services:\n  web:\n    image: x\n    container_name: ${NAME?}\n"
        "    networks: [net]\n    volumes: ['vol:/data', 'own:/own']\n"
        "networks: {net: {name: '${NET?which}', external: true}}\n"
        "volumes: {vol: {name: '${VOL?which}', external: true}, own: {name: '${VOL?which}'}}\n",
    )
    assert {finding.check_id for finding in findings} == {"required-variable-unset"}


@pytest.mark.parametrize(
    "engine", [{"local": False}, {"root": "/not/on/this/machine"}, {"rootless": True}]
)
def test_an_engine_elsewhere_has_other_interfaces(tmp_path, engine):
    """What this machine lacks is no fault of a project that another one runs."""
    text = (
        "services: {web: {image: x, networks: [lan]}}\n"
        "networks: {lan: {driver: macvlan, driver_opts: {parent: no-such-link}}}\n"
    )
    (tmp_path / "data").mkdir()
    here = {"images": {"x": {}}, "root": str(tmp_path / "data")}
    seen = [one.check_id for one in found(tmp_path, text, here)]
    assert "network-option-refused" in seen, "an interface is missing here"
    seen = [one.check_id for one in found(tmp_path, text, {**here, **engine})]
    assert "network-option-refused" not in seen


def test_variables_without_a_value_are_one_finding(tmp_path):
    """A template that has them all makes the lack of a `.env` the cause."""
    (tmp_path / ".env.example").write_text("A=1\nB=2\nC=3\nD=4\n", encoding="utf-8")
    findings = found(
        tmp_path,
        "services:\n  web:\n    image: x\n"
        "    environment: [A=$A, B=$B, C=$C, D=$D]\n    labels: {a: $A}\n",
    )
    assert [finding.message for finding in findings] == [
        "variables 'A', 'B', 'C' and 'D': not set, and without a default; set in './.env.example'"
    ]
    assert findings[0].places == 5


def test_a_variable_that_the_service_gets_from_the_same_place_is_no_fault(tmp_path, monkeypatch):
    """Compose and the shell of the container would see the same text."""
    (tmp_path / ".env").write_text("PGUSER=shop\n", encoding="utf-8")
    text = (
        "services:\n  db:\n    image: x\n    environment: {PGUSER: $PGUSER}\n"
        "    healthcheck: {test: pg_isready -U $PGUSER}\n"
    )
    assert found(tmp_path, text) == []


def test_only_what_is_constant_is_said_to_fail():
    """A healthcheck that may pass is never called one that cannot."""
    for script in (
        'test "" = ok',
        "false",
        "exit 1",
        "[ = ok ] || exit 1",
        "pg_isready -U -d shop",
    ):
        assert always_fails(("CMD-SHELL", script)), script
    for script in (
        "test -f /x",
        "pg_isready -U a -d b",
        "curl x || false",
        'test "$A" = b',
        "true",
    ):
        assert not always_fails(("CMD-SHELL", script)), script


def test_a_file_of_services_alone_is_told_where_they_belong(tmp_path):
    """Compose 1 read such files."""
    (finding,) = found(tmp_path, "web:\n  image: x\n")
    assert finding.hint == "services are defined below `services`"
