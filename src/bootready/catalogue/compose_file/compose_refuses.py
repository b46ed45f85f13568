"""Compose rejects the project: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.problem import Problem
from bootready.model.project import Project, start_of
from bootready.regex import regex

CLAIMED = frozenset({"required-variable-unset", "env-file-missing"})
"""Kinds of problems that checks of the same name report, with more to say."""

SUBJECT = regex(r"(service|network|volume|secret|config|project|file)\b[^:]*: ")


@check(
    summary="Compose rejects the project",
    severity=Severity.ERROR,
    where=("problems",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/",
)
def compose_refuses(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reports everything for which Compose would refuse to load the project, all of it in one run and
    with its place. Faults that have a check of their own are left to that check.

    ## Why it stops boot
    Compose loads the whole project before it does anything, so a single mistake stops every
    service.

    ## What you see
    Compose reports one fault at a time, usually without the line. For `- ${DATA}:/data` with an
    unset variable:

    ```
    invalid spec: :/data: empty section between colons
    ```

    ## Remedy
    Change the value at the place shown.

    ## When to silence it
    Never: a project that Compose rejects cannot boot.
    """
    # A required variable without a value leaves its reference behind, which is no value either.
    lines = {
        start_of(problem.location.span)[:2]
        for problem in context.project.problems
        if problem.location and problem.kind in CLAIMED
    }
    for problem in context.project.problems:
        if problem.kind not in CLAIMED:
            line = start_of(problem.location.span)[:2] if problem.location else ("", 0)
            if problem.location and line in lines:
                continue  # what follows from the first reason at a place
            lines.add(line)
            hint = problem.hint or _hint(context.project, problem)
            yield report(problem.location, _with_subject(problem), hint=hint)


def _hint(project: Project, problem: Problem) -> str:
    """Return where the missing definition belongs, '' for problems of other kinds.

    Reading and resolving know only what Compose refuses; the place to define it is a remedy.
    """
    if problem.kind in {"undefined-volume", "undefined-network"}:
        return f"define it below `{problem.kind.removeprefix('undefined-')}s` at the top level"
    is_at_top = problem.location is not None and len(problem.location.path) == 1
    if problem.kind == "unknown-key" and is_at_top and not project.services:
        return "services are defined below `services`"
    return ""


def _with_subject(problem: Problem) -> str:
    if SUBJECT.match(problem.message):
        return problem.message
    match problem.location.path if problem.location else ():
        case ("services" | "networks" | "volumes" | "secrets" | "configs" as section, name, *_):
            return f"{section[:-1]} '{name}': {problem.message}"
    return f"project: {problem.message}"
