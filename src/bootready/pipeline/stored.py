"""Takes a plan that was printed; keeps it in a file, and carries out exactly that file's plan."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping

from bootready.apply.execute import apply_plan
from bootready.apply.files.fingerprint import changed, fingerprints
from bootready.apply.output import write_output
from bootready.errors import BootreadyError, UsageError
from bootready.host.repository import repository_below_home
from bootready.model.action import Plan, Step
from bootready.model.lookup import shown
from bootready.model.printable import safe_json
from bootready.pipeline import read_text_file
from bootready.pipeline.approval import refuse_unapproved
from bootready.pipeline.engine_door import engine_door
from bootready.plan.order import paths_of
from bootready.plan.select import fixes, outside
from bootready.plan.store import Stored, decoded, encoded
from bootready.typed import NamedTuple


class Applied(NamedTuple):
    """A plan from a file, and the steps of it that changed something."""

    directory: str
    plan: Plan
    done: tuple[Step, ...]


def save_plan(
    path: str, plan: Plan, directory: str, sources: tuple[str, ...], *, outside: bool = False
) -> None:
    """Write `plan` to the file `path`, with the marks of the `sources` that it was made from and
    of what it is going to change. Raises BootreadyError where it cannot be written.
    """
    edited = [step.action for step in plan.steps if fixes(step.action)]
    public = {*sources, *(path for action in edited for path in paths_of(action))}
    private = {target for step in plan.steps for target in paths_of(step.action)} - public
    marks = fingerprints(public, private)
    text = safe_json(encoded(Stored(plan, marks, outside), directory)) + "\n"
    try:
        write_output(path, text)
    except OSError as error:
        raise BootreadyError(f"'{path}' cannot be written: {error.strerror}") from None


def apply_stored(
    path: str,
    directory: str,
    environ: Mapping[str, str],
    *,
    outside_agreed: bool = False,
    agree: Callable[[Plan], bool] = lambda _plan: True,
    progress: Callable[[Step, bool], None] = lambda _step, _changed: None,
) -> Applied:
    """Carry out exactly the plan in the file `path`, for the project in `directory`.

    Paths outside the project need `outside_agreed`, whatever the file says of itself; `agree` is
    asked with the plan before anything is done. Raises UsageError if it is not a plan,
    BootreadyError if what it was made from has changed since, it changes what it has no mark of,
    a document does not approve it or nobody agreed, ApplyError if a step fails.
    """
    text = read_text_file(path)
    if text is None:
        raise UsageError(f"plan '{path}' cannot be read")
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UsageError(f"plan '{path}' is not valid JSON: {error}") from None
    stored = decoded(data, directory)
    other = changed(stored.inputs, directory)
    if other:
        names = ", ".join(f"'{shown(one, directory)}'" for one in other[:3])
        raise BootreadyError(
            f"the plan is out of date: {names} changed since it was made",
            "create it again: bootready prepare --dry-run --out PLAN",
        )
    unmarked = {target for step in stored.plan.steps for target in paths_of(step.action)}
    unmarked -= stored.inputs.keys()
    if unmarked:
        raise BootreadyError(
            f"the plan changes '{shown(min(unmarked), directory)}', but has no fingerprint of it",
            "create it again: bootready prepare --dry-run --out PLAN",
        )
    if any(fixes(step.action) for step in stored.plan.steps):
        refuse_unapproved(directory)
    root = repository_below_home(directory) or os.path.abspath(directory)
    far = outside(stored.plan, root)
    if far and not outside_agreed:
        raise BootreadyError(
            f"the plan changes '{far[0]}', which is outside the project", "--outside allows it"
        )
    if not agree(stored.plan):
        raise BootreadyError("nothing was applied", "answer `y`, or use --yes")
    outcome = apply_plan(
        stored.plan,
        directory,
        outside=far,
        environ=environ,
        engine=engine_door(environ),
        progress=progress,
    )
    return Applied(directory, stored.plan, outcome.done)
