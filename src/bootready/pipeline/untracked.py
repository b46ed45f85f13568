"""What a fresh clone lacks -> the same, and the word that it is here, untracked by git."""

from __future__ import annotations

import os
from collections.abc import Sequence
from shlex import quote

from bootready.errors import ProjectError
from bootready.model.finding import Finding
from bootready.model.position import Location, Span
from bootready.model.problem import Problem
from bootready.regex import regex
from bootready.typed import NamedTuple, TypeVar

_QUOTED = regex(r"'([^'\n]{1,1000})'")

Told = TypeVar("Told", Finding, Problem)


class Tree(NamedTuple):
    """A repository, and what git tracks of it, relative to its `root`; `copy` is its clone."""

    root: str
    tracked: frozenset[str]
    copy: str = ""

    def lacks(self, path: str) -> bool:
        """Tell whether something is at `path`, in the repository, of which git tracks nothing, and
        which the clone does not have.
        """
        if not path.startswith(f"{self.root}/") or not os.path.lexists(path):
            return False
        name = os.path.normpath(path)[len(self.root) + 1 :]
        if self.copy and os.path.lexists(f"{self.copy}/{name}"):
            return False  # it was made there
        return name not in self.tracked and not any(
            one.startswith(f"{name}/") for one in self.tracked
        )


def refuse_untracked(tree: Tree, files: Sequence[str]) -> None:
    """Raise ProjectError if a clone would lack one of the Compose `files`, which are absolute."""
    problems = []
    for path in files:
        if tree.lacks(path):
            name = os.path.relpath(path, tree.root)
            words = f"git does not track '{name}' yet, so a fresh clone does not have it"
            place = Location(Span(path, 1, 1, 1, 1))
            hint = f"git -C {quote(tree.root)} add {quote(name)}"
            problems.append(Problem("compose-file-untracked", words, place, True, name, hint))
    if problems:
        raise ProjectError(problems)


def with_untracked(told: Told, tree: Tree, directory: str) -> Told:
    """Return a finding or problem of the clone; its hint says so if it names what only is here.

    Relative paths in its words are meant from `directory`.
    """
    for name in _QUOTED.findall(told.message):
        if tree.lacks(os.path.join(directory, name)):
            words = f"'{name}' exists here, but git does not track it: a fresh clone lacks it"
            return told._replace(hint=words)
    return told
