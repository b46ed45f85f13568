"""The report shows the whole project, loads nothing, and says no secret; each time the same."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from bootready.cli import run

COMPOSE = """\
name: shop
services:
  web:
    image: registry.example.com/shop/web:1.27
    ports: ["127.0.0.1:8443:443"]
    depends_on:
      db: {condition: service_healthy}
      migrate: {condition: service_completed_successfully}
    environment:
      URL: postgres://postgres:hunter2hunter2@db/shop
    restart: allways
  migrate:
    image: "<img src=x onerror=alert(1)>"
    depends_on: [db]
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: hunter2hunter2}
    secrets: [db_password]
    restart: always
  lonely:
    image: busybox
secrets:
  db_password:
    file: ./db_password.txt
"""
VOID = {"meta", "input", "br"}


@pytest.fixture
def shop(tmp_path, monkeypatch):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "db_password.txt").write_text("hunter2hunter2")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Balanced(HTMLParser):
    """Fails where an element is not closed; gathers tags, their attributes and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def printed(capsys, *arguments: str) -> str:
    assert run(["report", "--engine", "none", *arguments]) == 0
    return capsys.readouterr().out


def parsed(text: str) -> Balanced:
    page = Balanced()
    page.feed(text)
    assert page.open == []
    return page


def boxes_of(page: Balanced) -> list[tuple[str | None, str]]:
    """The boxes of the graph, with their names and classes."""
    found = [(one.get("data-name"), one.get("class") or "") for _, one in page.found]
    return [(name, kind) for name, kind in found if kind.startswith("box ")]


def test_page_is_whole_and_loads_nothing(shop, capsys):
    text = printed(capsys)
    page = parsed(text)
    assert "://" not in re.sub(r"default-src[^\"]*", "", text)
    assert not [tag for tag, found in page.found if {"src", "onerror"} & set(found)]
    assert {found["href"][0] for _, found in page.found if "href" in found} == {"#"}
    assert "default-src 'none'" in text


def test_page_shows_services_findings_and_where(shop, capsys):
    page = parsed(printed(capsys))
    for words in ("web", "migrate", "lonely", "restart-unknown", "compose.yaml:11:14", "8443"):
        assert words in page.words
    anchors = {found["id"] for _, found in page.found if "id" in found}
    links = {found["href"][1:] for _, found in page.found if "href" in found}
    assert links <= anchors
    boxes = dict(boxes_of(page))
    assert boxes["web"] == "box error"
    assert boxes["lonely"] == "box fine"


def test_no_format_says_a_secret(shop, capsys):
    for name in ("html", "svg", "mermaid", "json", "sarif", "junit"):
        assert "hunter2" not in printed(capsys, "--format", name)


def test_same_project_same_bytes(shop, capsys):
    assert printed(capsys) == printed(capsys)


def test_names_cannot_become_markup(shop, capsys):
    page = parsed(printed(capsys))
    assert not [tag for tag, _ in page.found if tag == "img"]


def test_mermaid_is_golden(shop, capsys, golden):
    golden(printed(capsys, "--format", "mermaid"), Path(__file__).parent / "shop.mmd")


def test_json_is_that_of_check_with_services(shop, capsys):
    whole = json.loads(printed(capsys, "--format", "json"))
    assert [service["name"] for service in whole["services"]] == ["web", "migrate", "db", "lonely"]
    assert {
        "service": "migrate",
        "needs": "db",
        "condition": "service_started",
        "required": True,
    } in (whole["dependencies"])
    page = Path(__file__).parents[3] / "docs/reference"
    of_check, of_report = (
        json.loads((page / f"{name}.schema.json").read_text()) for name in ("check", "report")
    )
    assert of_report.pop("allOf") == [{"$ref": "check.schema.json"}]
    jsonschema.validate(whole, of_check)
    jsonschema.validate(whole, of_report)
    assert whole["version"] == 1
    assert whole["ready"] is False


def test_fail_makes_it_an_exit_code(shop, capsys):
    assert run(["report", "--engine", "none", "--fail", "-o", "r.html"]) == 1
    assert (shop / "r.html").read_text().startswith("<!doctype html>")


def test_a_shared_cause_marks_every_service(tmp_path, monkeypatch, capsys):
    """A finding that stands for many services marks all of them, not the first few."""
    lines = [f"  s{n}: {{image: busybox, restart: allways}}" for n in range(200)]
    (tmp_path / "compose.yaml").write_text("\n".join(["name: many", "services:", *lines, ""]))
    monkeypatch.chdir(tmp_path)
    page = parsed(printed(capsys))
    assert [kind for _, kind in boxes_of(page) if "closed" not in kind] == ["box error"] * 200


def test_one_service_and_none(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: {a: {image: busybox}}\n")
    assert "Ready to boot" in parsed(printed(capsys)).words
    (tmp_path / "compose.yaml").write_text("services: {a: {image: busybox, profiles: [x]}}\n")
    assert "No service is selected" in parsed(printed(capsys)).words
