"""`serve` notices every file that comes, changes or goes and has a say in the project."""

from __future__ import annotations

import json
from threading import Thread

import pytest

from bootready.model.boot import Diagnosis
from bootready.model.position import Location, Span
from bootready.model.request import Request
from bootready.page.channel import Channel
from bootready.page.examined import Examined
from bootready.page.stacks import Followed, Place
from bootready.page.stamps import stamps_of
from recorded_manager import node, recorded_manager

FILES = """\
name: shop
services:
  web:
    image: 'bootready.local/web:1'
    restart: allways
    environment: {DB_PASSWORD: rose-tree-91}
    env_file: [{path: more.env, required: false}]
    volumes: ['./web.conf:/etc/web.conf', './data:/data', './web.log:/log']
    secrets: [key]
    configs: [site]
secrets:
  key: {file: ./key.txt}
configs:
  site: {file: ./site.txt}
"""
NOBODY = {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}
COMING = [
    ".env",
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
    "more.env",
    "key.txt",
    "site.txt",
    "web.conf",
    "bootready.toml",
]
BELONGS = {".yml": "services: {}\n", ".yaml": "services: {}\n"}


@pytest.fixture
def request_of(tmp_path):
    (tmp_path / "compose.yaml").write_text(FILES, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "web.log").touch()
    return Request(directory=str(tmp_path))


def come(directory, name: str) -> None:
    suffix = name[name.rindex(".") :]
    (directory / name).write_text(BELONGS.get(suffix, ""), encoding="utf-8")


@pytest.mark.parametrize("name", COMING)
def test_a_file_that_comes_is_noticed(request_of, tmp_path, name):
    followed = Followed(Place(request_of, "shop"), NOBODY)
    before = followed.load()
    page = followed.page()
    assert followed.load() is before
    assert followed.page() is page
    come(tmp_path, name)
    assert followed.page() is not page
    after = followed.load()
    assert after is not before
    assert followed.load() is after


@pytest.mark.parametrize("name", COMING)
def test_the_findings_are_looked_for_again_when_a_file_comes(request_of, tmp_path, name):
    examined = Examined(request_of, NOBODY, Channel())
    page = examined.page()
    examined.look_again()
    assert examined.page() is page
    come(tmp_path, name)
    examined.look_again()
    assert examined.page() is not page


def test_what_a_service_writes_all_the_time_makes_no_new_page(request_of, tmp_path):
    followed = Followed(Place(request_of, "shop"), NOBODY)
    before = followed.load()
    (tmp_path / "data" / "rows").write_text("x", encoding="utf-8")
    (tmp_path / "web.log").write_text("a line\n", encoding="utf-8")
    assert followed.load() is before


def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(tmp_path):
    assert stamps_of(["/a\0b", str(tmp_path / "none")]) == (
        ("/a\0b", -1, -1),
        (str(tmp_path / "none"), -1, -1),
    )


def test_what_the_engine_says_of_a_task_or_of_itself_is_masked(request_of):
    task = {
        "ID": "t1",
        "ServiceID": "s",
        "Slot": 1,
        "NodeID": "id-one",
        "CreatedAt": "2026-01-01T00:00:00Z",
        "DesiredState": "running",
        "Status": {"State": "rejected", "Err": "invalid argument 'rose-tree-91'"},
    }
    service = {
        "ID": "s",
        "Spec": {"Name": "shop_web", "Mode": {"Replicated": {"Replicas": 1}}, "TaskTemplate": {}},
    }
    answers = {"/nodes": [node("one")], "/services": [service], "/tasks": [task]}
    with recorded_manager(answers) as manager:
        followed = Followed(Place(request_of, "shop", "swarm"), manager)
        followed.look()
        told = followed.channel.read().text
        assert "invalid argument" in told
        assert "rose-tree-91" not in told
    refusal = {"message": "no permission for rose-tree-91"}
    with recorded_manager({"/services": refusal, "/nodes": refusal}) as manager:
        followed = Followed(Place(request_of, "shop", "swarm"), manager)
        followed.look()
    said = json.loads(followed.channel.read().text)["said"]
    assert said == "no permission for ****"


def test_what_the_boot_confirmed_last_is_told_last(request_of, tmp_path):
    """The boot blames in a thread of its own, while another is about to tell what was before."""
    place = Location(Span(str(tmp_path / "compose.yaml"), 5, 1, 5, 9), ())
    blame = [Diagnosis("refused", "web", "x", "y", "z", location=place)]
    boots: list[Thread] = []

    class Slow(Channel):
        def put(self, **values: object) -> None:
            if "findings" in values and not boots:
                boots.append(Thread(target=examined.blame, args=(blame,)))
                boots[0].start()
                boots[0].join(0.5)  # it ends only if it did not wait for its turn
            super().put(**values)

    channel = Slow()
    examined = Examined(request_of, NOBODY, channel)
    examined.page()
    boots[0].join(60)
    findings = json.loads(channel.read().text)["findings"]
    assert any(one["confirmed"] for one in findings)
