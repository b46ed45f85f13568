"""Last lines of failing services -> which of them fail on their own account."""

from pathlib import Path

import pytest

from bootready.boot.diagnose.blame import reasons, roots
from bootready.model.request import Request
from bootready.pipeline import load

TEXT = """
services:
  a: {image: x}
  db: {image: x, networks: {default: {aliases: [database]}}}
  web: {image: x}
"""


STARTING = "a"
"""A service that has not failed; only the last test asks for it."""


def found(tmp_path: Path, **logs: str) -> dict[str, tuple[str, ...]]:
    (tmp_path / "compose.yaml").write_text(TEXT)
    project = load(Request(directory=str(tmp_path)), {})
    said = {name: log.splitlines() for name, log in logs.items()}
    return roots(reasons(project, said), [name for name in logs if name != STARTING])


@pytest.mark.parametrize(
    "line",
    [
        "waiting for db:5432",
        "dial tcp: lookup db on 127.0.0.11:53: no such host",
        'could not translate host name "db" to address',
        "cannot connect to postgres://app:****@db/shop: Connection refused",
        "getaddrinfo ENOTFOUND database",
        "waiting for db ...",
    ],
)
def test_who_cannot_reach_another_failing_service_is_no_root(tmp_path, line):
    assert found(tmp_path, web=line, db="FATAL: no space left") == {"db": ()}


@pytest.mark.parametrize(
    "line", ["waiting for a lock", "connection refused", "db migrated, waiting", "could not dial"]
)
def test_words_of_english_blame_nobody(tmp_path, line):
    assert found(tmp_path, web=line, a="x", db="y") == {"web": (), "db": ()}


def test_a_circle_is_one_cause(tmp_path):
    logs = {"web": "waiting for db:1", "db": "waiting for web:1", "a": "waiting for web:1"}
    assert found(tmp_path, **logs) == {"web": ("db",)}


def test_who_only_starts_is_no_root_and_may_be_in_the_circle(tmp_path):
    assert found(tmp_path, web="waiting for a:1", a="loading") == {"web": ()}
    assert found(tmp_path, web="waiting for a:1", a="waiting for web:1") == {"web": ("a",)}
