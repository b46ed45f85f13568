"""Takes a request; returns the verdict on the project as a fresh clone would see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from bootready.apply.files.overlay import Overlay, overlay
from bootready.boot.secret_files import project_redactor
from bootready.check.discover import choose, index
from bootready.check.settings import Settings, read_settings
from bootready.errors import BootreadyError, ProjectError
from bootready.host.git import tracked_files
from bootready.host.repository import repository_below_home
from bootready.knowledge.secrets.forms import masked
from bootready.model.finding import Finding, Severity, Skipped, Verdict
from bootready.model.printable import printable
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, less_known, load, observe
from bootready.pipeline.crosscheck import Answer, Oracle, asked
from bootready.pipeline.next_steps import with_next_steps
from bootready.pipeline.portion import portion
from bootready.pipeline.prepare import prepare
from bootready.pipeline.untracked import Tree, refuse_untracked, with_untracked
from bootready.read.discover import locate
from bootready.typed import NamedTuple, TypeVar, cast


class Wish(NamedTuple):
    """Which checks run (ids or topics), what is asked besides the clone, and whether the edits of
    `fix` are wanted.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    engine: bool = False
    registry: bool = False
    swarm: bool = False
    """Whether the project is to run on a Docker Swarm."""
    remedies: bool = False
    baseline: bool = True
    """Whether what the baseline knows is left out."""
    fail_on: Severity | None = None
    """The least grave severity that is a failure, None for what the project says."""


class Validated(NamedTuple):
    """The verdict on a fresh clone, in the original's paths, and what Compose says of it."""

    verdict: Verdict
    directory: str
    name: str
    sources: Mapping[str, str]
    settings: Settings
    compose: str
    """In words; '' where there is no Compose to ask, or none was to be asked."""
    includes: tuple[str, ...]
    """The Compose files that it includes."""


def validate(
    request: Request,
    environ: Mapping[str, str],
    wish: Wish | None = None,
    oracle: Oracle | None = None,
) -> Validated:
    """Check the project as a fresh clone would see it, prepared in a copy outside the tree.

    Unless it is wished, ports, networks and images are this machine's business and are not looked
    at. `oracle` is the Compose of this machine, if it was looked for already. Raises ProjectError
    where the clone has no model, or no Compose file because git does not track it.
    """
    oracle = oracle or Oracle(environ)
    located = locate(request, environ)
    root = repository_below_home(located.directory) or located.directory
    repository = repository_below_home(root)
    tracked = tracked_files(repository) if repository else None
    tree = Tree(root, tracked) if tracked is not None else None
    if tree:
        refuse_untracked(tree, located.files)
    copied = tracked
    if tracked is not None:
        copied = portion(request, environ, root, located.directory, tracked)
    with overlay(root, copied) as copy:
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
        lacking = tree._replace(copy=copy.root) if tree else None
        back = _Back(copy, lacking, located.directory)
        return _validated(moved, quiet, wish or Wish(), oracle, back)


def _validated(
    request: Request, quiet: Mapping[str, str], wish: Wish, oracle: Oracle, back: _Back
) -> Validated:
    try:
        _prepare(request, quiet)
        with asked(oracle, request) as answer:
            project = load(request, quiet)
            settings = read_settings(project.directory, back.copy.root)
            evidence = observe(
                project, quiet, engine=wish.engine, registry=wish.registry, swarm=wish.swarm
            )
            skip = (*wish.skip, *_OF_THE_MACHINE)
            verdict = check(evidence, wish.only, skip, settings._replace(baseline=()))
            compose = answer()
    except ProjectError as error:
        raise ProjectError([back.told(problem) for problem in error.problems]) from None
    wanted = choose(index(), wish.only or settings.only, (*skip, *settings.skip))
    words = ""
    if any(entry.id == _REFUSES for entry in wanted):
        safe = _masks(project)
        verdict = _with_answer(verdict, compose, lambda text: safe(back.text(text)))
        words = _said(compose, verdict)
    if settings.baseline and wish.baseline:
        verdict = less_known(verdict, settings, project.directory, wanted)
    verdict = with_next_steps(
        evidence.context,
        request,
        quiet,
        verdict,
        failing=wish.fail_on or settings.fail_on or Severity.ERROR,
        remedies=wish.remedies,
        engine=wish.engine,
    )
    return Validated(
        verdict=verdict._replace(
            findings=tuple(map(back.told, verdict.findings)),
            silenced=tuple(map(back.told, verdict.silenced)),
            apart=tuple(map(back.told, verdict.apart)),
            known=tuple(map(back.told, verdict.known)),
        ),
        directory=back.text(project.directory),
        name=project.name,
        sources={back.text(path): text for path, text in project.sources.items()},
        settings=settings,
        compose=words,
        includes=tuple(map(back.text, project.included_variables)),
    )


def _prepare(request: Request, quiet: Mapping[str, str]) -> None:
    """Prepare the copy; that this is refused is a problem of the project."""
    try:
        prepare(request, quiet, engine=False)
    except ProjectError:
        raise
    except BootreadyError as error:
        problem = Problem("prepare-refused", error.message, None, fatal=True, hint=error.hint)
        raise ProjectError([problem]) from None


_OF_THE_PERSON = frozenset({"PWD", "CAROOT", "XDG_DATA_HOME", "XDG_STATE_HOME"})
"""Variables that would lead to the person's own authority and journal."""

_OF_THE_MACHINE = ("host-port-in-use", "secret-placeholder")

_REFUSES = "compose-refuses"

Told = TypeVar("Told", Finding, Problem)


class _Back(NamedTuple):
    """The way from the copy to the original; `directory` is the project's there."""

    copy: Overlay
    tree: Tree | None
    directory: str

    def text(self, text: str) -> str:
        return self.copy.back(text)

    def told(self, told: Told) -> Told:
        """Return a finding or problem with every path as in the original."""
        moved = cast("Told", self._walk(told))
        return with_untracked(moved, self.tree, self.directory) if self.tree else moved

    def _walk(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            items = tuple(self._walk(item) for item in value)
            make = getattr(type(value), "_make", tuple)  # a NamedTuple stays one
            return cast("object", make(items))
        return value


def _masks(project: Project) -> Callable[[str], str]:
    """Return what masks the values of secrets in the words of Compose, which repeats them."""
    redactor = project_redactor(project)
    return lambda text: printable(masked(redactor(text)))


def _with_answer(verdict: Verdict, answer: Answer | None, shown: Callable[[str], str]) -> Verdict:
    """Return the verdict with what Compose says; where an error is told, not in its own words.

    These repeat whole values, and ours point at the place.
    """
    if answer is None:
        reason = "Docker Compose was not found for the cross-check"
        return verdict._replace(skipped=(*verdict.skipped, Skipped(_REFUSES, reason)))
    if answer.accepts or any(one.severity is Severity.ERROR for one in verdict.findings):
        return verdict
    words = f"project: docker compose {answer.version} rejects it: {shown(answer.words)}"
    finding = Finding(_REFUSES, Severity.ERROR, words, None)
    return verdict._replace(findings=(finding, *verdict.findings), apart=(finding, *verdict.apart))


def _said(answer: Answer | None, verdict: Verdict) -> str:
    if answer is None:
        return ""
    if answer.accepts:
        return f"docker compose {answer.version} accepts it"
    words = next((one for one in verdict.findings if one.check_id == _REFUSES), None)
    is_its = words is not None and "rejects it: " in words.message
    return f"docker compose {answer.version} rejects it" + ("" if is_its else " as well")
