"""docs/reference/configuration.md: what it says of hints, silences and bootready.toml is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bootready.check.settings import read_settings
from bootready.cli import run
from bootready.model.action import SecretKind
from bootready.model.finding import Severity

PAGE = Path(__file__).parents[2] / "docs/reference/configuration.md"
FENCE = re.compile(r"^```(yaml|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The examples of the page as files, each by the name in its first line."""
    for language, text in FENCE.findall(PAGE.read_text()):
        name = text.splitlines()[0].removeprefix("# ") if language == "yaml" else "bootready.toml"
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_hints_of_secrets_decide_what_is_made(project, capsys):
    assert run(["prepare", "--engine", "none"]) == 0
    assert re.fullmatch(r"[0-9a-f]{32}", (project / "session_key.txt").read_text())
    assert "bootready-placeholder" in (project / "mail_password.txt").read_text()
    (project / "bootready.toml").unlink()
    run(["check", "--engine", "none", "--only", "secret-placeholder"])
    assert "'./mail_password.txt' contains a placeholder" in capsys.readouterr().out


def test_every_kind_is_named():
    text = PAGE.read_text()
    for kind in SecretKind:
        assert f"`{kind.value}`" in text


def test_verifications_are_listed_by_the_runbook(project, capsys):
    assert run(["runbook", "-f", "verify.yaml", "--section", "smoke"]) == 0
    text = capsys.readouterr().out
    for name in ("the start page", "the API", "the port", "the database"):
        assert f"| {name} |" in text


def test_a_silence_with_a_reason_silences(project, capsys):
    (project / "bootready.toml").unlink()
    wish = ["check", "-f", "silenced.yaml", "--engine", "none", "-v"]
    assert run([*wish, "--only", "service-without-healthcheck"]) == 0
    assert "silenced[service-without-healthcheck]" in capsys.readouterr().out


def test_the_settings_are_read(project):
    settings = read_settings(str(project))
    assert settings.fail_on is Severity.WARNING
    assert settings.skip == ("image-absent",)
    assert [(one.check_id, one.reason) for one in settings.silences] == [
        ("service-without-healthcheck", "the platform restarts it")
    ]
    assert tomllib.loads((project / "bootready.toml").read_text())["approval"]["document"]
