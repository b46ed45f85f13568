"""How sure the check of propagations is, by what is known of the machine and of its engine."""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.model.request import Request

CHECK = "mount-propagation-refused"
TEXT = "services: {a: {image: x, volumes: ['/srv:/srv:%s']}}"
FILES = {"/srv": {"kind": "directory"}, "/var/lib/docker": {"kind": "directory"}}
PRIVATE = [{"point": "/"}, {"point": "/sr", "shared": True}]
SLAVE = [{"point": "/srv", "slave": True}]
SHARED = [{"point": "/srv", "shared": True}, {"point": "/srv/below"}]


@pytest.mark.parametrize(
    ("mode", "mounts", "engine", "wanted"),
    [
        pytest.param("rslave", PRIVATE, {}, ["error"], id="private"),
        pytest.param("rprivate", PRIVATE, {}, [], id="private is what was asked for"),
        pytest.param("slave", SLAVE, {}, [], id="a slave of a slave"),
        pytest.param("shared", SLAVE, {}, ["error"], id="a slave is not shared"),
        pytest.param("rshared", SHARED, {}, [], id="shared"),
        pytest.param("rslave", SHARED, {}, [], id="a slave of a shared mount"),
        pytest.param("rslave", [], {}, [], id="no table of mounts"),
        pytest.param("rslave", PRIVATE, None, ["warning"], id="no engine answers"),
        pytest.param("rslave", PRIVATE, {"rootless": True}, ["warning"], id="rootless"),
        pytest.param("rslave", PRIVATE, {"root": "/var/snap/docker/x"}, ["skipped"], id="a snap"),
        pytest.param("rslave", PRIVATE, {"root": "/elsewhere"}, ["skipped"], id="a machine of it"),
        pytest.param("private", PRIVATE, {"root": "/srv/docker"}, ["error"], id="around its data"),
        pytest.param("private", PRIVATE, {"root": "/sr"}, ["error"], id="below its data, as texts"),
    ],
)
def test_only_a_mount_that_the_engine_sees_is_an_error(tmp_path, mode, mounts, engine, wanted):
    """A doubt is a warning, and other mounts than ours are looked at by nobody."""
    (tmp_path / "compose.yaml").write_text(TEXT % mode, encoding="utf-8")
    project = pipeline.load(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)})
    host = RecordedHost(str(tmp_path), {"files": FILES, "mounts": mounts})
    context = Context(project, host, RecordedEngine(engine))
    verdict = pipeline.check(Evidence(context, {}), only=(CHECK,))
    found = [finding.severity.value for finding in verdict.findings]
    assert found + ["skipped" for _ in verdict.skipped] == wanted
