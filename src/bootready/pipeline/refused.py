"""Why a project cannot be read -> the verdict on it, for programs that read one."""

from __future__ import annotations

from bootready.errors import ProjectError
from bootready.knowledge.secrets.forms import masked
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.problem import Problem


def refused(error: ProjectError) -> Verdict:
    """Return the verdict that holds every reason in `error`, each as `compose-refuses`."""
    files = {one.location.span.file for one in error.problems if one.location is not None}
    findings = tuple(map(_finding, error.problems))
    return Verdict(findings, (), (), len(files), 0, 0, 1, apart=findings)


def _finding(problem: Problem) -> Finding:
    return Finding(
        "compose-refuses",
        Severity.ERROR,
        f"project: {masked(problem.message)}",
        problem.location,
        problem.related,
        problem.hint,
    )
