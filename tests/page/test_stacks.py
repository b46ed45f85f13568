"""`serve` on several projects, on the nodes of a swarm, and while nobody answers for a time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bootready.cli import run
from browser_support import chromium, listen
from recorded_manager import node, recorded_manager
from relay import relayed

COMPOSE = "name: {name}\nservices:\n  web: {{image: 'nginx:1'}}\n"


def task(number: int, where: str, state: str, service: str = "s-shop", **more: Any) -> dict:
    """A task of a service with two replicas as the manager tells it."""
    return {
        "ID": f"t{number}",
        "ServiceID": service,
        "Slot": number,
        "NodeID": where and f"id-{where}",
        "CreatedAt": f"2026-01-01T00:00:0{number}Z",
        "DesiredState": "running",
        "Status": {"State": state, **more},
    }


def service(stack: str, replicas: int) -> dict:
    return {
        "ID": f"s-{stack}",
        "Spec": {
            "Name": f"{stack}_web",
            "Mode": {"Replicated": {"Replicas": replicas}},
            "TaskTemplate": {},
        },
    }


@contextmanager
def serve(environ: dict[str, str], directory: Path, *words: str) -> Iterator[str]:
    """Run `serve` in `directory` until the context ends; yields the address that it prints."""
    command = [sys.executable, "-m", "bootready", "serve", *words]
    environment = {**os.environ, **environ}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, cwd=directory
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+/", process.stdout.readline())
            assert found
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


@pytest.mark.slow
def test_stacks_side_by_side_on_their_nodes_while_the_manager_goes_and_comes(tmp_path):
    for name in ("shop", "blog"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "compose.yaml").write_text(COMPOSE.format(name=name), encoding="utf-8")
    hostile = "<img src=x onerror=alert(1)>"
    answers: dict[str, list[dict]] = {
        "/nodes": [node("two", Status={"State": "down"}), node("one"), node(hostile)],
        "/services": [service("shop", 2)],
        "/tasks": [
            task(1, "one", "running"),
            task(2, "", "pending", Err="no suitable node"),
        ],
    }
    said: list[str] = []
    with (
        recorded_manager(answers) as manager,
        relayed(manager["DOCKER_HOST"].removeprefix("unix://")) as relay,
        serve(
            {"DOCKER_HOST": f"unix://{relay.path}"},
            tmp_path,
            *("-C", "shop", "-C", "blog", "--target", "swarm"),
        ) as address,
        chromium() as browser,
    ):
        page = browser.new_page()
        listen(page, said)
        page.goto(address)
        page.locator(".project", has_text="shop").get_by_text("not all up").wait_for()
        page.keyboard.press("n")  # to the first project
        page.wait_for_url(f"{address}1/")
        nodes = page.locator("#live-nodes .node")
        nodes.get_by_text("pending: no suitable node").wait_for()
        assert [one.split()[0] for one in nodes.all_inner_texts()] == ["<img", "one", "two", "on"]
        assert page.locator("img").count() == 0
        assert "down" in nodes.nth(2).inner_text()
        page.keyboard.press("n")
        page.wait_for_url(f"{address}2/")
        page.locator("[aria-current=page]", has_text="blog").wait_for()
        page.keyboard.press("p")
        page.wait_for_url(f"{address}1/")
        nodes.get_by_text("pending").wait_for()

        relay.close()
        page.locator("#live-old", has_text="What is shown is from").wait_for()
        assert "running" in nodes.nth(1).inner_text()
        assert page.locator(".old .box[data-now]").count() == 1
        page.locator(".project", has_text="shop").get_by_text("not seen now").wait_for()
        answers["/tasks"][1] = task(2, "one", "running")
        relay.open()
        page.locator("#live-said", has_text="ready: 1 of 1 services up").wait_for()
        assert page.locator("#live-old").is_hidden()
        assert page.locator(".box[data-now=ready]").count() == 1
        assert nodes.count() == 3

        files = tmp_path / "shop" / "compose.yaml"
        files.write_text("services: [", encoding="utf-8")
        page.locator("#live-old").wait_for()
        files.write_text(COMPOSE.format(name="shop") + "  db: {image: x}\n", encoding="utf-8")
        page.locator(".box[data-name=db]").wait_for()
        assert page.locator("#live-old").is_hidden()
    assert [words for words in said if "ERR_" not in words] == []


def test_what_selects_one_project_is_not_for_several(tmp_path, capsys):
    for name in ("shop", "blog"):
        (tmp_path / name).mkdir()
    directories = ["-C", str(tmp_path / "shop"), "-C", str(tmp_path / "blog")]
    for words in (["web"], ["-p", "x"], ["-f", "a.yaml"], ["--project-directory", "."]):
        assert run(["serve", *directories, *words]) == 2
        assert "select one project and cannot be combined with several" in capsys.readouterr().err
