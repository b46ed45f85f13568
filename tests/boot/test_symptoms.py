"""Evidence of one failing service -> the symptom that explains it, and what it says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bootready.boot.diagnose.api import Evidence, Explanation
from bootready.boot.diagnose.run import Seen, diagnose, explain
from bootready.boot.verify.listening import Socket, answers, spoken
from bootready.boot.watch.compose_lines import Refusal
from bootready.engine.address import parse_address
from bootready.engine.api import Api
from bootready.engine.container import Container, parse_container
from bootready.errors import EngineError
from bootready.host.local import LocalHost
from bootready.model.boot import Diagnosis, Phase, ServiceState, Status
from bootready.model.request import Request
from bootready.pipeline import load


def container(output: str = "", user: str = "", **state: object) -> Container:
    probe = {"ExitCode": 1, "Output": output}
    health = {"Status": "unhealthy", "Log": [probe]} if output or "ExitCode" not in state else {}
    return parse_container(
        {
            "Id": "1",
            "Name": "/p-a-1",
            "State": {"Status": "running", "Health": health, **state},
            "Config": {"User": user, "Labels": {"com.docker.compose.service": "a"}},
        }
    )


ETCD_REFUSES = (
    r'{"msg":"rejected connection on peer endpoint","error":"tls: \"172.26.0.1\" does not match any'
    r' of DNSNames [\"etcd3\" \"localhost\"]"}'
)
ETCD_IS_SLOW = "leader failed to send out heartbeat on time; took too long, leader is overloaded"
"""What etcd 3.5.16 wrote in the core stack."""


def said(
    tmp_path: Path, service: str, one: Container, *log: str, **more: object
) -> tuple[str, Explanation]:
    text = "services:\n  db: {image: 'postgres:17'}\n  far: {image: x, networks: [back]}\n"
    text += "  off: {image: x, profiles: [p]}\n"
    (tmp_path / "compose.yaml").write_text(f"{text}  a: {service}\nnetworks: {{back: {{}}}}\n")
    project = load(Request(directory=str(tmp_path)), {})
    found = project.service("a")
    assert found is not None
    states = more.pop("states", {})
    return explain(Evidence(project, found, one, None, "", log, states, **more))  # type: ignore[arg-type]  # evidence of the case


PROBE = "{image: x, healthcheck: {test: [CMD, wget, 'http://127.0.0.1:8080/']}}"
REFUSED = "wget: can't connect to remote host (127.0.0.1): Connection refused"


@pytest.mark.parametrize(
    ("listening", "words"),
    [
        ((Socket("0.0.0.0", 8081),), "port 8080; it listens on 0.0.0.0:8081"),
        ((Socket("172.18.0.2", 8080),), "172.18.0.2:8080 only"),
        ((), "does not listen on any port"),
        ((Socket("0.0.0.0", 8080),), "needs longer to start"),
        (None, "nothing in the container answers at 127.0.0.1:8080"),
    ],
)
def test_a_refused_probe_is_told_where_the_program_listens(tmp_path, listening, words):
    identity, told = said(tmp_path, PROBE, container(REFUSED), listening=listening)
    assert identity == "probe-refused"
    assert words in told.cause
    assert "depends_on" not in told.remedy


def test_a_probe_over_ipv6_of_a_program_that_knows_ipv4_alone(tmp_path):
    output = "curl: (7) Failed to connect to ::1 port 8080 after 0 ms: Could not connect to server"
    sockets = (Socket("0.0.0.0", 8080),)
    identity, told = said(tmp_path, PROBE, container(output), listening=sockets)
    assert identity == "probe-refused"
    assert "ask 127.0.0.1" in told.remedy


def test_who_is_still_at_its_start_listens_later(tmp_path):
    identity, _ = said(tmp_path, PROBE, container(REFUSED), "loading data", listening=())
    assert identity == "slow-start"


@pytest.mark.parametrize(
    "reason",
    [
        "error starting setns process: fork/exec /proc/self/fd/6: no such file or directory",
        "read init-p: connection reset by peer",
        "error adding pid 7 to cgroups: open /sys/fs/cgroup/a: no such file or directory",
    ],
)
def test_a_probe_that_met_a_dying_container_explains_nothing(tmp_path, reason):
    output = f"OCI runtime exec failed: exec failed: unable to start container process: {reason}"
    dead = container(f"{output}: unknown", Status="exited", ExitCode=3)
    identity, told = said(tmp_path, PROBE, dead)
    assert identity == "process-ended"
    assert told.headline == "exited with 3"


def test_sockets_answer_for_the_addresses_that_they_cover():
    every, local, six = Socket("0.0.0.0", 1), Socket("127.0.0.1", 1), Socket("::", 1)
    assert answers([every], "127.0.0.1", 1)
    assert answers([six], "127.0.0.1", 1)
    assert answers([local], "localhost", 1)
    assert not answers([every], "::1", 1)
    assert not answers([local], "127.0.0.1", 2)
    assert spoken([six, local]) == "[::]:1, 127.0.0.1:1"


@pytest.mark.parametrize(
    ("environment", "line", "cause", "remedy"),
    [
        (
            "{DB_HOST: dbs}",
            "gaierror: [Errno -2] Name or service not known",
            "but 'db' does",
            "'db'",
        ),
        ("{U: x}", 'could not translate host name "far" to address: x', "on back", "networks"),
        ("{U: x}", "getaddrinfo ENOTFOUND off", "profile", "--profile"),
        ("{U: x}", "getaddrinfo ENOTFOUND db", "did not run", "service_healthy"),
        ("{API_URL: 'http://pay.example:8/x'}", "socket.gaierror: x", "pay.example", "extra_hosts"),
        ("{REDIS: 'x', BROKER_DSN: 'amqp://q:5672'}", "socket.gaierror: x", "'q'", "extra_hosts"),
        ("{U: x}", "getaddrinfo ENOTFOUND shop_db_1", "Compose v1", "'db'"),
        ("{POSTGRES_HOST: warehouse}", "getaddrinfo EAI_AGAIN warehouse", "but 'db' does", "'db'"),
    ],
)
def test_an_unknown_name_is_told_who_was_meant(tmp_path, environment, line, cause, remedy):
    service = f"{{image: x, environment: {environment}}}"
    identity, told = said(tmp_path, service, container(Status="exited", ExitCode=1), line)
    assert identity == "name-unknown"
    assert cause in told.cause
    assert remedy in told.remedy


def test_a_circle_of_programs_is_named(tmp_path):
    identity, told = said(tmp_path, PROBE, container(), "waiting for db:1", circle=("db",))
    assert identity == "waits-in-a-circle"
    assert "'a' and 'db' wait for each other" in told.cause


def test_a_probe_with_an_option_that_the_image_lacks(tmp_path):
    output = "nc: invalid option -- 'z'\nBusyBox v1.37\n\nUsage: nc [IPADDR PORT]\n\t-e PROG"
    identity, told = said(tmp_path, PROBE, container(output))
    assert identity == "probe-cannot-run"
    assert "invalid option -- 'z'" in told.cause


def test_the_server_knows_better_why_it_refused(tmp_path):
    line = 'psql: FATAL:  password authentication failed for user "shop"'
    one = container(Status="exited", ExitCode=2)
    server = {"db": ("FATAL:  password ...", 'DETAIL:  Role "shop" does not exist.')}
    _, told = said(tmp_path, "{image: x}", one, line, neighbours=server)
    assert told.cause == "role 'shop' does not exist on the server"
    other = {"db": ('DETAIL:  Role "blog" does not exist.',)}
    _, told = said(tmp_path, "{image: x}", one, line, neighbours=other)
    assert "refused the password" in told.cause


def test_a_missing_right_on_a_bind_mount_is_a_command(tmp_path):
    service = "{image: x, volumes: ['./data:/data']}"
    one = container(user="65534:65534", Status="exited", ExitCode=1)
    _, told = said(tmp_path, service, one, "open /data/x: permission denied")
    assert f"sudo chown -R 65534:65534 '{tmp_path}/data'" in told.remedy


def test_a_one_shot_that_restarts_for_ever_is_told_so(tmp_path):
    one = container(Status="restarting", ExitCode=0)
    identity, told = said(tmp_path, "{image: x, restart: always}", one, "migrated")
    assert identity == "process-ended"
    assert "restart: on-failure" in told.remedy


def refused(tmp_path: Path, *refusals: Refusal, output: tuple[str, ...] = ()) -> list[Diagnosis]:
    text = """
services:
  web: {image: "web:1", depends_on: [api]}
  api: {image: "api:1"}
  bad: {build: {context: ., dockerfile: Bad}}
  app: {build: .}
"""
    (tmp_path / "compose.yaml").write_text(text)
    (tmp_path / "Bad").write_text('FROM x\nRUN ["/bin/sh", "-c", "make \\\n  all; exit 4"]\n')
    (tmp_path / "Dockerfile").write_text("FROM x\nRUN make install\n")
    project = load(Request(directory=str(tmp_path)), {})
    states = {
        service.name: ServiceState(service.name, Phase.WAITING, "no container")
        for service in project.services
    }
    seen = Seen(project, states, dict.fromkeys(states, ()), refusals=refusals, output=output)
    return list(diagnose(seen, Api(parse_address("unix:///nowhere"))))


def test_a_failed_pull_names_its_service_and_the_way_out(tmp_path):
    reason = 'Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid: no such host'
    joined = f"Error response from daemon: {reason}\nError response from daemon: "
    found = refused(
        tmp_path,
        Refusal(reason, "Image api:1"),
        Refusal(f"{joined}no such image: web:1: No such image: web:1"),
    )
    assert [(one.service, one.symptom) for one in found] == [("api", "image-missing")]
    assert "its registry cannot be reached" in found[0].cause
    assert found[0].held_back == ("web",)


@pytest.mark.parametrize(
    ("message", "output"),
    [
        ("The command '/bin/sh -c make   all; exit 4' returned a non-zero code: 4", ("no gcc",)),
        (
            "failed to solve: executor failed running [/bin/sh -c go]: exit code: 4",
            ("[bad 2/2] RUN go", "no gcc: not found"),
        ),
    ],
    ids=["classic builder", "BuildKit"],
)
def test_a_failed_build_names_its_service_and_the_step(tmp_path, message, output):
    (one,) = refused(tmp_path, Refusal(message), output=output)
    assert one.symptom == "build-failed"
    assert "service 'bad'" in one.headline
    assert "a step of the Dockerfile failed: " in one.cause
    assert one.log == output


def test_a_program_on_a_tmpfs_may_not_run(tmp_path):
    one = container(Status="exited", ExitCode=126)
    line = "sh: exec: line 0: /run/app/x: Permission denied"
    _, told = said(tmp_path, "{image: x, tmpfs: [/run/app]}", one, line)
    assert "tmpfs: ['/run/app:exec']" in told.remedy
    identity, _ = said(tmp_path, "{image: x, tmpfs: ['/run/app:size=1m,exec']}", one, line)
    assert identity == "log-signature"


def test_a_sysctl_of_the_host_is_not_for_a_container(tmp_path):
    words = 'runc create failed: sysctl "vm.max_map_count" is not in a separate kernel namespace'
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x, sysctls: {vm.x: 1}}}\n")
    project = load(Request(directory=str(tmp_path)), {})
    evidence = Evidence(project, project.service("a"), None, None, words, (), {})
    identity, told = explain(evidence)
    assert identity == "option-refused"
    assert "sudo sysctl -w vm.max_map_count=VALUE" in told.remedy


def test_a_refused_connection_is_told_where_the_dependency_listens(tmp_path):
    one = container(Status="exited", ExitCode=1)
    line = "ConnectionRefusedError: [Errno 111] Connection refused"
    offered = {"db": (Socket("0.0.0.0", 5433),)}
    _, told = said(tmp_path, "{image: x, depends_on: [db]}", one, line, offered=offered)
    assert told.cause == "another service that it needs does not answer"
    assert "'db' listens on 0.0.0.0:5433" in told.evidence


def test_the_reason_is_told_before_the_echo_of_it(tmp_path):
    reason = "dependency failed to start: container p-api-1 has no healthcheck configured"
    echo = Refusal("dependency api failed to start", "Container p-api-1")
    found = refused(tmp_path, echo, Refusal(reason, "Container p-api-1"))
    assert [one.symptom for one in found] == ["option-refused"]


def test_a_limit_that_the_engine_may_not_raise_is_told_at_its_place(tmp_path):
    refusal = (
        "failed to create shim task: OCI runtime create failed: runc create failed: error during"
        " container init: error setting rlimits for ready process: error setting rlimit type 7:"
        " operation not permitted: unknown"
    )
    one = container(Status="created", ExitCode=128, Error=refusal)
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x, ulimits: {nofile: 99999}}}")
    project = load(Request(directory=str(tmp_path)), {})
    found, explained = explain(Evidence(project, project.service("a"), one, None, refusal, (), {}))
    assert found == "option-refused"
    assert "this engine may not raise any" in explained.cause
    assert explained.location.path == ("services", "a", "ulimits")


@pytest.mark.parametrize(
    ("watches", "instances", "words"),
    [
        ("8192", "128", "max_user_watches=524288 fs.inotify.max_user_instances=1024"),
        ("1048576", "128", "-w fs.inotify.max_user_instances=1024"),
        ("8192", "4096", "-w fs.inotify.max_user_watches=524288"),
        ("1048576", "4096", "let the program poll"),
    ],
)
def test_the_limit_of_watched_files_that_is_low_is_named(
    tmp_path, monkeypatch, watches, instances, words
):
    values = {"fs.inotify.max_user_watches": watches, "fs.inotify.max_user_instances": instances}
    monkeypatch.setattr(LocalHost, "kernel_setting", lambda self, name: values[name])
    line = "Error: ENOSPC: System limit for number of file watchers reached, watch '/app'"
    found, explained = said(
        tmp_path, "{image: x}", container(Status="exited", ExitCode=1, Health={}), line
    )
    assert found == "log-signature"
    assert words in explained.remedy
    assert ("`fs.inotify.max_user_watches` is 8192" in explained.remedy) == (watches == "8192")


class Written:
    """An engine that has a log for every container, and no process to look into."""

    def logs(self, identity, tail=0, until=0.0):
        return ("listening",)

    def execute(self, identity, argv, timeout=0.0):
        raise EngineError("no cat")


@pytest.mark.parametrize(
    ("state", "timed_out", "symptom"),
    [
        pytest.param(("unhealthy", 300, 9), False, "probe-fails", id="its probe gave up later"),
        pytest.param(("unhealthy", 2, 1), False, "probe-fails", id="its probe gave up at once"),
        pytest.param(("unhealthy", 2, 9), False, "process-ended", id="a loop whose probe gives up"),
        pytest.param(("starting", 300, 1), True, "slow-start", id="it is not ready in time"),
        pytest.param(("starting", 2, 1), True, "process-ended", id="it was just started again"),
        pytest.param(("healthy", 2, 1), False, "process-ended", id="healthy between two deaths"),
    ],
)
def test_a_container_that_died_before_is_blamed_for_what_it_does_now(
    tmp_path, state, timed_out, symptom
):
    """One early death must not make an unhealthy server one that exits, with the code 0 of a
    container that runs.
    """
    health, age, restarts = state
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x, restart: always}}")
    project = load(Request(directory=str(tmp_path)), {})
    probe = {"ExitCode": 1, "Output": "status 500"}
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age))
    now = container(
        Status="running", StartedAt=started, Health={"Status": health, "Log": [probe]}
    )._replace(restarts=restarts, restart_policy="always")
    last = now._replace(exit_code=3, finished=time.time() - age)
    states = {"a": ServiceState("a", Phase.FAILED, health, restarts=restarts)}
    seen = Seen(project, states, {"a": (now,)}, {"a": last}, frozenset({"a"}), timed_out=timed_out)
    [found] = diagnose(seen, Written())
    assert found.symptom == symptom, found
    assert "exit 0" not in found.headline + found.cause


MEMBER = (
    "{image: etcd, environment: {ETCD_INITIAL_CLUSTER: 'a=https://a:2380,db=https://db:2380,"
    "far=https://far:2380'}, healthcheck: {test: [CMD, etcdctl, get, x]}}"
)
SEARCH = '{"level":"info","msg":"9ad4169b0de976ed is starting a new election at term 1"}'
LATE = "Health check exceeded timeout (5s)"
HERE = ServiceState("db", Phase.STARTING, "starting", Status.RUNNING)


@pytest.mark.parametrize(
    ("states", "log", "words"),
    [
        ({"db": HERE}, [], "etcd cannot reach a majority of its members"),
        ({}, [], "1 of its 3 members runs, and 2 are a majority"),
        ({"db": HERE, "far": HERE}, [ETCD_REFUSES] * 2, "a connection came from 172.26.0.1"),
        ({"db": HERE, "far": HERE}, [ETCD_IS_SLOW] * 3, "the disk or the processor is too slow"),
    ],
)
def test_a_member_without_a_majority_says_why(tmp_path, states, log, words):
    """Its probe is stopped at its limit, which is a consequence and not the cause."""
    one = container(LATE)
    identity, told = said(tmp_path, MEMBER, one, *log, SEARCH, SEARCH, states=states)
    assert identity == "no-majority"
    assert words in told.cause
    assert "healthcheck.timeout" not in told.remedy
    db = "starting" if states else "not there"
    far = "starting" if "far" in states else "not there"
    assert told.evidence[0] == f"members: 'db' is {db}, 'far' is {far}"


@pytest.mark.parametrize("log", [[], [SEARCH]])
def test_a_slow_probe_of_a_server_that_complains_of_nothing(tmp_path, log):
    identity, told = said(tmp_path, MEMBER, container(LATE), *log)
    assert identity == "probe-cannot-run"
    assert "healthcheck.timeout" in told.remedy
