"""The same project on another machine or engine is judged by what is there."""

from __future__ import annotations

from typing import Any

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.model.finding import Needs
from bootready.model.request import Request

WAITS = (
    "services: {web: {image: web, depends_on: {db: {condition: service_healthy}}},"
    " db: {image: db%s}}"
)
NO_HEALTHCHECK = (
    "error service 'web': waits for 'db' to become healthy, but 'db' has no healthcheck"
)
HEALTHY: dict[str, Any] = {"images": {"web": {}, "db": {"healthcheck": True}}}
BARE: dict[str, Any] = {"images": {"web": {}, "db": {}}}

PROBE = "services: {a: {image: x, healthcheck: {test: %s}}}"
SHELL: dict[str, Any] = {"images": {"x": {"paths": ["/bin/sh", "/bin/wget"]}}}
BUSYBOX: dict[str, Any] = {"images": {"x": {"paths": ["/bin/sh", "/bin/busybox"]}}}

SEARCH = "services: {s: {image: 'elasticsearch:8.1.0'%s}}"
FEW_MAPS: dict[str, Any] = {"kernel": {"vm.max_map_count": "65530"}}
MAPS = "service 's': `vm.max_map_count` is 65530, but its image needs at least 262144"

BINDS = "services: {a: {image: x, ports: ['10.9.8.7:80:80']}, %s}"
ABSENT = "service 'a': no interface on this machine has the address 10.9.8.7"

BUILDS = "services: {a: {build: ./app%s}}"
NO_CONTEXT = "error service 'a': build context './app' does not exist"

# check, project, recorded (host, engine), and the finding, if there is one
CASES = [
    pytest.param(
        "dependency-without-healthcheck", WAITS % "", ({}, BARE), NO_HEALTHCHECK, id="none at all"
    ),
    pytest.param(
        "dependency-without-healthcheck", WAITS % "", ({}, HEALTHY), "", id="that of the image"
    ),
    pytest.param(
        "dependency-without-healthcheck",
        WAITS % ", healthcheck: {disable: true}",
        ({}, HEALTHY),
        NO_HEALTHCHECK,
        id="that of the image is switched off",
    ),
    pytest.param(
        "dependency-without-healthcheck",
        WAITS % ", healthcheck: {interval: 5s}",
        ({}, HEALTHY),
        "",
        id="another interval for that of the image",
    ),
    pytest.param(
        "dependency-without-healthcheck",
        WAITS % ", healthcheck: {interval: 5s}",
        ({}, BARE),
        NO_HEALTHCHECK,
        id="an interval for a healthcheck that no image has",
    ),
    pytest.param(
        "healthcheck-program-absent",
        PROBE % "curl -f localhost || exit 1",
        ({}, SHELL),
        "error service 'a': image 'x' has no 'curl'",
        id="the program that decides",
    ),
    pytest.param(
        "healthcheck-program-absent",
        PROBE % "wget -q localhost || exit 1",
        ({}, SHELL),
        "",
        id="the program that decides is in the image",
    ),
    pytest.param(
        "healthcheck-program-absent",
        PROBE % "exit 0",
        ({}, SHELL),
        "",
        id="the shell alone decides",
    ),
    pytest.param(
        "healthcheck-program-absent",
        PROBE % "wget -q localhost || exit 1",
        ({}, BUSYBOX),
        "",
        id="an applet without a file",
    ),
    pytest.param(
        "image-absent",
        "services: {a: {image: 'x:1'}, b: {image: 'x:1'}, c: {image: 'y:1'}}",
        ({}, {"reachable": True}),
        "note project: images 'x:1' and 'y:1' are not on this machine",
        id="several images are one finding",
    ),
    pytest.param(
        "kernel-setting-too-low",
        SEARCH % "",
        (FEW_MAPS, {}),
        f"error {MAPS}",
        id="a cluster ends",
    ),
    pytest.param(
        "kernel-setting-too-low",
        SEARCH % ", environment: {discovery.type: single-node}",
        (FEW_MAPS, {}),
        f"note {MAPS}",
        id="a single node only warns",
    ),
    pytest.param(
        "kernel-setting-too-low",
        SEARCH % ", environment: {discovery.type: multi-node, x: single-node}",
        (FEW_MAPS, {}),
        f"error {MAPS}",
        id="the value of another variable",
    ),
    pytest.param(
        "host-address-absent",
        BINDS % "b: {image: x, network_mode: host, cap_add: [NET_ADMIN]}",
        ({}, {}),
        f"warning {ABSENT}",
        id="a service that may add addresses",
    ),
    pytest.param(
        "host-address-absent",
        BINDS % "b: {image: x, network_mode: host, privileged: true}",
        ({}, {}),
        f"warning {ABSENT}",
        id="a privileged service in the host's network",
    ),
    pytest.param(
        "host-address-absent",
        BINDS % "b: {image: x, network_mode: host, privileged: false, cap_add: [SYS_TIME]}",
        ({}, {}),
        f"error {ABSENT}",
        id="a service in the host's network without the right to",
    ),
    pytest.param(
        "host-address-absent",
        BINDS % "b: {image: x, privileged: true}",
        ({}, {}),
        f"error {ABSENT}",
        id="a privileged service in a network of its own",
    ),
    pytest.param(
        "build-context-missing", BUILDS % "", ({}, {}), NO_CONTEXT, id="nothing built yet"
    ),
    pytest.param(
        "build-context-missing",
        BUILDS % ", image: made",
        ({}, {"images": {"made": {}}}),
        "",
        id="the image was built before",
    ),
    pytest.param(
        "build-context-missing",
        BUILDS % ", image: made",
        ({}, {"images": {"other": {}}}),
        NO_CONTEXT,
        id="another image was built before",
    ),
    pytest.param(
        "build-context-missing",
        BUILDS % ", image: made",
        ({}, {"reachable": False, "images": {"made": {}}}),
        NO_CONTEXT,
        id="no engine says what was built",
    ),
]


@pytest.mark.parametrize(("check_id", "text", "machine", "wanted"), CASES)
def test_a_project_is_judged_by_what_is_there(tmp_path, check_id, text, machine, wanted):
    """One check, one project, one recorded machine; the finding as severity and message."""
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    project = pipeline.load(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)})
    host, engine = machine
    context = Context(project, RecordedHost(str(tmp_path), host), RecordedEngine(engine))

    one_machine = {Needs.SWARM: "it is no target here"}
    findings = pipeline.check(Evidence(context, one_machine)).findings

    found = [f"{f.severity.value} {f.message}" for f in findings if f.check_id == check_id]
    assert found == ([wanted] if wanted else [])
