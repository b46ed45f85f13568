"""The report on the projects of a repository: one page, a line for each, told apart everywhere."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from bootready.cli import run

ROOT = Path(__file__).parents[3]
FAULTY = """\
services:
  web: {image: "nginx:1.27", depends_on: [db], restart: allways, environment: {U: "redis://db/0"}}
  db: {image: "valkey/valkey:8", environment: {API_TOKEN: hunter2hunter2}}
"""
SCHEMAS = ("check", "report", "repository", "repository-report")


@pytest.fixture
def monorepo(tmp_path, monkeypatch) -> Path:
    """Two projects that are the same, one that is ready, one that cannot be read, one variant."""
    files = {
        "svc/a b/compose.yaml": FAULTY,
        "svc/copy/compose.yaml": FAULTY,
        "svc/ok/compose.yaml": "services: {web: {image: 'nginx:1.27'}}\n",
        "svc/ok/compose.dev.yaml": "services: {}\n",
        "svc/bad/compose.yaml": "services: [\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reported(capsys, *words: str, code: int = 2) -> str:
    assert run(["report", "--engine", "none", *words]) == code
    return capsys.readouterr().out


def test_the_index_has_a_line_for_each_project_and_leads_to_it(monorepo, capsys):
    text = reported(capsys, "-r")
    rows = re.findall(r'<tr><td><a href="#(p\d)">(.*?)</a></td><td>.*?</span> (.*?)</td>', text)
    assert rows == [
        ("p1", "svc/a b", "not ready: 1 error"),
        ("p2", "svc/bad", "cannot be read"),
        ("p3", "svc/copy", "not ready: 1 error"),
        ("p4", "svc/ok", "ready: no findings"),
    ]
    assert "not ready: 3 of 4 projects; looked at" in text
    assert "svc/ok/compose.dev.yaml</span>" in text
    assert set(re.findall(r'href="#([^"]*)"', text)) <= set(re.findall(r' id="([^"]*)"', text))
    assert set(re.findall(r'href="([^#"]*)"', text)) == set(), "no page was written to lead to"
    assert "hunter2" not in text
    assert reported(capsys, "-r") == text


def test_each_project_has_its_page_beside_the_index(monorepo, capsys):
    assert reported(capsys, "-r", "-o", "out.html") == ""
    links = re.findall(r'href="([^#"]*)"', (monorepo / "out.html").read_text())
    assert links == [f"out-projects/svc-{name}.html" for name in ("a-b", "copy", "ok")]
    for link, place in zip(links, ("svc/a b", "svc/copy", "svc/ok"), strict=True):
        alone = reported(capsys, "-C", place, code=0)
        assert (monorepo / link).read_text() == alone
    assert run(["report", "-r", "--format", "svg"]) == 2
    assert "draws one project" in capsys.readouterr().err


def test_pages_of_names_that_files_cannot_have_are_kept_apart(tmp_path, capsys, monkeypatch):
    for name in ("a b", "a-b", "A b", "...", "é", "<x>"):
        (tmp_path / name).mkdir()
        text = "name: x\nservices: {web: {image: 'nginx:1.27'}}\n"
        (tmp_path / name / "compose.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    reported(capsys, *(word for path in tmp_path.iterdir() for word in ("-C", str(path))),
             "-o", "out.html", code=0)  # fmt: skip
    assert len(list((tmp_path / "out-projects").iterdir())) == 6


def test_the_graph_keeps_services_of_the_same_name_apart(monorepo, capsys):
    text = reported(capsys, "-r", "--format", "mermaid")
    assert '  subgraph p1["svc/a b"]\n  p1s0["✕ web"]\n' in text
    assert "  p1s0 -.-> p1s1\n" in text
    assert '  subgraph p3["svc/copy"]\n  p3s0["✕ web"]\n' in text
    assert '  p2unread["✕ cannot be read"]\n' in text
    assert "  class p1s0,p3s0 error\n" in text


def test_json_holds_each_project_as_a_report_of_its_own(monorepo, capsys):
    whole = json.loads(reported(capsys, "-r", "--format", "json"))
    texts = {name: ROOT / f"docs/reference/{name}.schema.json" for name in SCHEMAS}
    schemas = {name: json.loads(path.read_text()) for name, path in texts.items()}
    known = Registry().with_resources(
        [(f"{name}.schema.json", Resource.from_contents(one)) for name, one in schemas.items()]
    )
    Draft202012Validator(schemas["repository-report"], registry=known).validate(whole)
    assert [len(one.get("services", ())) for one in whole["projects"]] == [2, 0, 2, 1]
    alone = json.loads(reported(capsys, "-C", "svc/ok", "--format", "json", code=0))
    del alone["ready"]
    assert whole["projects"][3].items() >= alone.items()


def test_programs_get_what_check_gives_them(monorepo, capsys):
    for name in ("sarif", "junit"):
        of_report = reported(capsys, "-r", "--format", name)
        assert run(["check", "-r", "--engine", "none", "--format", name]) == 2
        assert of_report == capsys.readouterr().out
    ET.fromstring(of_report)


def test_options_of_check_say_what_is_looked_at(monorepo, capsys):
    both = ("-C", "svc/copy", "-C", "svc/ok")
    assert "ready: 2 projects" in reported(capsys, *both, "--skip", "restart-unknown", code=0)
    assert "not ready: 1 of 2 projects" in reported(capsys, *both, code=0)
    reported(capsys, *both, "--fail", code=1)
    text = reported(capsys, "-C", "svc/ok", "-r", "-o", "page.html", "--fail", code=0)
    assert text == ""
    assert "ready: 1 project" in (monorepo / "page.html").read_text()
    assert run(["report", "-r", "-f", "svc/ok/compose.yaml"]) == 2
    assert "-f is of one project" in capsys.readouterr().err


def test_one_project_says_the_next_step_first(monorepo, capsys):
    (monorepo / "svc/ok/compose.yaml").write_text(
        "services: {web: {image: 'nginx:1.27', secrets: [t]}}\nsecrets: {t: {file: ./t}}\n"
    )
    text = reported(capsys, "-C", "svc/ok", code=0)
    assert "bootready prepare" in text.split('class="tiles"')[0]
