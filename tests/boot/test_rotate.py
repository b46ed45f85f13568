"""A new password goes to PostgreSQL as what it keeps of it, and the way depends on who reads it."""

from __future__ import annotations

import base64

import pytest

from bootready import pipeline
from bootready.boot.rotate import Way, scram, way_of
from bootready.model.request import Request


def test_a_password_becomes_the_verifier_of_rfc_7677():
    found = scram("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
    stored = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
    server = "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    assert found == f"SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==${stored}:{server}"


COMPOSE = """\
services:
  db:
    image: postgres:17
    environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD_FILE: /run/secrets/db}
    secrets: [db]
  node:
    image: example.test/patroni:1
    environment: {PATRONI_SCOPE: a}
    secrets: [super, node_replication, node_api, node_rewind]
  spilo:
    image: example.test/spilo-17:1
    environment: {SCOPE: a}
    secrets: [spilo_standby]
  client:
    image: example.test/spilo-17:1
    command: [psql]
    secrets: [spilo_standby]
  cache:
    image: example.test/valkey:8@sha256:00
    secrets: [cache]
  web:
    image: example.test/web:1
    secrets: [db, cache, own, users]
  roles:
    image: example.test/psql:1
    secrets: [super, reporting, outside]
  report:
    image: example.test/report:1
    secrets: [reporting]
    depends_on: {roles: {condition: service_completed_successfully}}
  migrate:
    image: example.test/migrate:1
    secrets: [outside_too]
  started:
    image: example.test/web:1
    depends_on: {migrate: {condition: service_completed_successfully}}
secrets:
  node_api: {file: ./g}
  node_rewind: {file: ./h}
  reporting: {file: ./i}
  outside: {file: ./j}
  outside_too: {file: ./k}
  users: {file: ./l, x-bootready: {kind: htpasswd, user: admin}}
  db: {file: ./a}
  super: {file: ./b}
  node_replication: {file: ./c}
  spilo_standby: {file: ./f}
  cache: {file: ./d}
  own: {file: ./e}
"""


@pytest.mark.parametrize(
    "way",
    [
        Way("db", "shop", ("db",), ("web",)),
        Way("super", "postgres", ("node",), ("roles",), cluster=True),
        Way("node_replication", "standby", ("node",), (), cluster=True),
        Way("spilo_standby", "standby", ("spilo",), ("client",), True, ("/run/postgres.yml",)),
        Way("cache", "", ("cache",), ("web",)),
        # Patroni reads it at its start; it is the password of no role.
        Way("node_api", "", ("node",), (), cluster=True),
        # Nobody can tell whose this is: the superuser's would be lost.
        Way("node_rewind", "", (), ()),
        # What a one-shot service sets, because it has a superuser's password as well.
        Way("reporting", "", (), ("report",), jobs=("roles",)),
        # One that only uses what somebody else keeps sets nothing.
        Way("outside_too", "", (), ()),
        Way("users", "", (), ("web",)),
        Way("own", "", (), ()),
    ],
    ids=lambda way: way.secret,
)
def test_the_way_follows_from_who_reads_the_secret(tmp_path, way):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    project = pipeline.load(Request(directory=str(tmp_path)), {})
    known = way.nodes or way.readers
    assert way_of(project, way.secret) == (way if known else None)
