"""`bootready config`: what it prints, where, and with which exit code."""

from __future__ import annotations

import json

import pytest

from bootready.cli import run

COMPOSE = """\
services:
  web:
    image: "web:${TAG}"
    command: "echo ${WHO} ${TAG} ${MODE:-quiet}"
    profiles: [front]
  db:
    image: db
    secrets: [token]
secrets:
  token: {environment: TOKEN}
"""


@pytest.fixture(autouse=True)
def directory(tmp_path, monkeypatch):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(tmp_path)
    for name in ("TAG", "WHO", "MODE", "COMPOSE_FILE", "COMPOSE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOKEN", "do-not-print-me")
    return tmp_path


def test_each_unset_variable_is_one_line_with_its_places(capsys):
    assert run(["config", "-q", "--profile", "front"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "bootready: 'TAG' is not set, so it is empty: compose.yaml:3, compose.yaml:4",
        "bootready: 'WHO' is not set, so it is empty: compose.yaml:4",
    ]


def test_quiet_prints_nothing_and_a_file_takes_the_output(capsys, directory):
    assert run(["config", "-q"]) == 0
    assert run(["config", "--format", "json", "-o", "out.json"]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((directory / "out.json").read_text())["name"] == directory.name.lower()


def test_services_named_bring_their_profiles(capsys):
    assert run(["config", "--format", "json", "web"]) == 0
    assert list(json.loads(capsys.readouterr().out)["services"]) == ["web"]


@pytest.mark.parametrize(
    ("flag", "want"),
    [
        ("--services", "db\n"),
        ("--profiles", "front\n"),
        ("--images", "db\n"),
        ("--networks", "default\n"),
    ],
)
def test_lists(flag, want, capsys):
    assert run(["config", flag]) == 0
    assert capsys.readouterr().out == want


@pytest.mark.parametrize(
    ("flag", "want"),
    [
        ("--services", "db\nweb\n"),
        ("--images --profile front", "db\nweb:${TAG}\n"),
        ("--profiles", "front\n"),
    ],
)
def test_lists_of_a_project_that_is_not_interpolated(flag, want, capsys):
    assert run(["config", "--no-interpolate", *flag.split()]) == 0
    assert capsys.readouterr().out == want


def test_lists_are_printed_whether_or_not_quiet_or_an_output_is_asked_for(capsys, directory):
    assert run(["config", "-q", "--services", "-o", "out"]) == 0
    assert capsys.readouterr().out == "db\n"
    assert not (directory / "out").exists()


def test_the_first_of_several_lists_is_printed_in_the_order_of_compose(capsys):
    assert run(["config", "--environment", "--images", "--networks"]) == 0
    assert capsys.readouterr().out == "default\n"


def test_lists_of_the_whole_project_read_no_env_files_and_know_no_selection(capsys, directory):
    (directory / "compose.yaml").write_text(
        "services: {a: {image: a, env_file: no.env}, b: {image: b}}\n"
    )
    assert run(["config", "--services", "nope"]) == 0
    assert capsys.readouterr().out == "a\nb\n"
    assert run(["config", "--hash", "b"]) == 0
    assert capsys.readouterr().out.startswith("b ")
    assert run(["config", "--hash", "a"]) == 2
    assert run(["config", "--images", "b"]) == 2


def test_images_and_models_are_printed_as_often_as_they_are_used(capsys, directory):
    (directory / "compose.yaml").write_text(
        "services:\n"
        "  a: {image: x, pre_start: [{command: [a], image: h}, {command: [a], image: x}]}\n"
        "  b: {image: x, models: [m, n]}\n"
        "models: {m: {model: q}, n: {model: q}}\n"
    )
    assert run(["config", "--images"]) == 0
    assert capsys.readouterr().out == "h\nx\nx\n"
    assert run(["config", "--models"]) == 0
    assert capsys.readouterr().out == "q\nq\n"


def test_containers_of_one_name_are_refused_only_where_both_are_selected(capsys, directory):
    (directory / "compose.yaml").write_text(
        "services: {a: {image: a, container_name: cc}, b: {image: b, container_name: cc}}\n"
    )
    assert run(["config", "-q"]) == 2
    assert run(["config", "-q", "a"]) == 0
    assert run(["config", "--services", "--images"]) == 0
    assert capsys.readouterr().out == "a\nb\n"


def test_a_project_that_is_not_normalised_still_has_its_name(capsys, directory):
    assert run(["config", "--no-normalize", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == directory.name.lower()


def test_a_secret_is_shown_only_where_compose_shows_it_and_somebody_asks(capsys):
    for arguments in ([], ["--no-interpolate"], ["--reveal"], ["--environment"]):
        assert run(["config", *arguments]) == 0
        assert "do-not-print-me" not in "".join(capsys.readouterr())


def test_variables_are_listed_with_their_defaults(capsys):
    assert run(["config", "--variables", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["MODE"]["DefaultValue"] == "quiet"
    assert sorted(listed) == ["MODE", "TAG", "WHO"]


def test_variables_are_a_table_unless_yaml_is_asked_for(capsys):
    assert run(["config", "--variables"]) == 0
    assert capsys.readouterr().out.startswith("NAME ")
    assert run(["config", "--variables", "--format", "yaml"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["MODE:", "    name: MODE"]


def test_a_refused_project_is_explained_with_every_problem_and_place(capsys, directory):
    (directory / "compose.yaml").write_text(
        "services:\n  web: {image: x, networks: [a], volumes: ['vol:/v']}\n"
    )
    assert run(["config", "-q"]) == 2
    printed = capsys.readouterr().err
    assert "compose.yaml:2:" in printed
    assert "network 'a' is not defined" in printed
    assert "volume 'vol' is not defined" in printed


def test_what_needs_a_registry_is_refused(capsys):
    assert run(["config", "--resolve-image-digests"]) == 2
    assert "registry" in capsys.readouterr().err
