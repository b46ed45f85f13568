"""A project -> the texts of the files in which its names are those of the project."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from bootready.errors import ProjectError
from bootready.lsp.mentions import Mention, mentions
from bootready.lsp.refusal import RefusedError
from bootready.model.node import Node
from bootready.model.project import Project
from bootready.read.nearby import is_variant
from bootready.read.source import read_text, unsaved
from bootready.read.yaml import read_yaml
from bootready.typed import NamedTuple


class File(NamedTuple):
    """A Compose file: its text, its documents, and whether other projects may take it as a base."""

    text: str
    documents: tuple[Node, ...]
    is_base: bool = False

    @property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return self.text.split("\n")


class Scope(NamedTuple):
    """The Compose files of a project by path; files beside them that Compose loads if it is told
    to, such as ``compose.prod.yaml``, belong to them.
    """

    files: Mapping[str, File]

    def mentions(self, path: str) -> list[Mention]:
        """Return every mention in one of the files; in anchors that are used twice only once."""
        ours = {one for one, file in self.files.items() if not file.is_base}
        directory = os.path.dirname(path)

        def is_ours(name: str) -> bool:
            return os.path.normpath(os.path.join(directory, name)) in ours

        found: dict[Mention, None] = {}
        for document in self.files[path].documents:
            found |= dict.fromkeys(mentions(document, is_ours))
        return [one for one in found if one.span.file == path]


def scope_of(project: Project, own: Collection[str], texts: Mapping[str, str]) -> Scope:
    """Return the Compose files of the project, unsaved ones as they are in the editor.

    `own` are those that it consists of, without what they include and extend. Raises RefusedError
    for a file beside it that cannot be read.
    """
    bases = _bases(project, own)
    paths = dict.fromkeys(project.files)
    for directory in dict.fromkeys(map(os.path.dirname, project.files)):
        paths |= dict.fromkeys(os.path.join(directory, one) for one in _variants(directory))
    return Scope({path: _file(path, texts, is_base=path in bases) for path in paths})


def text_of(path: str, texts: Mapping[str, str]) -> str:
    """Return the text of a file, the unsaved one if it is open. Raises RefusedError."""
    try:
        with unsaved(texts):
            return read_text(path)
    except ProjectError as error:
        raise RefusedError(f"it cannot be seen whether it is named there: {error}") from error


def _file(path: str, texts: Mapping[str, str], *, is_base: bool) -> File:
    text = text_of(path, texts)
    try:
        return File(text, tuple(read_yaml(text, path)), is_base)
    except ProjectError as error:
        name = os.path.basename(path)
        raise RefusedError(f"'{name}' cannot be read, and may name it: {error}") from error


def _variants(directory: str) -> list[str]:
    try:
        return sorted(filter(is_variant, os.listdir(directory)))
    except OSError:
        return []


def _bases(project: Project, own: Collection[str]) -> set[str]:
    """Return the files that are only read because a service extends one of theirs."""
    bases = {one.base_span.file for one in project.extensions}
    return bases - {*own, *project.included_variables}
