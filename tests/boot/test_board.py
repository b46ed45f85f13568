"""Events and inspected containers -> the services that are up, gone or replaced."""

from __future__ import annotations

from pathlib import Path

from bootready.boot.watch import board as watching
from bootready.boot.watch.board import Board
from bootready.engine.address import parse_address
from bootready.engine.api import Api
from bootready.model.boot import Phase
from bootready.model.node import Plain
from bootready.model.request import Request
from bootready.pipeline import load


class RecordedApi(Api):
    """An engine of which the containers are known, by id."""

    def __init__(self) -> None:
        super().__init__(parse_address("unix:///nowhere"))

    def inspect(self, container: str) -> Plain:
        labels: dict[str, Plain] = {"com.docker.compose.service": "a"}
        return {"Id": container, "State": {"Status": "created"}, "Config": {"Labels": labels}}


def board(tmp_path: Path, *events: tuple[str, str]) -> Board:
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x}}\n")
    project = load(Request(directory=str(tmp_path)), {})
    found = Board(project, project.services, 0.0, 2.0)
    for action, identity in events:
        found.apply(RecordedApi(), {"Action": action, "Actor": {"ID": identity}})
    return found


def test_a_container_that_vanishes_is_missed(tmp_path):
    assert board(tmp_path, ("create", "1"), ("destroy", "1")).removed == {"a"}


def test_a_container_that_compose_replaces_is_not(tmp_path):
    events = ("create", "1"), ("create", "2"), ("destroy", "1")
    assert board(tmp_path, *events).removed == set()


def test_a_server_that_does_not_listen_yet_is_not_believed(tmp_path, monkeypatch):
    """mysqld that refuses an option dies some seconds after its start, and never listens."""
    silent = {"1"}
    monkeypatch.setattr(watching, "is_silent", lambda one: one.id in silent)
    (tmp_path / "compose.yaml").write_text(
        "services: {own: {image: x}, job: {image: x, command: [sleep, '9']}}\n"
    )
    project = load(Request(directory=str(tmp_path)), {})
    found = Board(project, project.services, 0.0, 2.0)
    for service in ("own", "job"):
        found.apply(Serving(service), {"Action": "start", "Actor": {"ID": "1"}})
        states = found.states(now=1003.0)
        assert states[service].phase is (Phase.STARTING if service == "own" else Phase.READY)
        found.apply(Serving(service), {"Action": "destroy", "Actor": {"ID": "1"}})
    found.apply(Serving("own"), {"Action": "start", "Actor": {"ID": "1"}})
    assert found.settles_in(1003.0) <= 0.25
    assert found.states(now=1000.0 + watching.UNHEARD)["own"].phase is Phase.READY
    silent.clear()
    assert found.states(now=1003.0)["own"].phase is Phase.READY


class Serving(RecordedApi):
    """An engine with one container of a service, started at second 1000, that exposes a port."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def inspect(self, container: str) -> Plain:
        labels: dict[str, Plain] = {"com.docker.compose.service": self._service}
        started = "1970-01-01T00:16:40Z"
        return {
            "Id": container,
            "State": {"Status": "running", "StartedAt": started, "Pid": 1},
            "Config": {"Labels": labels, "ExposedPorts": {"3306/tcp": {}, "53/udp": {}}},
        }
