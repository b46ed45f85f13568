"""What a terminal shows of a report: as wide as it is, in colours, with places that open."""

from __future__ import annotations

import io
import sys

import pytest

from bootready.cli import run
from bootready.cli.words.screen import screen_for
from bootready.report.formats.screen import Screen, columns, on_screen

SOURCE = f"4 |     environment: {{LONG: {'a' * 58}, restart: bad}}"
CARET = f"  | {' ' * (SOURCE.index('bad') - 4)}^^^ here"
REPORT = f"""\
error[restart-unknown]: service 'web': unknown restart policy 'allways', which no engine takes
  --> svc/compose.yaml:4:14
  |
{SOURCE}
{CARET}
   = hint: chmod 0644 ./a/very/long/path/that/is/copied && echo a long command is never broken

not ready: 1 error; looked at 1 file, 1 service and 0 variable references with 157 checks
next: bootready fix    repairs 1 of 1
"""


@pytest.mark.parametrize("width", [40, 60, 80])
def test_lines_end_at_words_and_at_the_edge(width):
    shown = on_screen(REPORT, Screen(width=width)).splitlines()
    copied = [line for line in shown if "chmod" in line or line.startswith("  --> ")]
    assert all(columns(line) <= width for line in shown if line not in copied)
    assert [line for line in copied if "chmod" in line] == [REPORT.splitlines()[5]]
    words = " ".join(REPORT.splitlines()[0].split())
    assert words in " ".join(" ".join(shown).split())


def test_a_caret_stays_under_what_it_points_at():
    lines = on_screen(REPORT, Screen(width=60)).splitlines()
    (number,) = (place for place, line in enumerate(lines) if "^^^" in line)
    start = lines[number].index("^")
    assert lines[number - 1][start : start + 3] == "bad"
    assert lines[number - 1].startswith("4 | …")


def test_a_narrow_terminal_and_a_pipe_get_the_lines_as_they_are():
    assert on_screen(REPORT, Screen(width=30)) == REPORT
    assert on_screen(REPORT, Screen()) == REPORT


def test_the_verdict_has_the_colour():
    shown = on_screen(REPORT, Screen(colour=True))
    assert "\x1b[31;1merror[restart-unknown]\x1b[0m: " in shown
    assert "\x1b[31;1mnot ready\x1b[0m: 1 error" in shown
    row = on_screen("\na  ready: 1 note\nb  not ready: 1 error\n", Screen(colour=True))
    assert row == "\na  \x1b[32;1mready\x1b[0m: 1 note\nb  \x1b[31;1mnot ready\x1b[0m: 1 error\n"


def test_places_are_links():
    shown = on_screen(REPORT, Screen(links="/repo a"))
    assert "/repo%20a/svc/compose.yaml\x1b\\svc/compose.yaml:4:14\x1b]8;;\x1b\\" in shown
    assert "\x1b]8;;file://" in shown


def test_korean_letters_take_two_columns():
    assert columns("가b") == 3
    text = "note[x]: " + "서비스 " * 20
    assert all(columns(line) <= 40 for line in on_screen(text, Screen(width=40)).splitlines())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "environ", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_who_decides_about_colours(monkeypatch, color, environ, terminal, expected):
    monkeypatch.setattr(sys, "stdout", Terminal() if terminal else io.StringIO())
    assert screen_for(color, environ).colour is expected


def test_only_a_terminal_has_a_width_and_links(monkeypatch):
    environ = {"COLUMNS": "72", "VTE_VERSION": "7000"}
    assert screen_for("auto", environ) == Screen()
    monkeypatch.setattr(sys, "stdout", Terminal())
    shown = screen_for("auto", environ)
    assert shown.width == 72
    assert shown.links
    assert not screen_for("auto", {"COLUMNS": "72"}).links


FIXED = "services:\n  web:\n    image: nginx:1.27\n    environment: {A: ok}\n"
FIX = f"{FIXED}    healthcheck: {{test: 'test \"$A\" = ok'}}\n"
LEFT = f"{FIXED}    restart: allways\n"
PREPARE = f"{FIXED}    secrets: [s]\nsecrets: {{s: {{file: ./s.txt}}}}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (FIXED, "next: bootready up"),
        (FIX, "next: bootready fix    repairs 1 of 1"),
        (PREPARE, "next: bootready prepare    repairs 1 of 1"),
        (LEFT, "next: 1 finding is left to you"),
        (
            PREPARE.replace("\nsecrets", "\n    restart: allways\nsecrets"),
            "next: bootready prepare    repairs 1 of 2; 1 is left to you",
        ),
    ],
    ids=["nothing", "fix", "prepare", "a person", "both"],
)
def test_the_last_line_is_the_next_step(tmp_path, monkeypatch, capsys, text, line):
    (tmp_path / "compose.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("A", raising=False)
    run(["check", "--engine", "none"])
    assert capsys.readouterr().out.splitlines()[-1] == line
    run(["check", "--engine", "none", "-q"])
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 2
    assert shown[0].startswith(("ready: ", "not ready: "))
    assert shown[1] == line


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "markdown"])
def test_formats_have_the_next_step_too(tmp_path, capsys, form):
    (tmp_path / "compose.yaml").write_text(PREPARE)
    run(["check", "-C", str(tmp_path), "--engine", "none", "--format", form])
    assert "bootready prepare" in capsys.readouterr().out.replace("\\n", "")


def test_the_next_step_can_be_pasted(tmp_path, monkeypatch, capsys):
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "compose.yaml").write_text(PREPARE)
    monkeypatch.chdir(tmp_path)
    run(["check", "-C", "a b", "--engine", "none"])
    assert "next: bootready prepare -C 'a b'    repairs" in capsys.readouterr().out
