"""An engine on another machine: asked over ssh by a real sshd, and what is only here is skipped."""

from __future__ import annotations

import json
import os
from contextlib import closing

import pytest

from bootready.engine.address import find_address
from bootready.errors import EngineError
from command_lines import start
from ssh_support import remote

PROJECT = """\
services:
  web:
    image: bootready.local/nowhere:1
    ports: ["80:80"]
    env_file: [absent.env]
    volumes: ["./absent:/x:ro"]
    mem_limit: 900g
"""


def said(arguments, directory, environ):
    with start(arguments, directory, environ) as process:
        out, err = process.communicate(timeout=120)
    assert b"Traceback" not in err
    return process.returncode, out.decode(), err.decode()


def test_an_engine_over_ssh_is_asked_and_what_is_only_here_is_skipped(tmp_path):
    """Also: one login for all questions, answers in chunks, and a login that is refused."""
    there = remote(tmp_path)
    project = tmp_path / "project"
    project.mkdir()
    (project / "compose.yaml").write_text(PROJECT)
    with closing(there.engine):
        code, out, _ = said(["check", "--json"], project, there.environ)
        logins = there.engine.connections
        verdict = json.loads(out)
        found = {one["check"] for one in verdict["findings"]}
        assert "image-absent" in found
        assert not found & {"engine-unreachable", "bind-source-missing", "host-port-in-use"}
        reasons = {one["check"]: one["reason"] for one in verdict["skipped"]}
        assert "on another machine" in reasons["host-port-in-use"]
        assert {"/networks", "/info", "/images/json"} <= set(there.engine.asked)
        assert code == 1, "an env file is read here, by Compose, and is missed wherever it runs"
        assert "env-file-missing" in found
        refused = {**there.environ, "DOCKER_HOST": "ssh://nobody@far"}
        assert "Permission denied" in said(["status"], project, refused)[2]
        assert logins <= 4, "the docker client logs in to ask for the version, and we once"


def test_without_the_docker_client_it_is_said_who_is_missing(tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {web: {image: a}}\n")
    environ = {"DOCKER_HOST": "ssh://far", "PATH": str(tmp_path)}
    _, out, _ = said(["check"], tmp_path, environ)
    assert "only the docker client reaches it" in out


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ssh://-oProxyCommand=id", "not a valid address"),
        ("ssh://-l@host", "not a valid address"),
        ("ssh://host/?x=-o", "not a valid address"),
        ("ssh://me:hidden-word@host", "takes no password"),
        ("ssh://", "not a valid address"),
        ("ssh://a b", "not a valid address"),
        ("npipe:////./pipe/docker_engine", "only Windows has named pipes"),
        ("fd://", "'unix', 'tcp' and 'ssh'"),
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_started(url, words):
    with pytest.raises(EngineError, match=words) as caught:
        find_address({"DOCKER_HOST": url})
    assert "hidden-word" not in caught.value.message + caught.value.hint


def test_nothing_of_a_repository_chooses_the_engine_or_options_of_ssh(tmp_path):
    """A clone brings along what names an engine elsewhere; only the person's environment does."""
    clone, marks = tmp_path / "clone", tmp_path / "started"
    for name in (".docker", ".ssh", "bin"):
        (clone / name).mkdir(parents=True)
    (clone / "compose.yaml").write_text("services: {web: {image: 'a:1'}}\n")
    (clone / ".env").write_text("DOCKER_HOST=ssh://evil\nDOCKER_CONTEXT=evil\nPATH=./bin\n")
    config = {"currentContext": "evil", "credsStore": "evil"}
    (clone / ".docker" / "config.json").write_text(json.dumps(config))
    (clone / ".ssh" / "config").write_text(f"Host *\n  ProxyCommand touch {marks}\n")
    for program in ("ssh", "docker", "bin/ssh", "bin/docker"):
        (clone / program).write_text(f"#!/bin/sh\ntouch {marks}\nexit 1\n")
        (clone / program).chmod(0o755)
    nowhere = {
        "HOME": str(tmp_path),
        "DOCKER_HOST": f"unix://{tmp_path}/none.sock",
        "PATH": f".::bin:{os.environ['PATH']}",
    }
    for arguments in (["check"], ["status"], ["images"]):
        _, out, err = said(arguments, clone, nowhere)
        assert "evil" not in out + err
        assert not marks.exists(), arguments
    assert find_address({"HOME": str(tmp_path)}).url.startswith("unix://")


def test_without_a_home_the_configuration_of_a_clone_is_not_taken(tmp_path, monkeypatch):
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text('{"currentContext": "evil"}')
    monkeypatch.chdir(tmp_path)
    assert find_address({"DOCKER_CONTEXT": ""}).url.startswith("unix://")
