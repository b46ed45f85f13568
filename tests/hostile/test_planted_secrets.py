"""A secret in every kind of place: no command shows one in any format, in words or in files.

`config` is left out: it prints what Compose prints, and says so. What an engine says of a running
project is asked in `tests/engine/diagnose/test_bundle.py`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bootready import cli, pipeline
from bootready.cli.report import FORMATS as REPORTS
from bootready.model.node import Mapping, Node, Sequence
from bootready.model.position import Location, Span, YamlPath, render_path
from bootready.model.request import Request
from bootready.report.excerpt import excerpt
from bootready.report.explained_names import explain_variable, names_of_gifts
from bootready.report.explanation import (
    Explanation,
    explain_path,
    explanation_object,
    render_explanation,
)
from bootready.report.formats.render import FORMATS
from engine_support import find_compose
from every_output import RUNS, every_run, not_run, written
from planted_secrets import BROKEN, FILES, VALUE, plant, shown_in


@pytest.fixture
def planted(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("BOOTREADY_COMPOSE", "/bin/true")
    directory = tmp_path / "project"
    plant(directory)
    return directory


def test_there_are_many_and_each_is_another():
    values = VALUE.findall("".join(FILES.values()))
    assert len(values) >= 80
    assert len(set(values)) == len(values)


def test_every_command_option_and_format_is_run():
    assert set(RUNS) == {*cli.COMMANDS, *cli.HIDDEN}
    assert {command: not_run(command) for command in RUNS if not_run(command)} == {}
    for command, names in (("check", FORMATS), ("report", REPORTS)):
        runs = {words[1] for words in RUNS[command] if words[:1] == ("--format",)}
        assert runs == set(names)


@pytest.mark.parametrize(("command", "words"), every_run())
def test_no_output_but_config_shows_a_secret(planted, command, words):
    text = written(planted, command, words)
    if command != "config":
        assert shown_in(text) == []


def test_the_summary_of_a_step_shows_none(planted, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.touch()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    written(planted, "check", ("--format", "github", "--engine", "none"))
    assert "planted" in summary.read_text()
    assert shown_in(summary.read_text()) == []


def loaded(directory: Path):
    return pipeline.load(Request(directory=str(directory)), os.environ)


def test_no_line_is_quoted_with_its_secret(planted):
    """Wherever a finding may point to: every line of every file, whatever it says."""
    for name, text in FILES.items():
        if name == "secrets/s":
            continue  # the value alone: no finding has a place in it
        for number, line in enumerate(text.splitlines(), 1):
            place = Location(Span(str(planted / name), number, 1, number, len(line) + 1))
            assert shown_in("\n".join(excerpt(place, text))) == [], line


def paths_below(node: Node, path: YamlPath) -> list[YamlPath]:
    below: list[YamlPath] = [path]
    if isinstance(node, Mapping):
        for key, child in node.entries.items():
            below += paths_below(child, (*path, key))
    elif isinstance(node, Sequence):
        for index, child in enumerate(node.items):
            below += paths_below(child, (*path, index))
    return below


def test_no_value_of_the_model_is_explained_with_its_secret(planted):
    project = loaded(planted)
    paths = [path for path in paths_below(project.model, ()) if path]
    assert len(paths) > 200
    for path in paths:
        found = explain_path(project, render_path(path))
        assert isinstance(found, Explanation)
        text = render_explanation(found, project) + json.dumps(explanation_object(found))
        assert shown_in(text) == [], render_path(path)


def test_no_editor_is_told_a_secret(planted):
    """What is found, and what hovers over many a place of every file show."""
    from bootready.lsp.opened import look_at
    from bootready.lsp.pointed import Point, hover

    opened = look_at(Request(directory=str(planted)), {}, os.environ)
    assert len(opened.findings) > 10
    told = [f"{one.message} {one.hint} {one.consequence}" for one in opened.findings]
    for name, text in FILES.items():
        for number, line in enumerate(text.splitlines(), 1):
            points = (Point(str(planted / name), number, at) for at in range(1, len(line) + 1, 25))
            told += [hover(opened, point, text) for point in points]
    assert sum(map(bool, told)) > 100
    assert shown_in("\n".join(told)) == []


def test_no_variable_is_explained_with_its_secret(planted):
    project = loaded(planted)
    used = {use.reference.name for use in project.uses}
    for name in {*project.variables, *used, *names_of_gifts(project)}:
        found = explain_variable(project, name)
        assert found is not None
        text = render_explanation(found, project) + json.dumps(explanation_object(found))
        assert shown_in(text) == [], name


@pytest.mark.slow
@pytest.mark.parametrize(("name", "text"), BROKEN)
def test_what_is_wrong_is_told_without_the_secret(tmp_path, monkeypatch, name, text):
    """Here the value itself is what is wrong, and messages speak of values, Compose's too."""
    monkeypatch.setenv("DOCKER_HOST", f"tcp://u:ZZ01@{tmp_path.name}:port")
    found = find_compose(5)
    monkeypatch.setenv("BOOTREADY_COMPOSE", " ".join(found.command) if found else "/bin/true")
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "compose.yaml").write_text("services: {a: {image: busybox, env_file: [b.env]}}\n")
    (directory / "b.env").write_text("A=b\n")
    (directory / name).write_text(text)
    for number, (command, words) in enumerate(QUICK):
        place = tmp_path / str(number) / "project"
        place.parent.mkdir()
        (directory if number == 0 else tmp_path / str(number - 1) / "project").rename(place)
        assert shown_in(written(place, command, words)) == [], (command, words)


def test_what_only_compose_refuses_is_told_without_the_secret(tmp_path, monkeypatch):
    """Compose repeats whole values; where `check` has no error, its words are the only ones."""
    compose = tmp_path / "docker-compose"
    compose.write_text(
        '#!/bin/sh\n[ "$1" = version ] && echo 5.6.1 && exit\n'
        "echo 'services.a.environment.PASSWORD is odd: ZZ01; postgres://u:ZZ02@h' >&2; exit 1\n"
    )
    compose.chmod(0o755)
    monkeypatch.setenv("BOOTREADY_COMPOSE", str(compose))
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "compose.yaml").write_text(
        "services: {a: {image: busybox:1, environment: {PASSWORD: ZZ01}}}\n"
    )
    text = written(directory, "validate", ())
    assert "rejects it: services.a.environment.PASSWORD is odd" in text
    assert shown_in(text) == []


QUICK = [
    ("check", ("-v",)),
    *(("check", ("--format", name, "--engine", "none")) for name in FORMATS),
    *(("report", ("--format", name, "--engine", "none")) for name in REPORTS),
    ("config", ("-q",)),
    ("config", ("-q", "--no-interpolate")),
    ("config", ("-q", "--compose", "v2")),
    ("validate", ()),
    ("fix", ("--unsafe",)),
    ("prepare", ("--dry-run",)),
    ("bundle", ("-o", "{out}")),
    ("status", ()),
    ("explain", ("services.a",)),
    ("images", ("--engine", "none")),
]
