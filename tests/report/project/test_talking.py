"""The picture of who talks to whom: every connection once, no two labels on each other."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.report.project.layout import WIDTH
from bootready.report.project.layout_places import HEIGHT
from bootready.report.project.letters import PLAIN, width_of
from bootready.report.project.talking import LINES

LONG = "recommendations-and-mmmmmmmmmm"


def project(apps: int) -> str:
    """Apps that talk to a database, each to its neighbour, and two to each other."""
    lines = ["services:", "  db: {image: 'postgres:17', environment: {POSTGRES_PASSWORD: rose-91}}"]
    names = [LONG, *(f"app{number}" for number in range(1, apps))]
    for number, name in enumerate(names):
        other = names[number - 1]
        lines += [
            f"  {name}:",
            "    image: registry.example.com/shop/a-name-that-is-far-too-long-for-a-box:2",
            "    restart: always",
            "    expose: [8000]",
            "    environment:",
            "      DATABASE_URL: postgres://postgres:rose-91@db/postgres",
            *([f"      NEIGHBOUR: http://{other}:8000"] if other != name else []),
        ]
    return "\n".join([*lines, f"      OTHER: http://{names[1]}:8001", ""])


def page(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> str:
    """The section of the page that is about connections."""
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    assert run(["report", "--engine", "none", "-C", str(tmp_path)]) == 0
    return capsys.readouterr().out.partition("Who talks to whom")[2].partition("<h2>")[0]


@pytest.mark.parametrize("apps", [2, 14, 50])
def test_every_connection_is_there_once_and_leads_to_its_row(tmp_path, capsys, apps):
    section = page(tmp_path, capsys, project(apps))
    drawn, _, rows = section.partition("<details>")
    ids = re.findall(r'id="(talk-\d+)"', rows)
    assert len(ids) >= apps
    assert Counter(re.findall(r'href="#(talk-\d+)"', drawn)) == Counter(ids)
    assert ("<svg viewBox" in drawn) is (len(ids) <= LINES)


def test_at_fifty_services_each_has_one_row_and_one_column_of_its_own(tmp_path, capsys):
    section = page(tmp_path, capsys, project(50))
    for scope, others in (("row", {"db"}), ("col", set())):
        names = re.findall(rf'<th scope="{scope}" title="([^"]+)"', section)
        assert len(names) == len(set(names))
        assert set(names) | others >= {"db", LONG, "app1", "app49"}
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", section)
    assert len({row.count("<td") for row in rows}) == 1
    assert max(map(len, re.findall(r">([^<]+)</a>", section.partition("<details>")[0]))) < len(LONG)


def test_no_two_labels_of_the_graph_overlap(tmp_path, capsys):
    section = page(tmp_path, capsys, project(14))
    boxes = re.findall(r'<a class="box.*?</a>', section, re.DOTALL)
    assert len(boxes) == 15
    for box in boxes:
        texts = dict(re.findall(r'<text class="(\w+)"[^>]*>([^<]*)</text>', box))
        assert width_of(texts["name"]) + width_of(texts["mark"], PLAIN) < WIDTH - 26
        assert width_of(texts["image"] + texts.get("port", ""), PLAIN) < WIDTH - 26
    places = re.findall(r'<g transform="translate\(([\d.]+) ([\d.]+)\)"><rect', section)
    for (x, y), (other_x, other_y) in combinations(places, 2):
        apart_x, apart_y = float(x) - float(other_x), float(y) - float(other_y)
        assert abs(apart_x) >= WIDTH or abs(apart_y) >= HEIGHT


def test_a_box_says_what_it_is_asked_for(tmp_path, capsys):
    section = page(tmp_path, capsys, project(2))
    box = re.search(r'data-name="db".*?</a>', section, re.DOTALL)
    assert box
    assert re.search(r'class="port"[^>]*>postgres 5432<', box[0])
    assert "app1 talks to db: postgres, port 5432" in section


@pytest.mark.parametrize("apps", [3, 50])
def test_a_connection_with_a_warning_is_marked(tmp_path, capsys, apps):
    text = project(apps).replace("rose-91@db", "tulip-71@db", 1)
    section = page(tmp_path, capsys, text)
    marked = re.findall(r'class="edge talks warning"|<td class="mark-warning">', section)
    assert len(marked) == 1
    assert "a warning is reported for" in section
    assert "tulip" not in section


def test_a_port_in_a_variable_of_its_own_is_a_place_too(tmp_path, capsys):
    text = """\
services:
  db: {image: 'postgres:17', environment: {POSTGRES_PASSWORD: rose-91}}
  app:
    image: registry.example.com/shop/app:1
    environment: {DB_HOST: db, DB_PORT: "5433"}
"""
    section = page(tmp_path, capsys, text)
    assert "`DB_HOST` (compose.yaml:5)<br>`DB_PORT` (compose.yaml:5)" in section
    assert "edge talks warning" in section
