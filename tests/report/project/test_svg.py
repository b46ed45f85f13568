"""The graph as a file of its own: SVG that loads nothing, and PNG of the same."""

from __future__ import annotations

import struct
import sys
import xml.etree.ElementTree as ET

import pytest

from bootready.cli import run
from browser_support import project


@pytest.fixture
def shop(tmp_path, monkeypatch):
    (tmp_path / "compose.yaml").write_text(project(57), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def drawn(capsys, *arguments: str) -> str:
    assert run(["report", "--engine", "none", "--format", "svg", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["html", "svg", "png"])
def test_nothing_drawn_is_written_to_a_terminal(shop, capsys, monkeypatch, name):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(["report", "--engine", "none", "--format", name]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"use -o report.{name}" in printed.err


@pytest.mark.parametrize("name", ["junit", "mermaid"])
def test_what_is_text_is_written_to_a_terminal(shop, capsys, monkeypatch, name):
    """Also XML: it begins like a page, but is lines for people too."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(["report", "--engine", "none", "--format", name]) == 0
    assert capsys.readouterr().out


def names(text: str) -> list[str]:
    found = ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(one.itertext()) for one in found if one.get("class") == "name"]


def test_it_is_whole_loads_nothing_and_leads_nowhere(shop, capsys):
    text = drawn(capsys)
    root = ET.fromstring(text)
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert not [one for one in root.iter() if "href" in "".join(one.attrib)]
    assert "var(" not in text
    assert "rose-91" not in text
    assert drawn(capsys) == text


def test_groups_are_those_that_are_asked_for(shop, capsys):
    assert "catalogue" in names(drawn(capsys))
    assert len(names(drawn(capsys))) < 20
    assert len(names(drawn(capsys, "--group-by", "none"))) == 57
    assert "applications" in names(drawn(capsys, "--group-by", "tier"))


def test_a_line_that_stands_for_several_says_which(shop, capsys):
    text = drawn(capsys)
    assert "catalogue-worker waits for postgres: service_started" in text


def test_groups_are_for_what_is_drawn(shop, capsys):
    assert run(["report", "--engine", "none", "--format", "json", "--group-by", "tier"]) == 2
    assert "--group-by" in capsys.readouterr().err


def test_png_is_the_same_picture_twice_as_large(shop, capsys):
    pytest.importorskip("resvg_py")
    root = ET.fromstring(drawn(capsys))
    code = run(["report", "--engine", "none", "--format", "png", "-o", "graph.png"])
    said = capsys.readouterr().err
    if "fonts" in said:
        assert code == 2
        pytest.skip("this machine has no font")
    content = (shop / "graph.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    size = struct.unpack(">II", content[16:24])
    assert size == tuple(round(2 * float(root.get(side, "0"))) for side in ("width", "height"))


def test_png_without_its_library_says_what_to_install(shop, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert run(["report", "--engine", "none", "--format", "png", "-o", "graph.png"]) == 2
    assert "pip install 'bootready[png]'" in capsys.readouterr().err
    assert not (shop / "graph.png").exists()
