"""`bootready images` and `bootready explain image`: what is known of images, from where."""

from __future__ import annotations

import json

import pytest

from bootready import pipeline
from bootready.cli import run
from bootready.model.fact import ImageFact
from bootready.model.request import Request
from bootready.report.images import image_rows, images_text

PROJECT = """
services:
  db:
    image: postgres:18-alpine
  cache:
    image: redis@sha256:0000000000000000000000000000000000000000000000000000000000000000
  queue:
    image: bitnami/kafka:3.4
  web:
    build: .
  mine:
    image: acme/shop
    healthcheck: {test: [CMD, "true"]}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "compose.yaml").write_text(PROJECT)
    return ["-C", str(tmp_path)]


def test_a_row_per_image_says_where_its_facts_are_from(project, capsys):
    assert run(["images", "--engine", "none", "--json", *project]) == 0
    rows = {row["image"].partition("@")[0]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["postgres:18-alpine"]["evidence"].startswith("knowledge of 20")
    assert rows["postgres:18-alpine"]["ports"] == ["5432/tcp"]
    assert rows["postgres:18-alpine"]["health"] == "none (one is known)"
    assert rows["redis"]["pinned"] == "digest"
    assert rows["acme/shop"] == {
        "services": ["mine"],
        "image": "acme/shop",
        "evidence": "nothing",
        "here": None,
        "user": "",
        "ports": [],
        "health": "own",
        "pinned": "no",
        "gone": "",
        "registry": "",
        "size": None,
        "disk": None,
        "digest": "",
    }
    assert [row["evidence"] for row in rows.values()].count("built here") == 1


def test_an_image_that_is_here_says_what_it_takes_on_the_disk(project):
    loaded = pipeline.load(Request(directory=project[1]), {"PWD": project[1]})
    fact = ImageFact("", (), (), (), healthcheck=False, size=52_400_000)
    rows = image_rows(loaded, {"acme/shop": fact}, asked=True)
    assert {row.image: row.disk for row in rows}["acme/shop"] == 52_400_000
    assert "52.4 MB" in images_text(rows)


def test_the_table_names_what_is_gone(project, capsys):
    assert run(["images", "--engine", "none", *project]) == 0
    out = capsys.readouterr().out
    assert out.startswith("IMAGE ")
    assert "gone: bitnami/kafka:3.4: use the same name and tag under bitnamilegacy/" in out


def test_everything_known_of_an_image_with_its_sources(capsys):
    assert run(["explain", "image", "docker.io/library/postgres:18-alpine"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("image postgres:18-alpine: PostgreSQL\n")
    assert "POSTGRES_PASSWORD or POSTGRES_HOST_AUTH_METHOD=trust at the first start" in out
    assert "refuses mount  /var/lib/postgresql/data, instead /var/lib/postgresql" in out
    assert "github.com/docker-library/postgres/docker-entrypoint.sh (6edb0a8" in out
    assert "before 18" not in out


def test_a_service_stands_for_its_image(project, capsys):
    assert run(["explain", "image", "db", *project]) == 0
    assert capsys.readouterr().out.startswith("image postgres:18-alpine: PostgreSQL\n")


def test_what_is_not_certain_is_said(capsys):
    assert run(["explain", "image", "postgres:30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["care"].startswith("newer than the newest")


def test_a_first_word_alone_keeps_the_neighbour_of_what_was_meant(tmp_path, capsys):
    (tmp_path / "compose.yaml").write_text("services: {imager: {image: postgres:18-alpine}}\n")
    assert run(["explain", "image", "-C", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "'explain image' needs a reference or service" in told
    assert "did you mean 'imager' or" in told
    assert "? bootready explain --help" in told


def test_an_unknown_image_is_a_word_about_it(project, capsys):
    assert run(["explain", "image", "acme/shop", *project]) == 2
    assert "nothing is known of image 'acme/shop'" in capsys.readouterr().err
    assert run(["explain", "db", "more", *project]) == 2
    assert "'more' is one word too many" in capsys.readouterr().err
