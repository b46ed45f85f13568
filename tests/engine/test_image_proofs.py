"""What is said of public images is what the programs in them do, as far as Debian brings the same.

No test may pull a public image. The stand-ins of the core stack hold Debian's builds of Valkey,
etcd and HAProxy, and Traefik's own: each gets the set-up that a check calls an error, ends, and
says the words that the check quotes. Debian's Prometheus and Alertmanager read another file by
default; what PostgreSQL, MySQL, MariaDB and MongoDB refuse, scripts of their images refuse.
"""

from __future__ import annotations

import json
import subprocess

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.model.finding import Needs, Severity
from bootready.model.request import Request
from core_stack import require_standins

LISTENS = ["--listen-client-urls", "http://0.0.0.0:2379"]
ADVERTISES = "--advertise-client-urls is required when --listen-client-urls is set explicitly"
PING = """\
valkey-server --requirepass t8Kx2qLm --daemonize yes > /dev/null
until valkey-cli ping > /tmp/said 2>&1; do :; done
cat /tmp/said
grep -q PONG /tmp/said"""


@pytest.fixture(scope="module")
def standins() -> dict[str, str]:
    """The stand-ins by the word that they are called by, whatever their tags."""
    return {name.split("/")[-1].split(":")[0]: name for name in require_standins()}


@pytest.mark.engine
@pytest.mark.parametrize(
    ("check", "service", "run"),
    [
        pytest.param(
            "command-file-missing",
            {
                "image": "valkey/valkey:8.1",
                "command": ["valkey-server", "/usr/local/etc/valkey/valkey.conf"],
            },
            (
                "valkey",
                ["valkey-server", "/usr/local/etc/valkey/valkey.conf"],
                "Fatal error, can't open config file",
            ),
            id="a file that is not mounted",
        ),
        pytest.param(
            "healthcheck-unfit",
            {
                "image": "valkey/valkey:8.1",
                "command": ["valkey-server", "--requirepass", "t8Kx2qLm"],
                "healthcheck": {"test": "valkey-cli ping | grep -q PONG"},
            },
            ("valkey", ["sh", "-c", PING], "NOAUTH Authentication required."),
            id="a probe without the password",
        ),
        pytest.param(
            "image-setup-incomplete",
            {"image": "quay.io/coreos/etcd:v3.5.16", "command": ["etcd", *LISTENS]},
            ("etcd", ["etcd", *LISTENS], ADVERTISES),
            id="an option that needs another",
        ),
        pytest.param(
            "image-variable-missing",
            {
                "image": "quay.io/coreos/etcd:v3.5.16",
                "environment": {"ETCD_LISTEN_CLIENT_URLS": "http://0.0.0.0:2379"},
            },
            ("etcd", ["etcd"], ADVERTISES),
            id="a variable that needs another",
        ),
        pytest.param(
            "image-setup-incomplete",
            {"image": "haproxy:3.0"},
            (
                "haproxy",
                [],
                "Cannot open configuration file/directory /usr/local/etc/haproxy/haproxy.cfg",
            ),
            id="no configuration",
        ),
        pytest.param(
            "image-option-refused",
            {"image": "traefik:v3.6", "command": ["--pilot.dashboard=false"]},
            ("traefik", ["--pilot.dashboard=false"], "incompatible deprecated"),
            id="an option that is gone",
        ),
    ],
)
def test_a_program_ends_with_the_words_that_a_check_quotes(tmp_path, standins, check, service, run):
    name, words, says = run
    findings = {one.check_id: one for one in findings_of(tmp_path, service)}
    assert findings[check].severity is Severity.ERROR
    assert says in findings[check].consequence

    variables = [f"--env={key}={value}" for key, value in service.get("environment", {}).items()]
    started = docker(
        "run", "--detach", "--pull=never", "--network=none", *variables, standins[name], *words
    )
    container = started.stdout.strip()
    try:
        code = docker("wait", container).stdout.strip()
        said = docker("logs", container)
    finally:
        docker("rm", "--force", "--volumes", container)

    assert says in said.stdout + said.stderr
    assert code not in {"", "0"}


HAPROXY = """\
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend all
  bind :8080
  default_backend shop
backend shop
  server one aap:8080
"""


@pytest.mark.engine
def test_a_proxy_ends_where_a_name_of_its_configuration_does_not_exist(tmp_path, standins):
    target = "/usr/local/etc/haproxy/haproxy.cfg"
    configuration = tmp_path / "haproxy.cfg"
    configuration.write_text(HAPROXY)
    service = {"image": "haproxy:3.0", "volumes": [f"./haproxy.cfg:{target}:ro"]}
    app = {"image": "nginx:1.27"}
    findings = {one.check_id: one for one in findings_of(tmp_path, service, app=app)}
    finding = findings["upstream-unresolved"]
    assert finding.severity is Severity.ERROR

    mount = f"--volume={configuration}:{target}:ro"
    started = docker(
        "run", "--detach", "--pull=never", "--network=none", mount, standins["haproxy"]
    )
    container = started.stdout.strip()
    try:
        code = docker("wait", container).stdout.strip()
        said = docker("logs", container)
    finally:
        docker("rm", "--force", "--volumes", container)

    assert finding.consequence.partition(": ")[2] in said.stdout + said.stderr
    assert code not in {"", "0"}


def docker(*words):
    """Run the docker client; a container that does not end fails the test."""
    return subprocess.run(
        ["docker", *words], check=False, capture_output=True, text=True, timeout=120
    )


def findings_of(directory, service, **others):
    """What is said of a project, on a machine with nothing but its files."""
    project = json.dumps({"services": {"one": service, **others}})
    (directory / "compose.yaml").write_text(project, encoding="utf-8")
    loaded = pipeline.load(Request(directory=str(directory)), {"PWD": str(directory)})
    host = RecordedHost(str(directory), {})
    missing = {Needs.ENGINE: "not asked", Needs.SWARM: "not the target"}
    evidence = Evidence(Context(loaded, host, RecordedEngine(None)), missing)
    return pipeline.check(evidence).findings
