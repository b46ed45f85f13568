"""A project on disk -> what `bootready prepare` would make of files there, and its doing.

An editor is not sent what is made: it holds secrets, and has modes and owners that no editor knows.
The server makes it, when a person chooses it, as the command does: with a journal for `undo`.
"""

from __future__ import annotations

from collections.abc import Mapping

from bootready.errors import BootreadyError, ProjectError
from bootready.model.request import Request
from bootready.pipeline.prepare import prepare
from bootready.plan.render import describe
from bootready.read.source import read_text
from bootready.typed import NamedTuple


class Offered(NamedTuple):
    """How many steps a preparation has, and the checks whose findings they are for."""

    steps: int
    causes: frozenset[str]


def offered_steps(request: Request, environ: Mapping[str, str]) -> Offered:
    """Return what `prepare` would do to files inside the project; the engine is not asked."""
    try:
        steps = prepare(request, environ, dry_run=True, engine=False).plan.steps
    except BootreadyError:
        steps = ()
    return Offered(len(steps), frozenset(step.cause for step in steps))


def carry_out(request: Request, environ: Mapping[str, str]) -> str:
    """Prepare the project, and return what was done, in words. Raises BootreadyError."""
    made = prepare(request, environ, engine=False)
    count = len(made.done)
    words = [f"prepared: {count} {'step' if count == 1 else 'steps'}"]
    if count:
        words.append("`bootready undo` undoes them")
    if made.refused:
        left = [describe(step.action, made.directory)[1] for step in made.refused]
        words.append(f"left, as it is outside the project: {', '.join(left)}")
    words += [f"withdrawn: {reason}" for reason in made.withdrawn]
    return "; ".join(words)


def unsaved_files(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files of which an editor has another text than the disk."""
    return tuple(path for path, text in texts.items() if not _is_saved(path, text))


def _is_saved(path: str, text: str) -> bool:
    try:
        return read_text(path) == text
    except ProjectError:
        return False
