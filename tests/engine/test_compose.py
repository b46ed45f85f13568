"""Finding Compose, and building its argument lists from a request."""

import os
import sys

import pytest

from bootready.engine.compose import Compose, behind_launcher, candidates, find_compose
from bootready.errors import EngineError
from bootready.model.request import Request


def program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_every_option_of_the_request_reaches_compose():
    request = Request(
        files=("a.yaml", "b.yaml"),
        env_files=("x.env",),
        profiles=("debug",),
        project_name="shop",
        project_directory="/srv/shop",
    )
    argv = Compose(("docker", "compose"), "5.6.1").argv(request, "up", "-d", progress="json")
    assert argv == (
        *("docker", "compose", "--progress", "json", "-f", "a.yaml", "-f", "b.yaml"),
        *("--env-file", "x.env", "--profile", "debug", "-p", "shop"),
        *("--project-directory", "/srv/shop", "up", "-d"),
    )


def test_the_override_is_used_alone(tmp_path):
    path = program(tmp_path / "my compose", "echo v5.6.1")
    found = find_compose({"BOOTREADY_COMPOSE": path, "PATH": ""})
    assert found == Compose((path,), "5.6.1")
    assert found.major == 5


def test_the_override_may_be_a_command(tmp_path):
    docker = program(tmp_path / "docker", "echo v5.6.1")
    named = {"BOOTREADY_COMPOSE": "docker compose", "PATH": str(tmp_path)}
    assert candidates(named) == [(docker, "compose")]


@pytest.mark.parametrize("named", ["docker 'compose", "''", " "])
def test_an_override_that_is_no_command_is_said(named):
    with pytest.raises(EngineError, match="BOOTREADY_COMPOSE"):
        find_compose({"BOOTREADY_COMPOSE": named, "PATH": ""})


def test_a_path_in_the_override_is_meant_from_here_not_from_the_project(tmp_path, monkeypatch):
    """Compose runs in the directory of the project, where another file may have that path."""
    (tmp_path / "bin").mkdir()
    path = program(tmp_path / "bin" / "compose", "echo v5.6.1")
    monkeypatch.chdir(tmp_path)
    assert candidates({"BOOTREADY_COMPOSE": "bin/compose"}) == [(path,)]


def test_the_plugin_comes_before_the_program(tmp_path):
    docker = program(tmp_path / "docker", "echo 2.40.3")
    other = program(tmp_path / "docker-compose", "echo 1.29.2")
    assert candidates({"PATH": str(tmp_path)})[:2] == [(docker, "compose"), (other,)]
    assert find_compose({"PATH": str(tmp_path)}).version == "2.40.3"


def test_a_docker_without_the_plugin_is_passed_over(tmp_path):
    program(tmp_path / "docker", "exit 1")
    other = program(tmp_path / "docker-compose", "echo v2.40.3")
    assert find_compose({"PATH": str(tmp_path)}).command == (other,)


def test_no_compose_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    path = program(tmp_path / "docker", "exit 1")
    with pytest.raises(EngineError, match=f"tried '{path} compose'") as caught:
        find_compose({"PATH": os.fspath(tmp_path)})
    assert "BOOTREADY_COMPOSE" in caught.value.hint


def test_a_launcher_that_swallows_exit_codes_is_passed_by(tmp_path):
    (tmp_path / "bin").mkdir()
    package = tmp_path / "lib/python3.11/site-packages/compose"
    package.mkdir(parents=True)
    launcher = program(tmp_path / "bin" / "docker-compose", "echo v2.40.3; exit 0")
    real = program(package / "docker-compose", "echo v2.40.3; exit 7")
    assert behind_launcher(launcher) == real
    program(package / "docker-compose", "echo v2.40.3")
    assert find_compose({"BOOTREADY_COMPOSE": launcher, "PATH": ""}).command == (real,)


def test_a_compose_that_is_no_launcher_is_used_as_it_is(tmp_path):
    path = program(tmp_path / "docker-compose", "echo v2.40.3")
    assert behind_launcher(path) == path
    assert behind_launcher(str(tmp_path / "absent")) == str(tmp_path / "absent")
