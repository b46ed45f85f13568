"""What an editor offers while a name is typed: `|` marks the place."""

from __future__ import annotations

import pytest

from bootready.lsp.offered import offered
from bootready.model.request import Request
from bootready.pipeline import load

COMPOSE = """\
services:
  web:
    image: nginx:${TAG:-1}
    secrets: [pw]
  worker: {image: busybox, profiles: [jobs]}
secrets:
  pw: {file: ./pw}
  token: {file: ./token}
networks: {back: {}}
volumes: {data: {}}
"""


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        pytest.param("    image: nginx:${T|", ["ROOT", "TAG"], id="a variable in braces"),
        pytest.param("    image: $|", ["ROOT", "TAG"], id="a variable"),
        pytest.param("    image: $$|", [], id="an escaped dollar is none"),
        pytest.param("    depends_on: [w|", ["web", "worker"], id="a service in brackets"),
        pytest.param("    depends_on:\n      - |", ["web", "worker"], id="a service in a list"),
        pytest.param("    depends_on:\n    - w|", ["web", "worker"], id="a list not indented"),
        pytest.param("    depends_on:\n      w|", ["web", "worker"], id="a key of the long syntax"),
        pytest.param("    secrets: [pw, |", ["pw", "token"], id="a further secret"),
        pytest.param(
            "    secrets:\n      - source: |", ["pw", "token"], id="the source of the long syntax"
        ),
        pytest.param("    networks:\n      - b|", ["back", "default"], id="a network"),
        pytest.param("    volumes:\n      - d|", ["data"], id="a volume"),
        pytest.param("    profiles: [|", ["jobs"], id="a profile"),
        pytest.param("    extends:\n      service: w|", ["web", "worker"], id="a base"),
        pytest.param("    image: b|", [], id="a place for any text"),
        pytest.param("    command: [a, |", [], id="a list of any text"),
        pytest.param("secrets: [|", [], id="the top level defines names"),
        pytest.param("  n|", [], id="a new service"),
    ],
)
def test_the_names_of_the_kind_are_offered(tmp_path, typed, names):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / ".env").write_text("ROOT=1\n")
    project = load(Request(directory=str(tmp_path), profiles=("*",)), {"SHELL": "sh"})
    before, _ = f"services:\n  new:\n{typed}".split("|")
    place = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    assert [one.name for one in offered(project, before, *place)] == names


def test_checks_are_offered_where_they_are_silenced(tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    project = load(Request(directory=str(tmp_path)), {})
    line = "    image: x  # bootready: ignore[image-ab"
    found = offered(project, line, 1, len(line) + 1)
    assert "image-absent" in {one.name for one in found}
    assert {one.kind for one in found} == {"check"}
