"""Compose refuses the project: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.project import start_of

CLAIMED = frozenset({"required-variable-unset", "env-file-missing"})
"""Kinds of problems that checks of the same name report, with more to say."""

SUBJECT = re.compile(r"(service|network|volume|secret|config|project|file)\b[^:]*: ")


@check(
    summary="Compose refuses the project",
    severity=Severity.ERROR,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/",
)
def compose_refuses(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reports everything for which Compose would refuse to load the project, all at once and with
    its place. Reasons that have a check of their own are left to that check.

    ## Why it stops boot
    Compose loads the whole project before it does anything; one mistake anywhere stops every
    service.

    ## Remedy
    Change the value at the place shown.
    """
    lines: set[tuple[str, int]] = set()
    for problem in context.project.problems:
        if problem.kind not in CLAIMED:
            line = start_of(problem.location.span)[:2] if problem.location else ("", 0)
            if problem.location and line in lines:
                continue  # what follows from the first reason at a place
            lines.add(line)
            message = (
                problem.message if SUBJECT.match(problem.message) else f"project: {problem.message}"
            )
            yield report(problem.location, message, hint=problem.hint)
