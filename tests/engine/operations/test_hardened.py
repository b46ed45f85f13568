"""The core stack on a real engine: what cannot be reached, changed or started twice."""

from __future__ import annotations

import json
import re
import time

import pytest

from core_stack import Stack, leader_of, run, until
from engine_support import require_compose

pytestmark = [pytest.mark.engine, pytest.mark.slow]

PORTS = {
    **{f"etcd{n}": (2379, 2380, 2381) for n in (1, 2, 3)},
    **{f"patroni{n}": (5432, 8008) for n in (1, 2, 3)},
    "haproxy": (5000, 5001, 8404, 8405),
    "valkey": (6379,),
    "traefik": (80, 443, 8082),
    "prometheus": (9090,),
    "alertmanager": (9093,),
    "node-exporter": (9100,),
    "postgres-exporter": (9187,),
}
"""Every port that a service of the core stack listens on."""
NODES = frozenset({"patroni1", "patroni2", "patroni3"})
REACHABLE = {
    "infra_net": {"traefik", "haproxy", "valkey"},
    "database_net": {*NODES, "haproxy"},
    "consensus_net": {"etcd1", "etcd2", "etcd3", *NODES, "haproxy"},
    "observe_net": {
        *("traefik", "haproxy", "prometheus", "alertmanager"),
        *("node-exporter", "postgres-exporter"),
    },
    "alerts_net": {"alertmanager"},
}
"""The services that a container on each network reaches, at every port; no others at any. The
same table is in docs/adr/0032-a-network-for-each-purpose.md."""
OUTSIDE = {"infra_net", "alerts_net"}
"""The networks with a way out; the others are internal."""


CLIENT = ["--cert", "/tls/cert.pem", "--key", "/tls/key.pem"]
UNPROVEN = {
    "plain text": ("http", "tls/etcd2", []),
    "no certificate": ("https", "tls/etcd2", []),
    "a certificate for servers only": ("https", "certs", CLIENT),
}
"""Ways to etcd from a container of its own network: scheme, whose files, options."""


def test_at_rest_the_stack_needs_less_than_a_gibibyte(stack: Stack) -> None:
    label = f"label=com.docker.compose.project={stack.project}"
    names = run(["docker", "ps", "-q", "--filter", label]).stdout.split()
    used = run(["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *names]).stdout
    total = sum(_mebibytes(line) for line in used.splitlines())
    print(f"memory at rest: {total:.0f} MiB in {len(names)} containers")
    assert total < 1024


@pytest.mark.parametrize("network", sorted(REACHABLE))
def test_a_network_reaches_what_the_table_says_and_nothing_else(stack: Stack, network: str) -> None:
    """By address, so that a name which is not known there proves nothing."""
    wanted = {(name, port) for name in REACHABLE[network] for port in PORTS[name]}
    found = _reached_from(stack, network)
    # An engine that another test starts on this machine sets the rules between networks anew.
    until = time.monotonic() + 60
    while found != wanted and time.monotonic() < until:
        found = _reached_from(stack, network)
    assert found == wanted


def test_only_the_edge_and_the_alerts_have_a_way_out(stack: Stack) -> None:
    names = [f"{stack.project}_{name}" for name in sorted(REACHABLE)]
    found = json.loads(run(["docker", "network", "inspect", *names]).stdout)
    out = {one["Name"].removeprefix(f"{stack.project}_") for one in found if not one["Internal"]}
    assert out == OUTSIDE


@pytest.mark.parametrize("way", UNPROVEN)
@pytest.mark.parametrize("port", [2379, 2380])
def test_etcd_serves_nobody_without_a_certificate_for_clients(
    stack: Stack, way: str, port: int
) -> None:
    scheme, files, options = UNPROVEN[way]
    network = f"{stack.project}_consensus_net"
    assert _asks_etcd(stack, network, files, f"{scheme}://etcd1:{port}", options) != 0


@pytest.mark.parametrize("port", [2379, 2380])
def test_etcd_serves_its_members(stack: Stack, port: int) -> None:
    network = f"container:{stack.project}-etcd2-1"
    assert _asks_etcd(stack, network, "tls/etcd2", f"https://etcd1:{port}", CLIENT) == 0


def test_a_peer_is_known_by_its_name_whatever_address_it_comes_from(stack: Stack) -> None:
    """Rules that a killed engine left rewrite addresses; clients of etcd are no peers."""
    network = f"{stack.project}_consensus_net"
    assert _asks_etcd(stack, network, "tls/etcd2", "https://etcd1:2380", CLIENT) == 0
    assert _asks_etcd(stack, network, "tls/patroni1", "https://etcd1:2379", CLIENT) == 0
    assert _asks_etcd(stack, network, "tls/patroni1", "https://etcd1:2380", CLIENT) != 0


@pytest.mark.parametrize(
    ("connection", "refused"),
    [
        ("host=patroni2 sslmode=disable", "no encryption"),
        ("host=haproxy port=5000 sslmode=disable", "no encryption"),
        (
            "host=patroni2 sslmode=verify-full sslrootcert=/tmp/other.pem",
            "certificate verify failed",
        ),
        ("host={address} sslmode=verify-full", "does not match host name"),
        ("host=patroni2 sslmode=verify-full", ""),
        ("host=haproxy port=5000 sslmode=verify-full", ""),
    ],
)
def test_postgresql_speaks_tls_only_and_shows_who_it_is(
    stack: Stack, connection: str, refused: str
) -> None:
    address = next(iter(_addresses(stack, "patroni2")))
    script = (
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other -days 1"
        " -keyout /tmp/other.key -out /tmp/other.pem 2> /dev/null;"
        ' PGPASSWORD="$(cat /run/secrets/patroni_superuser_password)"'
        ' exec psql -qAtX "$1 user=postgres dbname=postgres" -c "SELECT 1"'
    )
    asked = connection.format(address=address)
    name = f"{stack.project}-patroni1-1"
    done = run(["docker", "exec", name, "sh", "-c", script, "sh", asked], check=False)
    assert (done.stdout.strip() == "1") == (not refused), done.stderr
    assert refused in done.stderr


def test_every_connection_through_the_network_is_encrypted(stack: Stack) -> None:
    """Replication and the exporter are asked as well."""
    counted = (
        "select count(*) filter (where ssl), count(*) filter (where not ssl)"
        " from pg_stat_ssl join pg_stat_activity using (pid) where client_addr is not null"
    )
    encrypted, plain = map(int, stack.psql(5000, counted).split("|"))
    assert plain == 0
    assert encrypted >= 3  # two replicas and this one


def test_a_replica_asks_the_leader_who_it_is(stack: Stack) -> None:
    asked = "select setting from pg_settings where name = 'primary_conninfo'"
    assert "sslmode=verify-full" in stack.psql(5001, asked)


def test_patronis_api_changes_nothing_without_the_password(stack: Stack) -> None:
    config = "http://patroni2:8008/config"
    change = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PATCH"]
    change += ["-d", '{"maximum_lag_on_failover": 1048576}', config]
    assert _inside(stack, "patroni1", *change) == "401"
    for path in ("restart", "reinitialize", "failover", "switchover"):
        ask = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "-d", "{}"]
        assert _inside(stack, "patroni1", *ask, f"http://patroni2:8008/{path}") == "401", path
    known = (
        'printf \'user = "patroni:%s"\' "$(cat /run/secrets/patroni_api_password)" | exec "$@" -K -'
    )
    assert _inside(stack, "patroni1", "sh", "-c", known, "sh", *change) == "200"


def test_the_exporter_sees_statistics_and_is_no_superuser(stack: Stack) -> None:
    asked = "select rolsuper, pg_has_role('exporter', 'pg_monitor', 'member')"
    assert stack.psql(5000, f"{asked} from pg_roles where rolname = 'exporter'") == "f|t"


def test_no_process_of_postgresql_has_a_password_in_its_environment(stack: Stack) -> None:
    secrets = "cat /run/secrets/patroni_superuser_password /run/secrets/patroni_api_password"
    words = _inside(stack, "patroni1", "sh", "-c", f"{secrets} /run/secrets/*replication*")
    # As its owner: without a capability for it, root may not read another user's process.
    script = "for id in $(pgrep -u postgres postgres); do cat /proc/$id/environ; done"
    done = run(
        ["docker", "exec", "-u", "postgres", f"{stack.project}-patroni1-1", "sh", "-c", script]
    )
    assert "PATH=" in done.stdout
    for entry in done.stdout.split("\0"):
        value = entry.partition("=")[2]
        assert len(value) < 20 or value not in words, entry.partition("=")[0]


@pytest.mark.parametrize("name", ["prometheus", "alertmanager", "haproxy"])
def test_the_pages_behind_the_gateway_need_a_login(stack: Stack, name: str) -> None:
    assert " 401 " in stack.get(name, "/", login=False).splitlines()[0]
    assert " 401 " not in stack.get(name, "/").splitlines()[0]


@pytest.mark.parametrize("service", ["valkey", "patroni1"])
def test_a_second_container_on_the_same_data_ends(stack: Stack, service: str) -> None:
    program = require_compose(5)
    command = [*program.command, "run", "--rm", "--no-deps", "-T", service]
    done = run(command, cwd=stack.directory, check=False, seconds=120)
    assert done.returncode == 75, done.stderr
    assert "another container uses this data directory" in done.stderr


def test_a_second_etcd_on_the_same_data_serves_nothing(stack: Stack) -> None:
    """It needs no lock of ours: its database waits for the one of the first, for ever."""
    program = require_compose(5)
    name = f"{stack.project}-second"
    command = [*program.command, "run", "-d", "--name", name, "--no-deps", "etcd1"]
    run(command, cwd=stack.directory)
    try:
        until(lambda: _logged(name, "flock") or _logged(name, "another etcd process"), 60)
        asked = ["docker", "exec", name, "etcdctl", "--command-timeout", "3s"]
        assert run([*asked, "get", "--consistency=s", "health"], check=False).returncode != 0
    finally:
        run(["docker", "rm", "-f", name])


def test_a_killed_container_starts_again_on_its_data(stack: Stack) -> None:
    """Death lets go of the lock, and a container made anew gets it."""
    leader = leader_of(stack)
    for service in ("valkey", leader):
        run(["docker", "kill", "-s", "KILL", f"{stack.project}-{service}-1"])
    program = require_compose(5)
    wait = ["--wait", "--wait-timeout", "240"]
    stack.compose(program, "up", "-d", *wait, "valkey", leader)
    stack.compose(program, "up", "-d", "--force-recreate", "--no-deps", *wait, "valkey", leader)


def _reached_from(stack: Stack, network: str) -> set[tuple[str, int]]:
    tries = [
        (name, port, address)
        for name, ports in PORTS.items()
        for address in _addresses(stack, name)
        for port in ports
    ]
    lines = [
        f"(timeout 3 bash -c '</dev/tcp/{address}/{port}' 2>/dev/null && echo {name} {port}) &"
        for name, port, address in tries
    ]
    command = ["docker", "run", "--rm", "--network", f"{stack.project}_{network}"]
    command += ["--entrypoint", "bash", "bootready.local/base:trixie", "-c"]
    done = run([*command, "\n".join([*lines, "wait"])])
    return {(name, int(port)) for name, port in map(str.split, done.stdout.splitlines())}


def _addresses(stack: Stack, service: str) -> list[str]:
    found = run(["docker", "inspect", f"{stack.project}-{service}-1"]).stdout
    networks = json.loads(found)[0]["NetworkSettings"]["Networks"].values()
    return [one["IPAddress"] for one in networks]


def _inside(stack: Stack, service: str, *command: str) -> str:
    return run(["docker", "exec", f"{stack.project}-{service}-1", *command]).stdout.strip()


def _asks_etcd(stack: Stack, network: str, files: str, url: str, options: list[str]) -> int:
    """Return curl's exit code, in a container of `network` that has the certificate in `files`."""
    command = ["docker", "run", "--rm", "--network", network, "--entrypoint", "curl"]
    command += ["-v", f"{stack.directory}/secrets/{files}:/tls:ro", _image(stack, "patroni1")]
    command += [
        "-fsS",
        "--http1.1",
        "-m",
        "20",
        "--cacert",
        "/tls/rootCA.pem",
        *options,
        f"{url}/version",
    ]
    return run(command, check=False).returncode


def _image(stack: Stack, service: str) -> str:
    format_ = ["-f", "{{.Config.Image}}"]
    return run(["docker", "inspect", *format_, f"{stack.project}-{service}-1"]).stdout.strip()


def _logged(name: str, word: str) -> bool:
    done = run(["docker", "logs", name], check=False)
    return word in done.stdout + done.stderr


def _mebibytes(usage: str) -> float:
    number, unit = re.match(r"([\d.]+)(\w+)", usage).groups()  # type: ignore[union-attr]
    return float(number) * {"B": 1 / (1 << 20), "KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[unit]
