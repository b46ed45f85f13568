"""Every command explains itself: its --help has examples, and each of them can be parsed."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser

import pytest

from bootready.cli import COMMANDS, overview, run


class _ParsedError(BaseException):
    """The command line was understood; nothing more is wanted."""


def help_of(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as left:
        run([name, "--help"])
    assert left.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_a_sentence_and_examples(name, capsys):
    text = help_of(name, capsys)
    assert text.startswith(f"usage: bootready {name}")
    assert f"  bootready {name}" in text.partition("examples:\n")[2]
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_of_the_help_can_be_parsed(name, capsys, monkeypatch, tmp_path):
    for directory in (tmp_path, tmp_path / "api", tmp_path / "web"):
        directory.mkdir(exist_ok=True)
        (directory / "compose.yaml").write_text("services: {web: {image: a}}\n")
    monkeypatch.chdir(tmp_path)
    text = help_of(name, capsys).partition("examples:\n")[2]
    found = re.findall(rf"^  bootready {name}(.*)$", text, re.MULTILINE)
    assert found
    parse = ArgumentParser.parse_args

    def only_parse(parser, *arguments, **more):
        parse(parser, *arguments, **more)
        raise _ParsedError

    monkeypatch.setattr(ArgumentParser, "parse_args", only_parse)
    for example in found:
        # Two spaces and more separate the example from what it does.
        words = shlex.split(re.split(r"\s{2,}|\s\|\s", example, maxsplit=1)[0])
        try:
            # These read the commonest options without argparse, and really run.
            # Nothing is cloned for a test, which has no terminal to agree on.
            unread = "://" in example or "--changed-since" in example
            assert run([name, *words]) in ({2} if unread else {0, 1})
            assert name in {"check", "config", "prepare", "validate"}
        except _ParsedError:
            pass


def test_help_of_a_command_is_what_its_option_shows(capsys):
    with pytest.raises(SystemExit):
        run(["help", "undo"])
    assert capsys.readouterr().out == help_of("undo", capsys)


def test_overview_names_every_command():
    for name, words in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(words)}$", overview(), re.MULTILINE)
