"""`validate` is what CI runs: it speaks every format, and says what only a clone lacks."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from bootready.cli import run

READY = "services:\n  web:\n    image: nginx:1.27\n"
POLICY = f"{READY}    restart: allways\n"
NOTED = f"version: '3'\n{READY}"
FORMS = ["json", "sarif", "junit", "markdown", "github", "gitlab"]


def git(directory: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.test")
    subprocess.run(["git", "-C", str(directory), *who, *arguments], check=True, capture_output=True)


def repository(directory: Path, files: dict[str, str]) -> Path:
    """Make a repository that tracks `files`."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(directory, "init", "-q")
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "-m", "all", "--allow-empty")
    return directory


def compose_that(path: Path, refuses: str = "") -> str:
    """Make a program that answers as Compose does; it refuses every project with those words."""
    code = 1 if refuses else 0
    path.write_text(
        f'#!/bin/sh\ncase "$*" in *version*) echo 9.9.9; exit 0;; esac\n'
        f"echo '{refuses}' >&2\nexit {code}\n"
    )
    path.chmod(0o755)
    return str(path)


def validate(directory: Path, *arguments: str) -> int:
    return run(["validate", "-C", str(directory), *arguments])


@pytest.mark.parametrize("form", FORMS)
def test_every_format_has_the_finding_and_its_line(tmp_path, capsys, form):
    repository(tmp_path, {"compose.yaml": POLICY})
    assert validate(tmp_path, "--format", form) == 1
    shown = capsys.readouterr().out
    assert "restart-unknown" in shown
    assert "bootready-validate-" not in shown  # the copy that was looked at is nobody's business


@pytest.mark.parametrize("form", FORMS)
def test_outputs_are_written_where_the_project_cannot_be_read(tmp_path, capsys, form):
    repository(tmp_path, {"compose.yaml": "services:\n  web: {image: a\n"})
    report = tmp_path / "report"
    assert validate(tmp_path, "--output", f"{form}={report}") == 2
    assert "compose-refuses" in report.read_text()
    assert capsys.readouterr().out == ""


def test_the_failing_severity_of_the_project_counts(tmp_path, capsys):
    settings = '[checks]\nfail-on = "note"\n'
    repository(tmp_path, {"compose.yaml": NOTED, "bootready.toml": settings})
    assert validate(tmp_path) == 1
    assert "not ready: 1 note" in capsys.readouterr().out
    assert validate(tmp_path, "--fail-on", "error") == 0


def test_checks_are_chosen_and_silenced_as_in_check(tmp_path, capsys):
    reason = '[checks.ignore]\nrestart-unknown = "asked by the vendor"\n'
    repository(tmp_path, {"compose.yaml": POLICY, "bootready.toml": reason})
    assert validate(tmp_path) == 0
    assert validate(tmp_path, "--skip", "resources") == 0
    (tmp_path / "bootready.toml").write_text("")
    assert validate(tmp_path, "--only", "secrets,ports") == 0
    assert validate(tmp_path, "--only", "restart-unknown") == 1
    capsys.readouterr()


def test_a_compose_file_that_git_does_not_track_is_said_as_such(tmp_path, capsys):
    repository(tmp_path, {"README": ""})
    (tmp_path / "compose.yaml").write_text(READY)
    assert validate(tmp_path, "--format", "github") == 2
    shown = capsys.readouterr()
    assert "git does not track 'compose.yaml' yet" in shown.err
    assert "add compose.yaml" in shown.err
    assert shown.out.startswith("::error file=compose.yaml,line=1")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"include: [more.yaml]\n{READY}", "more.yaml"),
        (f"{READY}    env_file: [app.env]\n", "app.env"),
    ],
)
def test_another_file_that_git_does_not_track_is_said_as_such(tmp_path, capsys, text, name):
    repository(tmp_path, {"compose.yaml": text})
    (tmp_path / name).write_text("services: {}\n" if name.endswith("yaml") else "A=b\n")
    assert validate(tmp_path) in {1, 2}
    shown = capsys.readouterr()
    assert "exists here, but git does not track it" in shown.out + shown.err


@pytest.mark.parametrize("form", ["text", *FORMS])
def test_what_only_compose_refuses_is_a_finding(tmp_path, capsys, monkeypatch, form):
    """It fails the build, so a report without it would be a riddle; secrets in it are masked."""
    secret = "correct-horse-battery"
    text = f"{READY}    environment: {{DB_PASSWORD: {secret}}}\n"
    repository(tmp_path / "p", {"compose.yaml": text})
    program = compose_that(tmp_path / "docker-compose", f"no such thing: {secret}")
    monkeypatch.setenv("BOOTREADY_COMPOSE", program)
    assert validate(tmp_path / "p", "--format", form) == 1
    shown = capsys.readouterr().out
    assert "docker compose 9.9.9 rejects it: no such thing: " in shown
    assert "compose-refuses" in shown
    assert secret not in shown


def test_an_error_is_told_once_in_our_own_words(tmp_path, capsys, monkeypatch):
    repository(tmp_path / "p", {"compose.yaml": POLICY})
    program = compose_that(tmp_path / "docker-compose", "anything")
    monkeypatch.setenv("BOOTREADY_COMPOSE", program)
    assert validate(tmp_path / "p", "--json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["check"] for one in found] == ["restart-unknown"]
    assert validate(tmp_path / "p") == 1
    assert "cross-check: docker compose 9.9.9 rejects it as well" in capsys.readouterr().out


def test_a_clone_without_compose_to_ask_says_what_was_left_out(tmp_path, capsys, monkeypatch):
    repository(tmp_path / "p", {"compose.yaml": READY})
    monkeypatch.setenv("BOOTREADY_COMPOSE", str(tmp_path / "nothing"))
    assert validate(tmp_path / "p", "--json") == 0
    skipped = json.loads(capsys.readouterr().out)["skipped"]
    assert {
        "check": "compose-refuses",
        "reason": "Docker Compose was not found for the cross-check",
    } in skipped


def test_a_project_of_a_large_repository_is_copied_alone(tmp_path, capsys, monkeypatch):
    """Unless something in it leads out: then the clone is whole."""
    from bootready.pipeline import validate as module

    copied: list[set[str]] = []
    real = module.overlay

    def overlay(root, names):
        copied.append(set(names))
        return real(root, names)

    monkeypatch.setattr(module, "overlay", overlay)
    shared = f"{READY}    env_file: [../shared.env]\n"
    files = {"a/compose.yaml": READY, "b/compose.yaml": shared, "shared.env": "A=b\n", "c/d": ""}
    repository(tmp_path, files)
    assert validate(tmp_path / "a") == 0
    assert validate(tmp_path / "b") == 0
    assert copied == [{"a/compose.yaml", "shared.env"}, set(files)]
    capsys.readouterr()


def test_a_secret_that_git_tracks_is_seen_in_the_clone(tmp_path, capsys):
    files = {"compose.yaml": READY, ".env": "DB_PASSWORD=correct-horse-battery-9\n"}
    repository(tmp_path, files)
    validate(tmp_path)
    assert "warning[secret-tracked-by-git]: file './.env'" in capsys.readouterr().out
    assert not (tmp_path / ".bootready").exists()


def test_what_prepare_makes_in_the_clone_is_not_lacking(tmp_path, capsys):
    """The person's own `.env` is not tracked, and should not be: the clone has one of its own."""
    text = f"{READY}    environment: {{NAME: '${{SHOP_NAME}}'}}\n"
    files = {"compose.yaml": text, ".env.example": "SHOP_NAME=change-me\n", ".gitignore": ".env\n"}
    repository(tmp_path, files)
    (tmp_path / ".env").write_text("SHOP_NAME=change-me\n")
    validate(tmp_path)
    assert "git does not track" not in capsys.readouterr().out


SAME = {
    "a placeholder that only `fix` takes out": (
        (
            "services:\n  app:\n    image: example.test/app:1\n"
            "    environment: {APP_SECRET: replace-me}\n"
        ),
        "hint: bootready fix --apply && bootready prepare",
    ),
    "a misspelt attribute": (
        "services:\n  app:\n    image: example.test/app:1\n    enviroment: {A: b}\n",
        "remedy: bootready fix    spell it 'environment'",
    ),
    "a fault that is left to a person": (
        "services:\n  app:\n    image: example.test/app:1\n    depends_on: [nothing]\n",
        "'nothing', which is not defined",
    ),
}


@pytest.mark.parametrize("what", SAME)
def test_it_says_of_a_finding_what_check_says(tmp_path, capsys, monkeypatch, what):
    monkeypatch.setenv("PATH", "/nowhere")  # no Compose to ask
    text, words = SAME[what]
    (tmp_path / "stack.yaml").write_text(text)
    where = ["-C", str(tmp_path), "-f", "stack.yaml", "--engine", "none"]

    said = []
    for verb in ("check", "validate"):
        run([verb, *where])
        said.append(capsys.readouterr().out.partition("ready: ")[0])

    assert words in said[0]
    assert said[0] == said[1]


def test_the_plugin_of_compose_is_asked_itself(tmp_path, capsys, monkeypatch):
    """The docker client would start it twice for each project: first to ask what it is."""
    project = repository(tmp_path / "project", {"compose.yaml": READY})
    plugin = tmp_path / "docker/cli-plugins/docker-compose"
    plugin.parent.mkdir(parents=True)
    compose_that(plugin)
    programs = tmp_path / "bin"
    programs.mkdir()
    log = tmp_path / "log"
    (programs / "docker").write_text(
        f'#!/bin/sh\necho "$@" >>"{log}"\nshift\nexec "{plugin}" "$@"\n'
    )
    (programs / "docker").chmod(0o755)
    monkeypatch.delenv("BOOTREADY_COMPOSE", raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    assert validate(project) == 0
    assert "cross-check: docker compose" in capsys.readouterr().out
    assert log.read_text() == "compose version --short\n"
