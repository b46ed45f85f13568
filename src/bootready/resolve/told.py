"""Problems -> the same, each once, without words of files that the project has no business with."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bootready.host.git import repository_of
from bootready.model.position import Location
from bootready.model.problem import Problem
from bootready.read.discover import Sources


def told(problems: Iterable[Problem], sources: Sources) -> tuple[Problem, ...]:
    """Return the problems without repetitions, in order.

    What a clone includes from elsewhere on the machine may be anybody's file, read with the rights
    of who runs us, root in CI: of a problem in it the place and the kind are told, no word of it.
    """
    found = tuple(dict.fromkeys(problems))
    if not found:
        return found
    own = {os.path.realpath(path) for path in (*sources.files, *sources.explicit_env_files)}
    return tuple(
        problem if _is_ours(problem.location, sources.directory, own) else _withheld(problem)
        for problem in found
    )


def is_of_project(file: str, directory: str) -> bool:
    """Tell whether `file`, links followed, is in the repository that `directory` is in."""
    root = os.path.realpath(repository_of(directory) or directory)
    return os.path.realpath(file).startswith(f"{root.rstrip('/')}/")


def _is_ours(location: Location | None, directory: str, own: set[str]) -> bool:
    """Tell whether a place is in the project, or in a file that the person named."""
    if location is None or not location.span.file.startswith("/"):
        return True
    file = location.span.file
    return os.path.realpath(file) in own or is_of_project(file, directory)


def _withheld(problem: Problem) -> Problem:
    place = problem.location and Location(problem.location.span, ())
    return Problem(
        problem.kind,
        f"project: a file outside it is rejected ({problem.kind}); its content is not shown",
        place,
        problem.fatal,
        hint="remove the reference to it, or move it into the project",
    )
