"""Joins the stages: read, resolve, check, plan, apply, boot. Nothing else knows them all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from bootready.check.api import Context
from bootready.check.discover import choose, index
from bootready.check.run import Evidence, run_entries
from bootready.check.settings import Settings
from bootready.check.silence import silences_in
from bootready.errors import EngineError, ProjectError, UsageError
from bootready.model.action import Plan, Step, WriteFile
from bootready.model.finding import Finding, Needs, Remedy, Safety, Severity, Verdict
from bootready.model.node import Plain
from bootready.model.position import YamlPath, render_path
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.model.template import ENV_TEMPLATES

if TYPE_CHECKING:
    from bootready.apply.execute import EngineDoor
    from bootready.apply.undo import Undone
    from bootready.boot.up import Options, View
    from bootready.model.boot import BootOutcome


def load(request: Request, environ: Mapping[str, str]) -> Project:
    """Return the project that `request` means. Raises ProjectError where there is no model."""
    from bootready.resolve.build import load_project  # noqa: PLC0415 - checks alone need none

    return load_project(request, environ)


def observe(project: Project, environ: Mapping[str, str], *, engine: bool = True) -> Evidence:
    """Return the evidence that there is; `engine` False leaves the engine unasked."""
    from bootready.host.local import LocalHost  # noqa: PLC0415 - as in load

    missing = {Needs.REGISTRY: "registries are never asked"}
    if not engine:
        from bootready.engine.recorded import RecordedEngine  # noqa: PLC0415 - as in load

        missing[Needs.ENGINE] = "it was not asked (--engine none)"
        unasked = RecordedEngine(None, missing[Needs.ENGINE])
        return Evidence(Context(project, LocalHost(), unasked), missing)
    from bootready.engine.observe import LocalEngine  # noqa: PLC0415 - as in load

    asked = LocalEngine(environ)
    if not asked.reachable:
        missing[Needs.ENGINE] = asked.unreachable_reason
    if not asked.local:
        missing[Needs.HOST] = "the engine is another machine, this one says nothing about it"
    return Evidence(Context(project, LocalHost(), asked), missing)


def check(
    evidence: Evidence,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    settings: Settings | None = None,
) -> Verdict:
    """Return the verdict of the catalogue on the project in `evidence`.

    `only` and `skip` name checks or topics; UsageError for one that is unknown.
    """
    settings = settings or Settings()
    entries = choose(index(), only or settings.only, (*skip, *settings.skip))
    sources = evidence.context.project.sources
    return run_entries(entries, evidence, (*silences_in(sources), *settings.silences))


def up(  # noqa: PLR0917 - what one boot needs to know
    project: Project,
    request: Request,
    environ: Mapping[str, str],
    options: Options,
    view: View,
    verify_seconds: float = 60.0,
) -> BootOutcome:
    """Boot the project and ask its endpoints; EngineError where no engine or Compose answers."""
    from bootready.boot.selection import selected  # noqa: PLC0415 - as in load
    from bootready.boot.up import boot  # noqa: PLC0415 - as in load
    from bootready.boot.verify import verify  # noqa: PLC0415 - as in load
    from bootready.engine.api import connect  # noqa: PLC0415 - as in load
    from bootready.engine.compose import find_compose  # noqa: PLC0415 - as in load

    api = connect(environ)
    api.ping()
    compose = find_compose(environ)
    outcome = boot(project, request, compose, api, options=options, view=view)
    if not outcome.ready:
        return outcome
    services = selected(project, options.services)
    return outcome._replace(endpoints=verify(project, services, api, verify_seconds))


def look(project: Project, environ: Mapping[str, str], services: Sequence[str] = ()) -> BootOutcome:
    """Return the state of a stack that somebody else has started, with diagnoses of what fails."""
    from bootready.boot.look import look_at  # noqa: PLC0415 - as in load
    from bootready.engine.api import connect  # noqa: PLC0415 - as in load

    api = connect(environ)
    api.ping()
    return look_at(project, api, services)


def down(request: Request, environ: Mapping[str, str]) -> None:
    """Take the project's containers and networks down; data stays. Raises EngineError."""
    from bootready.engine.compose import find_compose  # noqa: PLC0415 - as in load

    outcome = find_compose(environ).run(request, "down", timeout=300)
    if outcome.exit_code != 0:
        raise EngineError("'docker compose down' failed", outcome.argv, stderr=outcome.stderr)


class Prepared(NamedTuple):
    """What `prepare` planned and did. `refused` are steps outside the project, not agreed to."""

    directory: str
    plan: Plan
    done: tuple[Step, ...]
    refused: tuple[Step, ...]


def prepare(
    request: Request,
    environ: Mapping[str, str],
    *,
    only: Sequence[str] = (),
    dry_run: bool = False,
    outside: bool = False,
    engine: bool = True,
    progress: Callable[[Step, bool], None] = lambda _step, _changed: None,
) -> Prepared:
    """Create what the project lacks: what shapes the model first, then, read again, the rest.

    Raises ProjectError and ApplyError. With `dry_run` nothing is written.
    """
    from bootready.apply.execute import apply_plan  # noqa: PLC0415 - as in load
    from bootready.apply.ground import repository_of  # noqa: PLC0415 - as in load
    from bootready.plan.order import renumbered  # noqa: PLC0415 - as in load
    from bootready.plan.select import outside as paths_outside  # noqa: PLC0415 - as in load
    from bootready.plan.select import shapes_the_model  # noqa: PLC0415 - as in load

    steps: list[Step] = []
    done: list[Step] = []
    refused: list[Step] = []
    directory = ""
    for number in range(_ROUNDS):
        directory, found = _wanted(request, environ, only, engine=engine)
        shaping = renumbered(step for step in found.steps if shapes_the_model(step.action))
        plan = shaping if shaping.steps and not dry_run and number < _ROUNDS - 1 else found
        root = repository_of(directory) or directory
        far = () if dry_run else paths_outside(plan, root)
        if far and not outside:
            away = [step for step in plan.steps if paths_outside(Plan((step,)), root)]
            refused += away
            plan = renumbered(step for step in plan.steps if step not in away)
        steps += plan.steps
        if not dry_run:
            door = _door(environ) if engine else None
            outcome = apply_plan(
                plan, directory, outside=far, environ=environ, engine=door, progress=progress
            )
            done += outcome.done
        if plan is not shaping:
            break
    return Prepared(directory, _numbered(steps), tuple(done), tuple(refused))


_ROUNDS = 3


def _wanted(
    request: Request, environ: Mapping[str, str], only: Sequence[str], *, engine: bool
) -> tuple[str, Plan]:
    from bootready.plan.collect import plan_for  # noqa: PLC0415 - as in load
    from bootready.plan.complete import completer  # noqa: PLC0415 - as in load
    from bootready.plan.select import prepares  # noqa: PLC0415 - as in load

    project = load(request, environ)
    evidence = observe(project, environ, engine=engine)
    verdict = check(evidence)
    complete = completer(project, evidence.context.engine)
    findings = (*_env_file(project, request, environ), *verdict.findings)
    return project.directory, plan_for(findings, complete=complete, only=prepares(only))


def _env_file(
    project: Project, request: Request, environ: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return the wish for a `.env` where the project has only the example of one."""
    path = f"{project.directory}/.env"
    named = request.env_files or environ.get("COMPOSE_ENV_FILES")
    if named or environ.get("COMPOSE_DISABLE_ENV_FILE") or os.path.lexists(path):
        return ()
    for name in ENV_TEMPLATES:
        text = read_text_file(f"{project.directory}/{name}")
        if text is not None:
            message = f"file './.env' does not exist, './{name}' does"
            remedy = Remedy(f"copy {name}", Safety.SAFE, (WriteFile(path, text, 0o600),))
            return (Finding("variable-unset", Severity.NOTE, message, None, remedy=remedy),)
    return ()


def read_text_file(path: str) -> str | None:
    """Return the text of a small file, None where there is none that can be read."""
    from bootready.host.local import LocalHost  # noqa: PLC0415 - as in load

    return LocalHost().read_text(path)


def _numbered(steps: Sequence[Step]) -> Plan:
    """Return the steps of all rounds as one plan; each round's links move along with it."""
    kept: list[Step] = []
    shift = 0
    for place, step in enumerate(steps):
        if step.id == 1:
            shift = place
        after = tuple(other + shift for other in step.after)
        kept.append(step._replace(id=step.id + shift, after=after))
    return Plan(tuple(kept))


def _door(environ: Mapping[str, str]) -> EngineDoor:
    from bootready.apply.execute import EngineDoor  # noqa: PLC0415 - as in load
    from bootready.engine.api import connect  # noqa: PLC0415 - as in load

    def create(path: str, body: dict[str, Plain]) -> bool:
        try:
            connect(environ).post(path, body)
        except EngineError as error:
            if error.process_exit_code == 409:  # it exists
                return False
            raise
        return True

    return EngineDoor(
        network=lambda name, driver: create(
            "/networks/create", {"Name": name, "Driver": driver, "CheckDuplicate": True}
        ),
        volume=lambda name: create("/volumes/create", {"Name": name}),
        pull=lambda _image: False,
    )


def undo(directory: str, *, dry_run: bool = False) -> Undone:
    """Take back what was created for the project in `directory` and is unchanged since."""
    from bootready.apply.undo import undo as take_back  # noqa: PLC0415 - as in load

    return take_back(directory, dry_run=dry_run)


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
    from bootready.apply.ground import repository_of  # noqa: PLC0415 - as in load
    from bootready.apply.overlay import overlay  # noqa: PLC0415 - as in load
    from bootready.host.git import tracked_files  # noqa: PLC0415 - as in load
    from bootready.read.discover import locate  # noqa: PLC0415 - as in load

    located = locate(request, environ)
    root = repository_of(located.directory) or located.directory
    repository = repository_of(root)
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
        quiet = {name: value for name, value in environ.items() if name not in {"PWD", "CAROOT"}}
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
    compose, refused = _asked(request, environ, back)
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


def _asked(
    request: Request, environ: Mapping[str, str], back: Callable[[str], str]
) -> tuple[str, bool]:
    from bootready.engine.compose import find_compose  # noqa: PLC0415 - as in load

    try:
        compose = find_compose(environ)
        outcome = compose.run(request, "config", "--quiet")
    except EngineError:
        return "", False
    if outcome.exit_code == 0:
        return f"docker compose {compose.version} accepts it", False
    last = back(outcome.stderr.strip()).splitlines()
    return f"docker compose {compose.version} refuses it: {last[-1] if last else ''}", True


class Change(NamedTuple):
    """One tracked file before and after a fix."""

    path: str
    before: str
    after: str


class Fixed(NamedTuple):
    """What `fix` would change; `withdrawn` says why it would not."""

    directory: str
    plan: Plan
    changes: tuple[Change, ...]
    withdrawn: str = ""


def fix(request: Request, environ: Mapping[str, str], *, unsafe: bool = False) -> Fixed:
    """Plan the edits of tracked files, and prove in a copy that nothing else changes in the model.

    With `unsafe` also `$` that may well be meant for Compose is doubled. Nothing is written.
    """
    from bootready.apply.preview import preview  # noqa: PLC0415 - as in load
    from bootready.plan.collect import plan_for  # noqa: PLC0415 - as in load
    from bootready.plan.dollar import doubled  # noqa: PLC0415 - as in load
    from bootready.plan.select import fixes  # noqa: PLC0415 - as in load

    project = load(request, environ)
    verdict = check(observe(project, environ, engine=False))
    findings = [doubled(one, project.sources, unsafe=unsafe) for one in verdict.findings]
    plan = plan_for(findings, only=fixes)
    changes = tuple(Change(*change) for change in preview(plan, project.directory))
    intended = [
        one.primary.path for one in findings if one.check_id == "dollar-unescaped" and one.primary
    ]
    if not any(change.path in project.files for change in changes):
        return Fixed(project.directory, plan, changes)
    stray = _stray_change(request, environ, project, changes, intended)
    return Fixed(project.directory, plan, changes, stray)


def _stray_change(
    request: Request,
    environ: Mapping[str, str],
    project: Project,
    changes: Sequence[Change],
    intended: Sequence[YamlPath],
) -> str:
    """Return the first path of the model that a fix changes unasked, '' where there is none."""
    from bootready.apply.ground import repository_of  # noqa: PLC0415 - as in load
    from bootready.apply.overlay import overlay  # noqa: PLC0415 - as in load
    from bootready.model.node import plain  # noqa: PLC0415 - as in load
    from bootready.plan.difference import differences  # noqa: PLC0415 - as in load
    from bootready.read.discover import locate  # noqa: PLC0415 - as in load

    here = locate(request, environ).working_directory
    root = repository_of(project.directory) or project.directory
    with overlay(root, None) as copy:
        copy.put({change.path: change.after for change in changes})
        for path in project.env_files:
            copy.put({path: project.sources.get(path) or read_text_file(path) or ""})
        moved = request._replace(
            directory=copy.there(here), files=tuple(copy.there(one) for one in request.files)
        )
        quiet = {name: value for name, value in environ.items() if name != "PWD"}
        after = plain(load(moved, quiet).model)
    for place in differences(plain(project.model), after, copy.back):
        if not any(place[: len(one)] == one for one in intended):
            return render_path(place)
    return ""


def apply_fix(fixed: Fixed) -> None:
    """Write what `fix` planned. Raises ApplyError."""
    from bootready.apply.execute import apply_plan  # noqa: PLC0415 - as in load

    apply_plan(fixed.plan, fixed.directory)


def approval_document(directory: str) -> str:
    """Return the document that `[approval]` of bootready.toml names, '' without one."""
    import tomllib  # noqa: PLC0415 - only `fix --apply` pays for it

    text = read_text_file(f"{directory}/bootready.toml")
    try:
        table = tomllib.loads(text or "").get("approval", {})
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"bootready.toml: {error}") from None
    return str(table.get("document", "")) if isinstance(table, dict) else ""
