"""Takes a request; plans and creates what the project lacks, and takes it back."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bootready.apply.execute import EngineDoor, apply_plan
from bootready.apply.ground import repository_of
from bootready.apply.undo import undo as take_back
from bootready.engine.api import connect
from bootready.errors import EngineError, ProjectError
from bootready.model.action import Plan, Step
from bootready.model.finding import Finding
from bootready.model.node import Plain
from bootready.model.request import Request
from bootready.pipeline import check, load, observe, read_text_file
from bootready.plan.collect import plan_for
from bootready.plan.complete import completer
from bootready.plan.environment import missing_env, missing_files, missing_variables
from bootready.plan.order import renumbered
from bootready.plan.select import outside as paths_outside
from bootready.plan.select import prepares, shapes_the_model

if TYPE_CHECKING:
    from bootready.apply.undo import Undone


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


_ROUNDS = 4


def _wanted(
    request: Request, environ: Mapping[str, str], only: Sequence[str], *, engine: bool
) -> tuple[str, Plan]:
    try:
        project = load(request, environ)
    except ProjectError as error:
        # Perhaps only an env file is missing, which says what the Compose files are.
        directory = os.path.abspath(request.project_directory or request.directory)
        found = (
            *_env_file(directory, request, environ),
            *missing_files(error.problems, directory, read_text_file),
        )
        plan = plan_for(found, only=prepares(only))
        if not plan.steps:
            raise
        return directory, plan
    evidence = observe(project, environ, engine=engine)
    verdict = check(evidence)
    complete = completer(project, evidence.context.engine)
    findings = (
        *_env_file(project.directory, request, environ),
        *missing_files(project.problems, project.directory, read_text_file),
        *(() if _named_env(request, environ) else missing_variables(project, read_text_file)),
        *verdict.findings,
    )
    return project.directory, plan_for(findings, complete=complete, only=prepares(only))


def _env_file(directory: str, request: Request, environ: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the wish for a `.env` where the project has only the example of one."""
    if _named_env(request, environ):
        return ()
    return tuple(missing_env(directory, read_text_file))


def _named_env(request: Request, environ: Mapping[str, str]) -> bool:
    """Tell whether the person named other env files, or wants none."""
    named = request.env_files or environ.get("COMPOSE_ENV_FILES")
    return bool(named or environ.get("COMPOSE_DISABLE_ENV_FILE"))


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
    return take_back(directory, dry_run=dry_run)
