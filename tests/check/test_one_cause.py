"""One cause is one finding: what differs in a name only is said once, with what repairs it all."""

from __future__ import annotations

from bootready import load
from bootready.check.api import Context
from bootready.check.discover import find
from bootready.check.run import Evidence, run_checks
from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost

NAMES = [f"v{number}" for number in range(6)]


def verdict_of(directory, check_id, text):
    (directory / "compose.yaml").write_text(text)
    project = load(directory)
    check = find(check_id)
    assert check
    context = Context(project, LocalHost({}), RecordedEngine({"reachable": True}))
    return run_checks([check], Evidence(context, {}))


def test_six_external_volumes_are_one_finding(tmp_path):
    mounts = ", ".join(f"{name}:/{name}" for name in NAMES)
    volumes = "".join(f"  {name}: {{external: true, name: ours_{name}}}\n" for name in NAMES)
    text = f"services:\n  web:\n    image: a\n    volumes: [{mounts}]\nvolumes:\n{volumes}"
    (finding,) = verdict_of(tmp_path, "external-volume-missing", text).findings
    assert finding.brief == "volumes 'v0', 'v1' and 4 more: external volume does not exist"
    assert finding.places == 6
    assert finding.hint == "for each of them: docker volume create NAME"
    assert finding.remedy
    assert finding.remedy.title == "creates the volume ours_v0, and 5 more"
    assert len(finding.remedy.actions) == 6


def test_one_alone_is_named(tmp_path):
    text = "services: {web: {image: a, networks: [n]}}\nnetworks: {n: {external: true, name: x}}\n"
    (finding,) = verdict_of(tmp_path, "external-network-missing", text).findings
    assert finding.message == "network 'n': external network 'x' does not exist"
    assert finding.hint == "docker network create x"
