"""Arguments of a tool -> the project that they mean, below the directories that were allowed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from bootready.errors import ProjectError, UsageError
from bootready.fence import is_below
from bootready.model.near import named
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.read.source import OUTSIDE, STDIN
from bootready.typed import NamedTuple, cast


class Confined(NamedTuple):
    """What a server may look at: `roots` are real paths of directories; the first is the base of
    relative ones.
    """

    roots: tuple[str, ...]
    environ: Mapping[str, str]
    engine: bool = True
    """Whether the Docker Engine may be asked."""

    def request(self, arguments: Mapping[str, object]) -> Request:
        """Return which project `arguments` mean. Raises UsageError for one outside the roots."""
        directory = self._inside(str(arguments.get("directory") or "."), self.roots[0])
        return Request(
            directory=directory,
            files=tuple(self._inside(one, directory) for one in words(arguments, "files")),
            env_files=tuple(self._inside(one, directory) for one in words(arguments, "env_files")),
            profiles=words(arguments, "profiles"),
            services=words(arguments, "services"),
        )

    def load(self, request: Request) -> Project:
        """Return the project; ProjectError also if one of its files is outside the roots."""
        project = load(request, self.environ)
        outside = [one for one in project.problems if one.kind == OUTSIDE]
        if outside:
            raise ProjectError(outside)
        return project

    def try_out(self, request: Request) -> None:
        """Raise ProjectError if the project cannot be read for a file outside the roots.

        What else is wrong with it is for those to say who plan what mends it.
        """
        try:
            self.load(request)
        except ProjectError as error:
            if any(one.kind == OUTSIDE for one in error.problems):
                raise

    def _inside(self, path: str, base: str) -> str:
        if path == STDIN or "\0" in path:
            raise UsageError(f"'{path}' is not a path that can be looked at")
        found = os.path.normpath(os.path.join(base, path))
        if not any(is_below(os.path.realpath(found), root) for root in self.roots):
            raise UsageError(
                f"'{path}' is outside the directories that this server may look at",
                f"these are allowed: {named(self.roots)}",
            )
        # By another name than that of an allowed directory: from here on by its own.
        is_named = any(is_below(found, root) for root in self.roots)
        return found if is_named else os.path.realpath(found)


def words(arguments: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Return an argument that is a list of strings, () if it was not given."""
    return tuple(cast("Sequence[str]", arguments.get(name) or ()))
