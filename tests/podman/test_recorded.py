"""What Podman 4.3.1 of Debian 12 really answered, with and without root, and where it is found.

The proofs by a Podman that runs are `make podman`: it cannot run in every container.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path

import pytest

from bootready.engine import sockets
from bootready.engine.address import find_address, host_for_clients
from bootready.engine.compose import find_compose
from bootready.engine.observe import LocalEngine
from bootready.errors import EngineError

RECORDED = Path(__file__).parent / "recorded"


def serve(path: Path, answers: dict[str, object]) -> socket.socket:
    """Answer questions at a socket, without and with a version of the API in front."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(20)

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                words = connection.recv(65536).split()
                if not words:
                    continue  # who only looks which process listens
                asked = words[1].decode().partition("?")[0]
                found = answers.get(asked.strip("/"))
                body = b"OK" if asked == "/_ping" else json.dumps(found).encode()
                status = b"404 Not Found" if found is None and asked != "/_ping" else b"200 OK"
                connection.sendall(b"HTTP/1.0 " + status + b"\r\n\r\n" + body)

    threading.Thread(target=run, daemon=True).start()
    return listener


@pytest.mark.parametrize(("name", "rootless"), [("rootful", False), ("rootless", True)])
def test_podman_is_known_by_the_components_of_its_version(tmp_path, name, rootless):
    answers = json.loads((RECORDED / f"{name}-4.3.1.json").read_text())
    with serve(tmp_path / "p.sock", answers) as listener:
        info = LocalEngine({"DOCKER_HOST": f"unix://{tmp_path}/p.sock"}).info()
        listener.shutdown(socket.SHUT_RDWR)
    assert info.kind.is_podman
    assert info.rootless is rootless, "it says so in a field of its own, not in SecurityOptions"
    assert (info.version, info.kind.cgroups) == ("4.3.1", "1")
    assert "json-file" not in info.log_drivers, "which it takes all the same"


def test_who_only_says_that_it_builds_by_buildah_is_not_podman(tmp_path):
    answers = {"info": {"BuildahVersion": "1"}, "version": {"Components": [{"Name": "Engine"}]}}
    with serve(tmp_path / "p.sock", answers) as listener:
        info = LocalEngine({"DOCKER_HOST": f"unix://{tmp_path}/p.sock"}).info()
        listener.shutdown(socket.SHUT_RDWR)
    assert info.kind.name == "docker"


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine whose usual socket does not exist; yields the environment of a person."""
    monkeypatch.setattr("bootready.engine.address.DEFAULT_HOST", f"unix://{tmp_path}/docker.sock")
    runtime = tmp_path / "run"
    (runtime / "podman").mkdir(parents=True)
    return {"XDG_RUNTIME_DIR": str(runtime), "HOME": str(tmp_path)}


def listening(path: Path) -> socket.socket:
    found = socket.socket(socket.AF_UNIX)
    found.bind(str(path))
    return found


def test_sockets_of_rootless_docker_and_podman_are_found_docker_first(tmp_path, nowhere):
    with listening(tmp_path / "run" / "podman" / "podman.sock"):
        url = f"unix://{tmp_path}/run/podman/podman.sock"
        assert find_address(nowhere).url == url
        assert host_for_clients(nowhere) == url, "Compose is given the same"
        with listening(tmp_path / "run" / "docker.sock"):
            assert find_address(nowhere).url == f"unix://{tmp_path}/run/docker.sock"
        named = {**nowhere, "DOCKER_HOST": "tcp://127.0.0.1:1"}
        assert find_address(named).port == 1
        assert host_for_clients(named) == ""
        with pytest.raises(EngineError, match="not defined"):
            find_address({**nowhere, "DOCKER_CONTEXT": "gone"})
        with listening(tmp_path / "docker.sock"):
            assert find_address(nowhere).path == str(tmp_path / "docker.sock")
            assert host_for_clients(nowhere) == ""


def test_the_socket_of_somebody_else_or_a_file_is_none(tmp_path, nowhere, monkeypatch):
    (tmp_path / "run" / "docker.sock").write_text("")
    assert not find_address(nowhere).path.endswith("run/docker.sock")
    with listening(tmp_path / "run" / "podman" / "podman.sock"):
        mine = os.stat(tmp_path).st_uid
        monkeypatch.setattr(sockets, "user_id", lambda: mine + 1)
        believed = sockets._is_believed(str(tmp_path / "run" / "podman" / "podman.sock"))
        assert believed is (mine == 0)


def test_podman_compose_is_used_if_it_starts_compose(tmp_path):
    """`podman compose` hands on to a provider; podman-compose is another program."""
    podman = tmp_path / "podman"
    for version, is_taken in (("v2.32.4", True), ("1.0.6", False)):
        podman.write_text(
            f"#!/bin/sh\necho Executing external compose provider >&2\necho {version}\n"
        )
        podman.chmod(0o755)
        environ = {"PATH": str(tmp_path)}
        beside = [command for command in [find(environ)] if command]
        assert ([str(podman), "compose"] in beside) is is_taken


def find(environ: dict[str, str]) -> list[str]:
    """Return the command of the Compose that is found, with no other one in the way."""
    from unittest import mock

    with mock.patch("sys.executable", "/nowhere/python"):
        try:
            return list(find_compose(environ).command)
        except EngineError:
            return []
