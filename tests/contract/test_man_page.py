"""The manual page: generated, complete, and what `man` can show."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bootready.cli import COMMANDS
from every_output import options_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "man" / "bootready.1"


def test_it_names_every_command_and_option():
    text = PAGE.read_text().replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
    missing = {name: {o for o in options_of(name) if o not in text} for name in COMMANDS}
    assert {name: gone for name, gone in missing.items() if gone - {"-h", "--help"}} == {}
    assert [name for name in COMMANDS if f".SS bootready {name}" not in text] == []


def test_a_wheel_installs_it_where_man_looks():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    placed = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert placed == {"docs/man/bootready.1": "share/man/man1/bootready.1"}


def test_mandoc_shows_the_same_commands():
    """The `man` of Alpine, macOS and the BSDs; it finds what groff puts up with."""
    if shutil.which("mandoc") is None:
        pytest.skip("needs mandoc")
    command = ["mandoc", "-T", "utf8", "-W", "warning", str(PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    said = [line for line in done.stderr.splitlines() if line.startswith("mandoc: ")]
    dateless = "WARNING: missing date"  # the page is the same on every day
    assert [line for line in said if "WARNING:" in line and dateless not in line] == []
    assert not re.search("ERROR|UNSUPP", done.stderr)
    shown = re.sub(".\x08", "", done.stdout)
    assert [name for name in COMMANDS if f"bootready {name}" not in shown] == []


def test_groff_has_nothing_to_complain_about():
    if shutil.which("groff") is None:
        pytest.skip("needs groff")
    command = ["groff", "-man", "-Tutf8", "-ww", str(PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "findings at or above the failing severity" in " ".join(done.stdout.split())
