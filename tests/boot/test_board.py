"""Events and inspected containers -> the services that are up, gone or replaced."""

from __future__ import annotations

from pathlib import Path

from bootready.boot.watch.board import Board
from bootready.engine.address import parse_address
from bootready.engine.api import Api
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
