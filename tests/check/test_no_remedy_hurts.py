"""Remedies of every check, symptom and row of the signature table, against forbidden effects.

A remedy that is followed must not take a file of the machine from those who need it, and must not
make a directory where the system keeps its own.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bootready.boot.diagnose.api import Evidence
from bootready.boot.diagnose.run import discover as symptoms
from bootready.boot.diagnose.run import explain
from bootready.boot.diagnose.symptoms import log_signature
from bootready.check.api import Context
from bootready.check.discover import discover
from bootready.check.run import Evidence as Facts
from bootready.check.run import run_checks
from bootready.engine.container import parse_container
from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost
from bootready.host.recorded import RecordedHost
from bootready.knowledge.words.known import kinds, known_rows
from bootready.model.action import CreateDirectory, SetPermissions
from bootready.model.fact import FileFact
from bootready.model.request import Request
from bootready.pipeline import load

SOURCE = Path(__file__).parents[2] / "src" / "bootready"

CHANGES = re.compile(r"\b(?:chown|chmod|chgrp|setfacl|usermod|mkdir|install -d|touch|rm -r?f?)\b")
"""Words of a command that changes files, owners or modes."""

SYSTEM = (
    *("/etc/timezone", "/etc/app/conf.d", "/etc/ssl/private", "/dev/ttyUSB0", "/dev/net/tun"),
    *("/run/app.sock", "/run/app", "/var/run/docker.sock", "/run/podman/podman.sock"),
    *("/run/containerd/containerd.sock", "/sys/fs/cgroup", "/proc/sys/net", "/usr/share/app"),
)
OTHERS = ("/srv/data", "/home/me/photos", "/opt/other/acme.json", "/opt/other/start.sh", "/mnt/db")
"""Outside the project as well: nothing there is changed, but a directory may be made."""

TARGETS = {
    "/opt/other/acme.json": "/acme.json",
    "/opt/other/start.sh": "/start.sh",
    "/srv/data": "/var/lib/postgresql/data",
    "/mnt/db": "/data",
}


def project_of(directory: Path, *, secret: str = "/etc/app/key"):
    """Return a project that mounts everything of the machine, as a user who may use nothing."""
    services = []
    for number, source in enumerate((*SYSTEM, *OTHERS)):
        target = TARGETS.get(source, source)
        image = {"/opt/other/acme.json": "traefik:v3.3", "/srv/data": "postgres:17"}.get(
            source, "x"
        )
        services.append(
            f"  s{number}:\n    image: {image}\n    user: '1000:1000'\n"
            f"    volumes: ['{source}:{target}']\n    secrets: [key]\n"
            + ("    entrypoint: [/start.sh]\n" if target == "/start.sh" else "")
        )
    text = "services:\n" + "".join(services) + f"secrets:\n  key: {{file: {secret}}}\n"
    (directory / "compose.yaml").write_text(text)
    return load(Request(directory=str(directory)), {"PWD": str(directory), "HOME": "/nonexistent"})


def kind(source: str) -> str:
    """Return what lies at a path of the machine."""
    if source.startswith("/dev/"):
        return "device"
    if source.endswith(".sock"):
        return "socket"
    return "file" if re.search(r"timezone|\.json|\.sh$|/key$", source) else "directory"


@pytest.mark.parametrize("there", [True, False], ids=["there", "missing"])
def test_no_check_changes_what_the_machine_keeps(tmp_path, there):
    project = project_of(tmp_path)
    files = {
        one: {"kind": kind(one), "uid": 0, "gid": 0, "mode": 0o600, "text": "echo\n"}
        for one in (*SYSTEM, *OTHERS, "/etc/app/key")
    }
    host = RecordedHost(str(tmp_path), {"files": files if there else {}})
    context = Context(project, host, RecordedEngine({"root": str(tmp_path)}))
    verdict = run_checks(discover(), Facts(context, {}))
    assert verdict.findings
    for finding in verdict.apart:
        for path in (*SYSTEM, *OTHERS, "/etc/app/key"):
            command = CHANGES.search(finding.hint)
            assert not (command and path in finding.hint), finding
        for action in finding.remedy.actions if finding.remedy else ():
            assert not isinstance(action, SetPermissions), finding
            if isinstance(action, CreateDirectory):
                assert not action.path.startswith(SYSTEM), finding


def test_the_words_of_programs_name_no_command_that_changes_files():
    """What a row says is said of any path; what is known of one is said by `log_signature`."""
    told = [(one.id, one.remedy) for one in (*known_rows(), *kinds().values())]
    assert [identity for identity, remedy in told if CHANGES.search(remedy)] == []


@pytest.mark.parametrize("source", [*SYSTEM, *OTHERS])
@pytest.mark.parametrize(
    "line",
    [
        "open {}: permission denied",
        "dial unix {}: connect: permission denied",
        "EACCES: permission denied, open '{}'",
        'FATAL: data directory "{}" has wrong ownership',
        "mkdir: cannot create directory '{}': Permission denied",
    ],
)
def test_no_diagnosis_changes_what_is_outside_the_project(tmp_path, monkeypatch, source, line):
    project = project_of(tmp_path)
    service = next(s for s in project.services if s.mounts[0].source == source)
    fact = FileFact(kind(source), 0, 994, 0o660, 1)
    monkeypatch.setattr(LocalHost, "file", lambda _, path: fact if path == source else None)
    state = {"Status": "exited", "ExitCode": 1}
    one = parse_container({"Id": "1", "Name": "/p-a-1", "State": state, "Config": {"User": "1000"}})
    log = (line.format(service.mounts[0].target),)
    _, told = explain(Evidence(project, service, one, None, "", log, {}))
    assert not CHANGES.search(told.remedy), told.remedy
    if kind(source) == "socket" and "docker" in source:
        assert "group_add" in told.remedy
        assert "994" in told.remedy


def test_only_guarded_symptoms_know_commands_that_change_files():
    """A symptom that writes such a command has to be one of those that the tests above go through,
    or one that speaks of the image only.
    """
    guarded = {log_signature.__name__.rpartition(".")[2], "program_not_executable"}
    found = set()
    for entry in symptoms():
        path = SOURCE / "boot" / "diagnose" / "symptoms" / f"{entry.id.replace('-', '_')}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _documented(node)}
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in docs
        ]
        if any(re.search(r"\b(?:chown|chmod|chgrp|mkdir|usermod)\b", text) for text in texts):
            found.add(path.stem)
    assert found <= guarded


def _documented(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
    return isinstance(node, kinds) and bool(node.body) and isinstance(node.body[0], ast.Expr)
