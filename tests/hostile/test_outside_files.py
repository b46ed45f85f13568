"""A file outside the project that a clone refers to: its place is told, never a word of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootready.cli import run

SHADOW = "root:$y$j9T$hash-of-root:20228:0:99999:7:::\ndaemon:*:20228:0:99999:7:::\n"
ENVIRONMENT = "TOKEN WITH SPACES=hash-of-root\n"
YAML = "services:\n  hash-of-root: {image: [1]}\n"
BROKEN = "a: [hash-of-root\nb: }\n"

REFERENCES = [
    pytest.param("include: ['{}']\nservices: {{a: {{image: x}}}}\n", id="include"),
    pytest.param("services: {{a: {{extends: {{file: '{}', service: b}}}}}}\n", id="extends"),
    pytest.param("services: {{a: {{image: x, env_file: ['{}']}}}}\n", id="env_file"),
    pytest.param("services: {{a: {{image: x, label_file: ['{}']}}}}\n", id="label_file"),
    pytest.param("include: [{{path: b.yaml, env_file: '{}'}}]\n", id="include.env_file"),
]


COMMANDS = [
    ["check", "--engine", "none", "-v"],
    ["check", "--engine", "none", "--json"],
    ["config", "-q"],
    ["config", "-q", "--no-interpolate"],
    ["validate"],
    ["prepare", "--engine", "none", "--dry-run"],
]
TEXTS = [
    pytest.param(SHADOW, id="shadow"),
    pytest.param(ENVIRONMENT, id="an env file"),
    pytest.param(YAML, id="another project"),
    pytest.param(BROKEN, id="broken"),
]


def referring(directory: Path, reference: str, text: str, way: str) -> Path:
    """A clone that refers to a file beside it, by its path or by a link."""
    (directory / "secret").write_text(text)
    clone = directory / "clone"
    clone.mkdir()
    subprocess.run(["git", "init", "-q", str(clone)], check=True)
    (clone / "b.yaml").write_text("services: {b: {image: x}}\n")
    name = {"absolute": str(directory / "secret"), "relative": "../secret", "link": "./link"}[way]
    (clone / "link").symlink_to(directory / "secret")
    (clone / "compose.yaml").write_text(reference.format(name))
    return clone


def tells_nothing(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        run([command[0], "-C", str(clone), *command[1:]])
        printed = capsys.readouterr()
        assert "hash-of-root" not in printed.out + printed.err, command
        assert "daemon" not in printed.out + printed.err, command


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("reference", REFERENCES)
def test_no_word_of_a_file_outside_is_told(tmp_path, capsys, text, reference):
    tells_nothing(referring(tmp_path, reference, text, "absolute"), capsys)


@pytest.mark.parametrize("way", ["relative", "link"])
def test_the_way_to_a_file_outside_does_not_matter(tmp_path, capsys, way):
    reference = "include: ['{}']\nservices: {{a: {{image: x}}}}\n"
    tells_nothing(referring(tmp_path, reference, SHADOW, way), capsys)


def test_files_of_the_same_repository_are_told_as_they_are(tmp_path, capsys):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "shared.yaml").write_text("servces: {}\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "compose.yaml").write_text("include: [../shared.yaml]\n")

    run(["check", "-C", str(tmp_path / "app"), "--engine", "none"])

    assert "unknown attribute 'servces'" in capsys.readouterr().out
