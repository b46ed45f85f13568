"""A running core stack gets new passwords, and everybody who reads one takes it.

Costs about 100 s: three Patroni nodes are started, and each is restarted once for either role.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.host.state import state_directory
from core_stack import free_ports, on_disk
from engine_support import require_compose, require_engine

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("patroni1", "patroni2", "patroni3", "valkey", "traefik", "postgres-exporter")
SLOWER = dict.fromkeys(("etcd1", "etcd2", "etcd3", "haproxy"), "5s")
"""Seconds between two probes of what no rotation starts again, where it is two: they are a third of
what this stack needs of a small machine.
"""
PORTS = ("HTTP_PORT", "HTTPS_PORT", "POSTGRES_WRITER_PORT", "POSTGRES_READER_PORT")


@pytest.fixture(scope="module")
def stack() -> Iterator[Path]:
    require_engine()
    require_compose(5)
    if os.geteuid() != 0:
        pytest.skip("needs root: the data of the containers has owners of its own")
    with on_disk() as parent:
        yield from booted(parent / "core stack")


def booted(directory: Path) -> Iterator[Path]:
    """Boot what has passwords, of a copy of the tracked files, and take it down."""
    program = require_compose(5)
    subprocess.run(["python3", str(ROOT / "scripts/offline_images.py")], check=True)
    directory.mkdir()
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "docker-compose.yml", "infra", "secrets"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, directory / name)
    lister = ["python3", str(ROOT / "scripts/offline_images.py"), "--list"]
    lines = subprocess.run(lister, capture_output=True, text=True, check=True).stdout.splitlines()
    pairs = zip(PORTS, free_ports(len(PORTS)), strict=True)
    lines = [f"{line}\n" for line in (*lines, *(f"{name}={port}" for name, port in pairs))]
    project = f"br-rotate-{secrets.token_hex(3)}"
    (directory / ".env").write_text("".join((f"COMPOSE_PROJECT_NAME={project}\n", *lines)))
    probed = {name: {"healthcheck": {"interval": interval}} for name, interval in SLOWER.items()}
    override = directory / "docker-compose.override.yml"
    override.write_text(json.dumps({"services": probed}), encoding="utf-8")
    compose = [*program.command, "--progress", "plain"]
    try:
        assert run(["prepare", "-C", str(directory), *SERVICES]) == 0
        command = [*compose, "up", "-d", "--wait", *SERVICES]
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        yield directory
    finally:
        down = [*compose, "down", "-v", "-t", "0", "--remove-orphans"]
        subprocess.run(down, cwd=directory, capture_output=True, check=False)


def inside(stack: Path, service: str, script: str, **environment: str) -> tuple[int, str]:
    name = next(
        line.removeprefix("COMPOSE_PROJECT_NAME=")
        for line in (stack / ".env").read_text().splitlines()
    )
    passed = [word for key in environment for word in ("-e", key)]
    command = ["docker", "exec", *passed, f"{name}-{service}-1", "sh", "-c", script]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "login"),
    [
        (
            "patroni_superuser_password",
            'psql -qAtX -h {node} -U postgres -d postgres -c "SELECT 1"',
        ),
        (
            "patroni_replication_password",
            'psql -qAtX "host={node} user=standby replication=true" -c "IDENTIFY_SYSTEM"',
        ),
    ],
)
def test_a_role_of_postgresql_must_take_the_new_password_and_refuse_the_old(
    stack, name, login, capfd
):
    file = stack / "secrets" / f"{name}.txt"
    old, before = file.read_text(), file.stat()
    assert run(["secrets", "rotate", name, "-C", str(stack)]) == 0
    new, after = file.read_text(), file.stat()
    assert new != old
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    shown = capfd.readouterr()
    assert old not in shown.out + shown.err
    assert new not in shown.out + shown.err
    assert not list(Path(state_directory(str(stack), os.environ)).glob("rotating-*"))
    for node in SERVICES[:3]:
        script = login.format(node=node)
        assert inside(stack, "patroni1", script, PGPASSWORD=new)[0] == 0
        code, output = inside(stack, "patroni1", script, PGPASSWORD=old)
        assert code != 0
        assert "password authentication failed" in output
    replicas = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
    counts = [
        inside(stack, node, f'psql -qAtX -U postgres -c "{replicas}"')[1].strip()
        for node in SERVICES[:3]
    ]
    assert sorted(counts) == ["0", "0", "2"]


@pytest.mark.engine
@pytest.mark.slow
def test_valkey_must_take_the_new_password_and_keep_its_data(stack):
    command = 'REDISCLI_AUTH="$(cat /run/secrets/valkey_password)" valkey-cli '
    assert inside(stack, "valkey", command + "set kept yes")[1].strip() == "OK"
    file = stack / "secrets/valkey_password.txt"
    old = file.read_text()
    assert run(["secrets", "rotate", "valkey_password", "-C", str(stack)]) == 0
    assert file.read_text() != old
    assert inside(stack, "valkey", command + "get kept")[1].strip() == "yes"
    assert "WRONGPASS" in inside(stack, "valkey", "valkey-cli ping", REDISCLI_AUTH=old)[1]


@pytest.mark.engine
@pytest.mark.slow
def test_a_role_that_a_one_shot_service_makes_must_take_the_new_password(stack, capfd):
    """`postgres-init` runs again, as the superuser; the exporter reads the new file."""
    file = stack / "secrets/postgres_exporter_password.txt"
    old = file.read_text()
    assert run(["secrets", "rotate", "postgres_exporter_password", "-C", str(stack)]) == 0
    assert "postgres-init: run again" in capfd.readouterr().err
    login = "psql -qAtX -h haproxy -p 5000 -U exporter -d postgres -c 'SELECT 1'"
    assert inside(stack, "patroni1", login, PGPASSWORD=file.read_text())[0] == 0
    assert "authentication failed" in inside(stack, "patroni1", login, PGPASSWORD=old)[1]
    metrics = "wget -q -O - http://127.0.0.1:9187/metrics | grep '^pg_up '"
    assert inside(stack, "postgres-exporter", metrics)[1].strip() == "pg_up 1"


@pytest.mark.engine
@pytest.mark.slow
def test_the_password_of_patronis_interface_changes_and_that_of_the_superuser_does_not(stack):
    file = stack / "secrets/patroni_api_password.txt"
    old = file.read_text()
    superuser = (stack / "secrets/patroni_superuser_password.txt").read_text()
    ask = (
        "curl -s -o /dev/null -w '%{http_code}' -X POST -u \"patroni:$WORD\""
        " http://127.0.0.1:8008/reload"
    )
    assert inside(stack, "patroni1", ask, WORD=old)[1] in {"200", "202"}
    assert run(["secrets", "rotate", "patroni_api_password", "-C", str(stack)]) == 0
    assert file.read_text() != old
    for node in SERVICES[:3]:
        assert inside(stack, node, ask, WORD=old)[1] == "401"
        assert inside(stack, node, ask, WORD=file.read_text())[1] in {"200", "202"}
        login = f'psql -qAtX -h {node} -U postgres -d postgres -c "SELECT 1"'
        assert inside(stack, "patroni1", login, PGPASSWORD=superuser)[0] == 0


@pytest.mark.engine
@pytest.mark.slow
def test_the_login_of_the_gateway_must_be_the_new_one(stack):
    clear = stack / "secrets/gateway_users.txt.clear"
    old, before = clear.read_text(), clear.stat()
    page = 'wget -q -O /dev/null --no-check-certificate --auth-no-challenge --user=admin "$@"'
    script = f'set -- --password="$WORD" --header="Host: $HOST" https://127.0.0.1/; {page}'
    host = {"HOST": "haproxy.core.localhost"}
    assert inside(stack, "traefik", script, WORD=old, **host)[0] == 0
    assert run(["secrets", "rotate", "gateway_users", "-C", str(stack)]) == 0
    assert clear.read_text() != old
    assert clear.stat().st_mode == before.st_mode
    assert inside(stack, "traefik", script, WORD=clear.read_text(), **host)[0] == 0
    assert inside(stack, "traefik", script, WORD=old, **host)[0] == 6  # wget: refused login


@pytest.mark.engine
@pytest.mark.slow
def test_what_nobody_knows_how_to_change_is_refused(stack, capsys):
    assert run(["secrets", "rotate", "smtp_password", "-C", str(stack)]) == 1
    assert "does not know how to change it" in capsys.readouterr().err


@pytest.mark.engine
@pytest.mark.slow
def test_a_password_that_came_later_than_the_data_is_warned_of(stack, capsys):
    """After the rotations, which have left a keyed hash of what the database takes."""
    check = ["check", "-C", str(stack), "--only", "database-password-changed"]
    assert run(check) == 0
    assert "database-password-changed]" not in capsys.readouterr().out
    file = stack / "secrets/patroni_superuser_password.txt"
    old = file.read_bytes()
    file.write_bytes(b"another")
    assert run(check) == 0
    assert "is not the one that its data was created with" in capsys.readouterr().out
    file.write_bytes(old)
