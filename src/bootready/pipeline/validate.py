"""Takes a request; returns the verdict on the project as a fresh clone would see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from bootready.apply.files.overlay import overlay
from bootready.boot.secret_files import project_redactor
from bootready.engine.compose import find_compose
from bootready.errors import EngineError, ProjectError
from bootready.host.git import tracked_files
from bootready.host.repository import repository_below_home
from bootready.knowledge.secrets.forms import masked
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.printable import printable
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe
from bootready.pipeline.prepare import prepare
from bootready.read.discover import locate
from bootready.typed import NamedTuple, TypeVar, cast


class Validated(NamedTuple):
    """The verdict on a fresh clone, in the original's paths, and what Compose says of it."""

    verdict: Verdict
    directory: str
    sources: Mapping[str, str]
    compose: str
    """In words; '' where there is no Compose to ask."""
    refused: bool
    """Whether Compose refused the project."""


def validate(request: Request, environ: Mapping[str, str]) -> Validated:
    """Check the project as a fresh clone would see it, prepared in a copy outside the tree.

    Ports, networks and images are this machine's business and are not looked at.
    """
    located = locate(request, environ)
    root = repository_below_home(located.directory) or located.directory
    repository = repository_below_home(root)
    tracked = tracked_files(repository) if repository else None
    with overlay(root, tracked) as copy:
        moved = request._replace(
            directory=copy.there(located.working_directory),
            files=tuple(copy.there(path) for path in request.files),
            env_files=tuple(copy.there(path) for path in request.env_files),
            project_directory=copy.there(request.project_directory)
            if request.project_directory
            else None,
        )
        quiet = {name: value for name, value in environ.items() if name not in _OF_THE_PERSON}
        quiet["HOME"] = os.path.dirname(copy.root)  # an authority of the person stays unused
        return _validated(moved, quiet, environ, copy.back)


def _validated(
    request: Request,
    quiet: Mapping[str, str],
    environ: Mapping[str, str],
    back: Callable[[str], str],
) -> Validated:
    try:
        prepare(request, quiet, engine=False)
        project = load(request, quiet)
    except ProjectError as error:
        raise ProjectError([_returned(problem, back) for problem in error.problems]) from None
    verdict = check(observe(project, quiet, engine=False), skip=_OF_THE_MACHINE)
    told = any(one.severity is Severity.ERROR for one in verdict.findings)
    compose, refused = _asked(request, environ, lambda text: _safe(back(text), project), told=told)
    return Validated(
        verdict=verdict._replace(
            findings=tuple(_returned(one, back) for one in verdict.findings),
            silenced=tuple(_returned(one, back) for one in verdict.silenced),
        ),
        directory=back(project.directory),
        sources={back(path): text for path, text in project.sources.items()},
        compose=compose,
        refused=refused,
    )


_OF_THE_PERSON = frozenset({"PWD", "CAROOT", "XDG_DATA_HOME", "XDG_STATE_HOME"})
"""Variables that would lead to the person's own authority and journal."""

_OF_THE_MACHINE = ("host-port-in-use", "secret-placeholder")

Told = TypeVar("Told", Finding, Problem)


def _returned(told: Told, back: Callable[[str], str]) -> Told:
    """Return a finding or problem with every path as in the original."""

    def walk(value: object) -> object:
        if isinstance(value, str):
            return back(value)
        if isinstance(value, tuple):
            items = tuple(walk(item) for item in value)
            make = getattr(type(value), "_make", tuple)  # a NamedTuple stays one
            return cast("object", make(items))
        return value

    return cast("Told", walk(told))


def _safe(text: str, project: Project) -> str:
    """Return what Compose says without the values of secrets, which it repeats."""
    return printable(masked(project_redactor(project)(text)))


def _asked(
    request: Request, environ: Mapping[str, str], shown: Callable[[str], str], *, told: bool
) -> tuple[str, bool]:
    """Return what Compose says of the project; where an error is `told`, not in its own words.

    These repeat whole values, and ours point at the place.
    """
    try:
        compose = find_compose(environ)
        outcome = compose.run(request, "config", "--quiet")
    except EngineError:
        return "", False
    if outcome.exit_code == 0:
        return f"docker compose {compose.version} accepts it", False
    if told:
        return f"docker compose {compose.version} rejects it as well", True
    last = [shown(line) for line in outcome.stderr.strip().splitlines()[-1:]]
    return f"docker compose {compose.version} rejects it: {''.join(last)}", True
