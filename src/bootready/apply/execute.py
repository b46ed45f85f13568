"""Plan -> files, networks and volumes; an outcome that says what was done and what was there.

Every action is a no-op when already done, so that any plan can be carried out twice, by two runs
at once, or after a run that was killed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from bootready.apply.files.create import (
    clean_up,
    create_file,
    make_directory,
    read_file,
    replace_file,
    set_permissions,
)
from bootready.apply.files.edits import edited
from bootready.apply.files.ground import ANYBODY, Owner, ground_of
from bootready.apply.files.journal import Entry, Journal, opened
from bootready.apply.secrets.copied import text_of
from bootready.apply.secrets.create import generate_secret
from bootready.apply.secrets.dotenv import append_lines, generate_variable, set_variable
from bootready.apply.secrets.override import override_text
from bootready.errors import ApplyError, BootreadyError
from bootready.model.action import (
    Action,
    AppendLines,
    CreateDirectory,
    CreateNetwork,
    CreateObject,
    CreateVolume,
    EditFile,
    GenerateSecret,
    GenerateVariable,
    IssueCertificate,
    LabelNode,
    Plan,
    PullImage,
    SendImage,
    SetPermissions,
    SetVariable,
    Step,
    WriteFile,
    WriteOverride,
)
from bootready.system import is_superuser
from bootready.typed import NamedTuple, assert_never

Create = Callable[[str], bool]
"""Creates a thing of that name with the engine; tells whether it was not there before."""


class SwarmDoor(NamedTuple):
    """What `apply` may ask of a swarm and of its nodes; each tells whether it changed something."""

    label: Callable[[LabelNode], bool]
    create: Callable[[CreateObject], bool]
    send: Callable[[SendImage], bool]


class EngineDoor(NamedTuple):
    """What `apply` may ask of the engine. `network` gets the name and the driver."""

    network: Callable[[str, str], bool]
    volume: Create
    pull: Create
    swarm: SwarmDoor | None = None


class Outcome(NamedTuple):
    """The steps that changed something and those that found nothing to do."""

    done: tuple[Step, ...]
    unchanged: tuple[Step, ...]


def apply_plan(
    plan: Plan,
    directory: str,
    *,
    outside: tuple[str, ...] = (),
    environ: Mapping[str, str] | None = None,
    engine: EngineDoor | None = None,
    progress: Callable[[Step, bool], None] = lambda _step, _changed: None,
) -> Outcome:
    """Carry out `plan` for the project in `directory` (absolute), step by step.

    `outside` are the paths outside the project that were agreed to. `progress` hears of every
    step and whether it changed something. Raises ApplyError with what was done before it.
    """
    if not plan.steps:
        return Outcome((), ())
    ground = ground_of(directory, outside)
    done: list[Step] = []
    unchanged: list[Step] = []
    step = plan.steps[0]
    try:
        with opened(ground, directory, environ) as journal:
            clean_up(journal)
            for step in plan.steps:
                changed = _carry_out(step.action, journal, environ or os.environ, engine)
                (done if changed else unchanged).append(step)
                progress(step, changed)
    except BootreadyError as error:
        raise ApplyError(error.message, step, done, error.hint) from error
    except OSError as error:
        raise ApplyError(_words(error, step, directory), step, done) from error
    return Outcome(tuple(done), tuple(unchanged))


def _carry_out(
    action: Action, journal: Journal, environ: Mapping[str, str], engine: EngineDoor | None
) -> bool:
    match action:
        case CreateDirectory():
            # Only the superuser can give a directory away.
            owner = Owner(action.uid, action.gid) if is_superuser() else ANYBODY
            return make_directory(journal, action.path, action.mode, owner)
        case WriteFile():
            return create_file(journal, action.path, text_of(action).encode(), action.mode)
        case WriteOverride():
            return create_file(journal, action.path, override_text(action).encode(), 0o600)
        case GenerateSecret():
            return generate_secret(journal, action)
        case GenerateVariable():
            return generate_variable(journal, action)
        case SetPermissions():
            owner = Owner(action.uid, action.gid)
            return set_permissions(journal, action.path, action.mode, owner)
        case IssueCertificate():
            # cryptography takes 60 ms to import, and most plans have no certificate
            from bootready.apply.certificates.issue import issue_certificate

            return issue_certificate(journal, action, environ)
        case SetVariable():
            return set_variable(journal, action)
        case EditFile():
            return _edit(journal, action)
        case AppendLines():
            return append_lines(journal, action)
        case _:
            return _outside_files(action, journal, engine)


def _outside_files(
    action: CreateNetwork | CreateVolume | PullImage | LabelNode | CreateObject | SendImage,
    journal: Journal,
    engine: EngineDoor | None,
) -> bool:
    match action:
        case CreateNetwork() | CreateVolume() | PullImage():
            return _with_engine(action, journal, engine)
        case LabelNode() | CreateObject() | SendImage():
            return _with_swarm(action, journal, engine.swarm if engine else None)
        case _:
            assert_never(action)


def _edit(journal: Journal, action: EditFile) -> bool:
    before = read_file(journal.ground, action.path)
    text = before.decode("utf-8", "surrogateescape")
    after = edited(text, action.edits).encode("utf-8", "surrogateescape")
    if after == before:
        return False
    replace_file(journal, action.path, before, after)
    return True


def _with_engine(
    action: CreateNetwork | CreateVolume | PullImage, journal: Journal, engine: EngineDoor | None
) -> bool:
    if engine is None:
        raise BootreadyError("this step needs the Docker Engine, which does not answer")
    match action:
        case CreateNetwork():
            changed = engine.network(action.name, action.driver)
            operation, name = "network", action.name
        case CreateVolume():
            changed = engine.volume(action.name)
            operation, name = "volume", action.name
        case PullImage():
            return engine.pull(action.image)
        case _:
            assert_never(action)
    if changed:
        journal.intend(Entry(operation, name))
    return changed


def _with_swarm(
    action: LabelNode | CreateObject | SendImage, journal: Journal, swarm: SwarmDoor | None
) -> bool:
    if swarm is None:
        raise BootreadyError("this step needs a swarm: bootready prepare --target swarm")
    match action:
        case LabelNode():
            changed = swarm.label(action)
            if changed:
                words = f"{action.node} {action.label}={action.value}"
                journal.intend(Entry("label", words))
            return changed
        case CreateObject():
            changed = swarm.create(action)
            if changed:
                journal.intend(Entry(action.kind, action.name))
            return changed
        case SendImage():
            return swarm.send(action)
        case _:
            assert_never(action)


def _words(error: OSError, step: Step, directory: str) -> str:
    """Return what could not be written; names below an open directory are not whole."""
    where = error.filename or error.filename2
    target = getattr(step.action, "path", getattr(step.action, "directory", directory))
    path = where if isinstance(where, str) and os.path.isabs(where) else target
    return f"'{path}' cannot be written: {error.strerror or error}"
