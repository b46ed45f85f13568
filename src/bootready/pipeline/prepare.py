"""Takes a request; plans and creates what the project lacks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from bootready.check.api import Context
from bootready.check.env_candidates import env_candidates
from bootready.check.generators import generators_of
from bootready.errors import ProjectError, UsageError
from bootready.host.repository import repository_below_home
from bootready.knowledge.assignments import plain_assignments
from bootready.knowledge.examples import settings_in
from bootready.model.action import (
    Action,
    GenerateSecret,
    GenerateVariable,
    IssueCertificate,
    Plan,
    SetVariable,
    Step,
    WriteFile,
    WriteOverride,
)
from bootready.model.finding import Finding, Severity
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe, read_text_file
from bootready.pipeline.values import env_file_of, literals_left, missing_values
from bootready.plan.collect import plan_for
from bootready.plan.environment import (
    env_from,
    lines_from,
    missing_env,
    missing_files,
    missing_variables,
)
from bootready.plan.order import renumbered, target_of
from bootready.plan.select import outside as paths_outside
from bootready.plan.select import prepares, shapes_the_model
from bootready.read.dotenv import read_dotenv
from bootready.typed import NamedTuple


class Prepared(NamedTuple):
    """What `prepare` planned and did. `refused` are steps outside the project, not agreed to;
    `withdrawn` says which would have made the project worse, and how.
    """

    directory: str
    plan: Plan
    done: tuple[Step, ...]
    refused: tuple[Step, ...]
    sources: tuple[str, ...] = ()
    """The files that the plan was made from, absolute."""
    generators: tuple[str, ...] = ()
    """The project's own generators of secrets, where the plan generates some."""
    withdrawn: tuple[str, ...] = ()
    is_left: bool = False
    """Whether the project does not boot without a step of `refused`."""
    open_to_all: tuple[str, ...] = ()
    """Secret files that were made, and that every user of this machine can read."""
    literal: tuple[str, ...] = ()
    """Which placeholders only `fix` lets a variable set, in words."""
    copied: tuple[str, ...] = ()
    """Which placeholders the copies of examples keep, in words."""


def prepare(
    request: Request,
    environ: Mapping[str, str],
    *,
    only: Sequence[str] = (),
    dry_run: bool = False,
    outside: bool = False,
    engine: bool = True,
    use: str = "",
    progress: Callable[[Step, bool], None] = lambda _step, _changed: None,
) -> Prepared:
    """Create what the project lacks: what shapes the model first, then, read again, the rest.

    `use` is the file to make the `.env` from, where there is none. Raises ProjectError, UsageError
    for a file that cannot be used, and ApplyError. With `dry_run` nothing is written.
    """
    steps: list[Step] = []
    done: list[Step] = []
    refused: list[Step] = []
    needed: set[tuple[str, str]] = set()
    withdrawn: dict[str, str] = {}
    found = Wanted("", Plan(()), ())
    texts: dict[str, str] = {}
    generators: dict[str, None] = {}
    for number in range(_ROUNDS):
        wanted = Wish(request, environ, only, texts, use)
        found = _wanted(wanted, engine=engine)
        generators |= dict.fromkeys(found.generators)
        needed |= found.needed
        known = {*withdrawn, *(target_of(step.action) for step in steps if dry_run)}
        rest = (step for step in found.plan.steps if target_of(step.action) not in known)
        found = found._replace(plan=renumbered(rest))
        shaping = renumbered(step for step in found.plan.steps if shapes_the_model(step.action))
        plan = shaping if shaping.steps and number < _ROUNDS - 1 else found.plan
        root = repository_below_home(found.directory) or found.directory
        far = () if dry_run else paths_outside(plan, root)
        if far and not outside:
            away = [step for step in plan.steps if paths_outside(Plan((step,)), root)]
            refused += away
            left = {step.id for step in away}
            plan = renumbered(step for step in plan.steps if step.id not in left)
        is_last = plan is not shaping
        plan, held = _harmless(request, environ, plan)
        withdrawn |= {target_of(step.action): reason for step, reason in held}
        steps += plan.steps
        if dry_run:
            environ = {**_as_if(plan), **environ}
            texts |= _written(plan)
        elif plan.steps:
            from bootready.apply.execute import apply_plan
            from bootready.pipeline.engine_door import engine_door

            door = engine_door(environ) if engine else None
            outcome = apply_plan(
                plan, found.directory, outside=far, environ=environ, engine=door, progress=progress
            )
            done += outcome.done
        if is_last:
            break
    return Prepared(
        found.directory,
        _numbered(steps),
        tuple(done),
        tuple(refused),
        found.sources,
        tuple(generators),
        tuple(withdrawn.values()),
        any(target_of(step.action) in needed for step in refused),
        _open_to_all(done),
        found.literal,
        _copied(steps, found.directory),
    )


def _copied(steps: Sequence[Step], directory: str) -> tuple[str, ...]:
    """Return in words which placeholders the copies of examples keep."""
    copies = [step.action for step in steps if isinstance(step.action, WriteFile)]
    if not any(one.planted is not None for one in copies):
        return ()
    from bootready.plan.copied_secrets import placeholders_left

    return tuple(placeholders_left(copies, directory))


def _harmless(
    request: Request, environ: Mapping[str, str], plan: Plan
) -> tuple[Plan, tuple[tuple[Step, str], ...]]:
    """Return the plan without what would do harm, and that; only some steps may do any."""
    if not any(shapes_the_model(step.action) for step in plan.steps):
        return plan, ()
    from bootready.pipeline.harmless import harmless

    return harmless(request, environ, plan)


_MADE = (GenerateVariable, WriteOverride, IssueCertificate)
"""Actions whose work a generator of the project's own may do as well."""
_ROUNDS = 4
"""An env file may name the Compose files, and those an env file, before all is known."""


def _open_to_all(done: Sequence[Step]) -> tuple[str, ...]:
    """Return the secret files among what was done that every user of this machine can read."""
    from bootready.host.permission import is_open_to_all

    paths = (step.action.path for step in done if isinstance(step.action, GenerateSecret))
    return tuple(filter(is_open_to_all, paths))


class Wanted(NamedTuple):
    """What a project lacks. `sources` are the files that say so, absolute; `needed` is what it
    does not boot without, by target.
    """

    directory: str
    plan: Plan
    sources: tuple[str, ...]
    generators: tuple[str, ...] = ()
    needed: frozenset[tuple[str, str]] = frozenset()
    literal: tuple[str, ...] = ()


def _as_if(plan: Plan) -> dict[str, str]:
    """Return the variables that a shaping plan would set, for a dry run to go on with."""
    found: dict[str, str] = {}
    for step in plan.steps:
        action = step.action
        if isinstance(action, GenerateVariable):
            found[action.name] = "generated"
        text = action.text if isinstance(action, WriteFile) else ""
        text = f"{action.line}\n" if isinstance(action, SetVariable) else text
        if text and os.path.basename(getattr(action, "path", "")) == ".env":
            try:
                variables = read_dotenv(text, ".env", found.get)
            except ProjectError:
                continue
            found.update({name: one.value for name, one in variables.items()})
    return found


def _written(plan: Plan) -> dict[str, str]:
    """Return the `.env` files that a plan would create, by their paths."""
    made = (step.action for step in plan.steps)
    return {
        action.path: action.text
        for action in made
        if isinstance(action, WriteFile) and os.path.basename(action.path) == ".env"
    }


def _with_planned(project: Project, planned: Mapping[str, str]) -> Project:
    """Return `project` as if the env files in `planned` were there: a dry run has written none."""
    variables = dict(project.variables)
    for path, text in planned.items():
        for name, setting in settings_in(text).items():
            if name in variables and variables[name].source == "shell":
                variables[name] = variables[name]._replace(source=path, line=setting.line)
    sources = {**project.sources, **planned}
    return project._replace(variables=variables, sources=sources) if planned else project


def _paths(finding: Finding) -> set[str]:
    actions = finding.remedy.actions if finding.remedy else ()
    return {action.path for action in actions if isinstance(action, WriteFile)}


class Wish(NamedTuple):
    """What a person asked for; `planned` are the env files that a dry run would have written."""

    request: Request
    environ: Mapping[str, str]
    only: Sequence[str]
    planned: Mapping[str, str]
    use: str = ""


def _wanted(wish: Wish, *, engine: bool) -> Wanted:
    request, environ, only, planned, use = wish
    try:
        project = load(request, environ)
    except ProjectError as error:
        # Perhaps only an env file is missing, which says what the Compose files are.
        directory = os.path.abspath(request.project_directory or request.directory)
        found = (
            *_env_file(directory, request, environ, use),
            *missing_files(error.problems, directory, read_text_file),
        )
        plan = plan_for(found, only=prepares(only))
        if not plan.steps:
            raise
        needed = frozenset(target_of(step.action) for step in plan.steps)
        return Wanted(directory, plan, (), needed=needed)
    project = _with_planned(project, planned)
    evidence = observe(project, environ, engine=engine)
    verdict = check(evidence)
    made = (
        *_env_file(project.directory, request, environ, use, project),
        *_by_content(evidence.context, request, environ, use),
        *missing_files(project.problems, project.directory, read_text_file),
    )
    copies = [one for one in made if not _paths(one) & planned.keys()]
    findings = (
        *copies,
        *missing_variables(project, read_text_file, env_file_of(project, request, environ)),
        # What a copy says is known once it is there.
        *(() if copies else missing_values(evidence.context, request, environ)),
        *verdict.findings,
    )
    wanted = prepares(only)
    literal = literals_left(evidence.context, request, environ, verdict)
    if not any(one.remedy and one.remedy.actions for one in findings):
        return Wanted(project.directory, Plan(()), project.files, literal=literal)
    host = evidence.context.host

    def ours(action: Action) -> bool:
        # A tracked file is changed by `fix` alone, with consent.
        if isinstance(action, SetVariable | GenerateVariable):
            return wanted(action) and not host.tracked_by_git(action.path)
        return wanted(action)

    from bootready.plan.complete import completer

    complete = completer(project, evidence.context.engine)
    plan = plan_for(findings, complete=complete, only=ours)
    if any(isinstance(step.action, WriteFile) for step in plan.steps):
        from bootready.plan.copied_secrets import with_copied_secrets

        plan = with_copied_secrets(plan, project, host)
    random = any(isinstance(step.action, _MADE) for step in plan.steps)
    generators = generators_of(project, host) if random else ()
    needed = frozenset(
        target_of(action)
        for one in findings
        if one.remedy and (one.severity is Severity.ERROR or one.check_id == "env-file-missing")
        for action in one.remedy.actions
    )
    return Wanted(project.directory, plan, project.files, generators, needed, literal)


def _by_content(
    context: Context, request: Request, environ: Mapping[str, str], use: str
) -> tuple[Finding, ...]:
    """Return the wishes for a `.env` after a file that surely sets what is unset, or for what the
    `.env` lacks.
    """
    if use or _named_env(request, environ):
        return ()
    directory = context.project.directory
    exists = os.path.lexists(os.path.join(directory, ".env"))
    found = next((one for one in env_candidates(context.project, context.host) if one.sure), None)
    if found is None:
        return ()
    if found.adds:
        return tuple(lines_from(directory, found)) if exists else ()
    return (env_from(directory, found.path, found.text),)


def _env_file(
    directory: str,
    request: Request,
    environ: Mapping[str, str],
    use: str,
    project: Project | None = None,
) -> tuple[Finding, ...]:
    """Return the wish for a `.env` where the project has only the example of one."""
    if _named_env(request, environ):
        return ()
    if not use:
        return tuple(missing_env(directory, read_text_file, project))
    if os.path.lexists(os.path.join(directory, ".env")):
        return ()
    for path in (os.path.abspath(use), os.path.join(directory, use)):
        text = plain_assignments(read_text_file(path) or "")
        if text:
            return (env_from(directory, path, text),)
    raise UsageError(f"'{use}' is not a file of assignments", "name one: --use ./variables.env")


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
