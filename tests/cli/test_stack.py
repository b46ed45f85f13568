"""`bootready stack`: what it prints where, what it writes, and what its exit code says."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from bootready.cli import run
from swarm_cases import plant

COMPOSE = """\
name: shop
services:
  db:
    image: busybox:1
    environment: {DB_PASSWORD: "${DB_PASSWORD}"}
    secrets: [token]
    ports: ["127.0.0.1:5432:5432"]
    depends_on: [cache]
  cache:
    image: busybox:1
    depends_on: [slow]
  slow: {image: "busybox:1", security_opt: ["no-new-privileges:true"]}
secrets: {token: {file: ./token.txt}}
"""


@pytest.fixture
def project(tmp_path, monkeypatch, state_home) -> Path:
    directory = tmp_path / "shop"
    directory.mkdir()
    plant(directory)
    (directory / ".env").write_text("DB_PASSWORD=mellon77\n")
    (directory / "compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(directory)
    return directory


def test_the_file_is_on_standard_output_and_the_differences_beside_it(project, capsys):
    assert run(["stack"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("# The stack of the project 'shop'.")
    assert "lost: service 'slow': a stack file cannot say `security_opt`" in said.err
    assert (
        "lost: service 'db': port 5432 was published on 127.0.0.1 only, which a stack"
        " file cannot say (compose.yaml:7:13)\n"
        "   = port 5432 is open on every address of the node, to everybody who can reach it\n"
    ) in said.err
    assert "  # lost: port 5432 was published on 127.0.0.1 only" in said.out


def test_secrets_are_hidden_until_they_are_asked_for(project, capsys):
    assert run(["stack"]) == 0
    hidden = capsys.readouterr()
    assert "mellon77" not in hidden.out + hidden.err
    assert "DB_PASSWORD: ${BOOTREADY_HIDDEN:?" in hidden.out
    assert hidden.err.endswith("secrets are hidden; -o FILE writes them, --reveal prints them\n")
    assert run(["stack", "--reveal", "-q"]) == 0
    shown = capsys.readouterr()
    assert "DB_PASSWORD: mellon77" in shown.out
    assert shown.err == ""


def test_a_file_with_secrets_is_for_its_owner_alone(project, capsys):
    assert run(["stack", "-o", "stack.yaml"]) == 0
    assert "with secrets in it: keep it out of git" in capsys.readouterr().err
    written = project / "stack.yaml"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert "DB_PASSWORD: mellon77" in written.read_text()
    written.chmod(0o644)
    before = written.read_text()
    assert run(["stack", "-q", "-o", "stack.yaml"]) == 2
    assert "'stack.yaml' can be read by other users" in capsys.readouterr().err
    assert written.read_text() == before


def test_paths_are_those_of_the_file_that_is_written(project):
    (project / "deploy").mkdir()
    assert run(["stack", "-q", "-o", "deploy/stack.yaml"]) == 0
    assert "    file: ../token.txt\n" in (project / "deploy/stack.yaml").read_text()


def test_the_same_project_gives_the_same_file_and_another_secret_another_name(project, capsys):
    def name() -> str:
        assert run(["stack", "-q"]) == 0
        found = re.search(r"name: (shop_token-[0-9a-f]{10})\n", capsys.readouterr().out)
        assert found is not None
        return found[1]

    first = name()
    assert name() == first
    (project / "token.txt").write_text("friend\n")
    assert name() != first
    (project / "token.txt").write_text("sesame\n")
    assert name() == first


def test_names_of_secrets_are_made_with_a_key_of_this_machine(project, capsys, monkeypatch):
    """From a plain hash in a name, which `docker secret ls` shows, a short one could be guessed."""
    assert run(["stack", "-q"]) == 0
    here = capsys.readouterr().out
    elsewhere = project.parent / "elsewhere"
    monkeypatch.setenv("XDG_STATE_HOME", str(elsewhere))
    assert run(["stack", "-q"]) == 0
    assert capsys.readouterr().out != here
    [key] = elsewhere.rglob("swarm-key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_what_no_stack_file_can_say_is_the_exit_code(project, capsys):
    (project / "compose.yaml").write_text(
        "name: shop\nservices:\n  vpn: {image: 'busybox:1'}\n"
        "  web: {image: 'busybox:1', network_mode: 'service:vpn'}\n"
    )
    assert run(["stack"]) == 1
    said = capsys.readouterr()
    assert "  web:\n" in said.out
    assert said.err.startswith("refused: service 'web': shares the network of")
    (project / "compose.yaml").write_text("name: shop\nservices: {x: {provider: {type: y}}}\n")
    assert run(["stack"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "no service of this project can be deployed" in said.err


def test_programs_get_the_differences(project, capsys):
    assert run(["stack", "--json", "db"]) == 0
    found = json.loads(capsys.readouterr().out)
    [port] = [one for one in found if one["check"] == "stack-port-exposed"]
    assert (port["kind"], port["path"]) == ("lost", "services.db.ports[0]")
    assert port["place"] == "compose.yaml:7:13"


def test_a_project_that_compose_refuses_has_no_stack_file(project, capsys):
    (project / "compose.yaml").write_text("services: {web: {image: 'busybox:1', networks: [x]}}\n")
    assert run(["stack"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "network 'x' is not defined" in said.err
