"""The options and the output that commands with a plan share: a parser or steps in, text out."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from bootready.model.action import Plan, Step
from bootready.model.printable import printable, safe_json
from bootready.plan.render import describe, step_values
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_plan_options(parser: ArgumentParser) -> None:
    """Add what every command that plans takes."""
    parser.add_argument("--json", action="store_true", help="the plan as JSON on standard output")
    parser.add_argument(
        "--out", metavar="FILE", help="write only the plan, to FILE, for `bootready apply`"
    )
    parser.add_argument(
        "--detailed-exit-code",
        action="store_true",
        help="exit 0 if there was nothing to do, 2 if there was",
    )


def tell(step: Step, directory: str, *, changed: bool) -> None:
    """Say on standard error what became of one step."""
    kind, name, detail = map(printable, describe(step.action, directory))
    state = detail if changed else "already there"
    from contextlib import suppress

    with suppress(BrokenPipeError):  # whoever stops reading does not stop the work
        print(f"{kind:<11}  {name}  {state}  ({printable(step.cause)})", file=sys.stderr)


def steps_json(plan: Plan, done: Iterable[Step], directory: str) -> str:
    """Return the plan as JSON: every step with its cause, and whether it was carried out."""
    return safe_json({"steps": step_values(plan, done, directory)})
