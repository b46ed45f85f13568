"""What Compose calls its provider with -> messages for Compose, one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootready.cli import run


def test_an_unknown_option_is_named_and_the_service_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: x}}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    argv = ["--project-name=shop", "up", "--check=false", "--nonsense=x", "ready"]
    assert run(["compose", *argv]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    words = [one["message"] for one in said if one["type"] == "info"]
    assert words[0] == "option '--nonsense=x' is unknown to bootready and was ignored"
    assert words[1:] == ["preparing", "prepared"]
