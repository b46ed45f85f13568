"""Problems -> the same, each once, without words of files that the project has no business with."""

from __future__ import annotations

import os

from bootready.model.position import Location
from bootready.model.problem import Problem
from bootready.read.discover import Sources
from bootready.typed import Iterable


def told(problems: Iterable[Problem], sources: Sources) -> tuple[Problem, ...]:
    """Return the problems without repetitions, in order.

    What a clone includes from elsewhere on the machine may be anybody's file, read with the rights
    of who runs us, root in CI: of a problem in it the place and the kind are told, no word of it.
    """
    found = tuple(dict.fromkeys(problems))
    if not found:
        return found
    own = {os.path.realpath(path) for path in (*sources.files, *sources.explicit_env_files)}
    ours: dict[str, bool] = {}
    made = []
    for problem in found:
        file = problem.location.span.file if problem.location else ""
        if file not in ours:
            ours[file] = _is_ours(file, sources.directory, own)
        made.append(problem if ours[file] else _withheld(problem))
    return tuple(made)


def is_of_project(file: str, directory: str) -> bool:
    """Tell whether `file`, links followed, is in the repository that `directory` is in."""
    from bootready.host.git import repository_of

    root = os.path.realpath(repository_of(directory) or directory)
    return os.path.realpath(file).startswith(f"{root.rstrip('/')}/")


def _is_ours(file: str, directory: str, own: set[str]) -> bool:
    """Tell whether `file` is in the project, or one that the person named."""
    if not os.path.isabs(file):
        return True
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
