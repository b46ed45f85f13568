"""Variants of what people report of first boots: found, or rightly left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.check.api import Context
from bootready.check.discover import find
from bootready.check.run import Evidence, run_checks
from bootready.engine.recorded import RecordedEngine
from bootready.errors import ProjectError
from bootready.host.recorded import RecordedHost
from bootready.model.finding import Finding
from bootready.model.request import Request
from bootready.pipeline import load


def findings(
    directory: Path, check_id: str, service: str, *, env: str = "", **engine: object
) -> list[Finding]:
    """Return what one check says of a project with one service more than `db`."""
    (directory / "compose.yaml").write_text(
        f"services:\n  db: {{image: x}}\n  a:\n    image: y\n{service}"
    )
    if env:
        (directory / ".env").write_text(env)
    environ = {"PWD": str(directory), "HOME": "/nonexistent"}
    project = load(Request(directory=str(directory)), environ)
    host = RecordedHost(str(directory), {"files": {"/var/lib/docker": {"kind": "directory"}}})
    context = Context(project, host, RecordedEngine(engine))
    check = find(check_id)
    assert check is not None
    return list(run_checks([check], Evidence(context, {})).apart)


@pytest.mark.parametrize(
    ("check_id", "service", "found"),
    [
        ("option-conflict", "    network_mode: service:db\n    ports: []\n", 0),
        ("option-conflict", "    network_mode: container:x\n    dns: 1.1.1.1\n", 1),
        ("option-conflict", "    network_mode: host\n    hostname: h\n", 0),
        ("option-conflict", "    uts: host\n    hostname: h\n    domainname: d\n", 2),
        ("option-conflict", "    ipc: service:db\n", 1),
        ("quotes-in-value", "    environment: [\"A='b'\"]\n", 0),
        ("quotes-in-value", "    environment:\n      - A='b'  # why\n", 1),
        ("quotes-in-value", "    environment:\n      - A='b' 'c'\n", 0),
        ("quotes-in-value", "    environment:\n      A: '\"b\"'\n", 0),
        ("option-without-value", "    command: x --token ${TOKEN}\n", 1),
        ("option-without-value", '    command: x --token "${TOKEN}" -v\n', 0),
        ("option-without-value", "    command: x -u $U\n    environment: {U: b}\n", 0),
        ("option-without-value", '    command: ["x", "--token", "${TOKEN}"]\n', 0),
        ("option-without-value", '    command: sh -c "x --token ${TOKEN} -v"\n', 1),
        ("option-without-value", "    command: x --token=${TOKEN} -v\n", 0),
        ("option-without-value", "    command: x -v ${EXTRA_OPTS} -d\n", 0),
        ("option-without-value", "    command: >\n      x\n      --token\n      ${TOKEN}\n", 1),
        ("path-of-windows", "    volumes: ['D:/data:/data']\n", 1),
        ("path-of-windows", "    volumes: ['.\\data:/data']\n", 1),
        ("path-of-windows", "    volumes: ['./data:/data', 'named:/x']\nvolumes: {named: }\n", 0),
        ("host-unresolved", "    environment: {DB_HOST: db, DB_URL: 'redis://db:6379'}\n", 0),
        ("host-unresolved", "    environment: {DB_HOST: db.example.org}\n", 0),
        ("host-unresolved", "    environment: {DB_HOST: shop_db_1}\n", 1),
        ("host-unresolved", "    environment: {DSN: 'mysql://u:p@tcp(db:3306)/x'}\n", 0),
        ("host-unresolved", "    environment: {URL: 'postgres://u:p@ss@db/x'}\n", 0),
        ("host-unresolved", "    network_mode: host\n    environment: {DB_HOST: box}\n", 0),
        ("host-unresolved", "    environment: {DB_HOST: box}\n    links: ['db:box']\n", 0),
        ("host-name-unknown", "    command: x http://host.docker.internal:80\n", 1),
        ("proxy-without-exceptions", "    environment: {http_proxy: p, U: 'http://db:1'}\n", 1),
        (
            "proxy-without-exceptions",
            "    environment: {http_proxy: p, no_proxy: '*', U: 'http://db:1'}\n",
            0,
        ),
    ],
)
def test_variants(tmp_path, check_id, service, found):
    assert len(findings(tmp_path, check_id, service)) == found


@pytest.mark.parametrize(
    ("value", "severities"),
    [
        ("'a/b'", ["error"]),
        ("'a@b'", ["warning"]),
        ("a-b_c.d~e", []),
        ("a%2Fb", ["warning"]),
    ],
)
def test_reserved_characters_in_a_url_are_said_without_the_value(tmp_path, value, severities):
    service = "    environment: {URL: 'postgres://u:${DB_PASSWORD}@db/x'}\n"
    found = findings(tmp_path, "url-password-reserved", service, env=f"DB_PASSWORD={value}\n")
    assert [one.severity.value for one in found] == severities
    assert all(value.strip("'") not in one.message + one.hint for one in found)


@pytest.mark.parametrize(
    ("env", "found"),
    [
        ("A_TOKEN=abc #def\n", 1),
        ("A_TOKEN=abc # of the demo\n", 0),
        ("A_TOKEN='abc #def'\n", 0),
        ("A_TOKEN=abc#def\n", 0),
        ("A_TOKEN=abc # the team's #1 token\n", 0),
    ],
)
def test_a_secret_that_ends_at_a_comment(tmp_path, env, found):
    service = "    environment: {A_TOKEN: '${A_TOKEN}'}\n"
    assert len(findings(tmp_path, "value-cut", service, env=env)) == found


@pytest.mark.parametrize(("free", "found"), [(0, 1), (1, 0)])
def test_the_default_pools_have_thirty_one_subnets(tmp_path, free, found):
    taken = [f"172.{second}.0.0/16" for second in range(17, 32)]
    taken += [f"192.168.{third}.0/20" for third in range(0, 256, 16)]
    assert len(taken) == 31
    networks = [{"name": f"n{n}", "subnets": [one]} for n, one in enumerate(taken[free:])]
    assert len(findings(tmp_path, "address-pools-exhausted", "", networks=networks)) == found


def test_an_env_file_in_utf16_is_called_that(tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {a: {image: 'x:${TAG}'}}\n")
    (tmp_path / ".env").write_bytes("TAG=1\n".encode("utf-16"))
    with pytest.raises(ProjectError, match="UTF-16, as PowerShell saves it"):
        load(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)})
