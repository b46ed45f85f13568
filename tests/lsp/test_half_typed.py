"""A file that is being typed is broken most of the time: every state gets an answer."""

from __future__ import annotations

import os
import random
from contextlib import suppress

from bootready.lsp.mended import repairs_of
from bootready.lsp.opened import look_at, request_for
from bootready.lsp.pointed import Point, definition, hover
from bootready.lsp.refusal import RefusedError
from bootready.lsp.renamed import Question, renamed
from planted_secrets import FILES, plant

STATES = int(os.environ.get("BOOTREADY_TYPED_STATES", "20"))
"""How many states are tried; more by hand."""


def test_cut_at_any_place_it_is_answered(tmp_path):
    """The texts are cut, have a piece taken out, or one put in, at random but known places."""
    chosen = random.Random(20)
    project = tmp_path / "project"
    plant(project)
    whole = FILES["compose.yaml"]
    path = str(project / "compose.yaml")
    for state in range(STATES):
        start, end = sorted(chosen.choices(range(len(whole)), k=2))
        piece = chosen.choice(
            ["", "", " ", ": ", "- ", "${", "{", "[", "'", "*x", "&x", "\t", "\x00"]
        )
        text = whole[:start] if state % 2 else whole[:start] + piece + whole[end:]
        texts = {path: text}
        request = request_for(path, str(tmp_path), texts, os.environ)
        assert request is not None
        opened = look_at(request, texts, os.environ)
        assert opened.project is not None or opened.findings
        lines = text.split("\n")
        line = chosen.randrange(len(lines))
        point = Point(path, line + 1, chosen.randrange(len(lines[line]) + 1) + 1)
        hover(opened, point, text)
        definition(opened, point, text)
        with suppress(RefusedError):
            renamed(Question(opened, point, texts, os.environ), "other")
    assert isinstance(repairs_of(request, texts, os.environ), tuple)
    assert (project / "compose.yaml").read_text() == whole


def test_a_file_belongs_to_the_project_that_reads_it(tmp_path):
    (tmp_path / "compose.yaml").write_text("include: [part/compose.yaml]\n")
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "compose.yaml").write_text("services: {a: {image: b, env_file: x.env}}\n")
    (tmp_path / "part" / "x.env").write_text("A=1\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "compose.yaml").write_text("services: {a: {image: b}}\n")
    (tmp_path / "other" / "compose.prod.yaml").write_text("services: {a: {restart: always}}\n")
    (tmp_path / "other" / "notes.yaml").write_text("a: 1\n")

    def of(name: str) -> tuple[str, list[str]] | None:
        request = request_for(str(tmp_path / name), str(tmp_path), {}, {})
        if request is None:
            return None
        files = [os.path.relpath(file, tmp_path) for file in request.files]
        return os.path.relpath(request.directory, tmp_path), files

    assert of("compose.yaml") == (".", [])
    assert of("part/compose.yaml") == (".", []), "included, so no project of its own"
    assert of("part/x.env") == (".", [])
    assert of("other/compose.yaml") == ("other", [])
    assert of("other/compose.prod.yaml") == (
        "other",
        ["other/compose.yaml", "other/compose.prod.yaml"],
    )
    assert of("other/notes.yaml") is None
