"""`bootready apply PLAN`: carry out exactly the plan that was saved; refused when out of date."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.consent import agreed, asks_somebody
from bootready.cli.words.options import Parser
from bootready.cli.words.plan_options import steps_json, tell
from bootready.model.action import Plan
from bootready.pipeline.stored import apply_stored
from bootready.plan.render import render_plan

EXAMPLES = """examples:
  bootready prepare --out plan.json      plan, but change nothing
  bootready apply plan.json              carry out exactly that
"""


def run(arguments: list[str]) -> int:
    """Carry out a saved plan; 0 done, 1 refused or failed, 2 it is no plan."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready apply",
        description="Carry out exactly the plan that `prepare --out` or `fix --out` saved.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("plan", help="the plan file")
    parser.add_argument(
        "-C", "--directory", metavar="DIR", default=".", help="the project directory"
    )
    parser.add_argument("--json", action="store_true", help="the steps as JSON on standard output")
    parser.add_argument(
        "--outside", action="store_true", help="also change paths outside the project"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask on a terminal")
    options = parser.parse_args(arguments)
    directory = os.path.abspath(options.directory)
    applied = apply_stored(
        options.plan,
        directory,
        os.environ,
        outside_agreed=options.outside,
        agree=lambda plan: options.yes or _agreed(plan, directory),
        progress=lambda step, changed: tell(step, directory, changed=changed),
    )
    if options.json:
        print(steps_json(applied.plan, applied.done, directory))
    else:
        count = len(applied.done)
        print(f"applied: {count} of {len(applied.plan.steps)} steps; the others were already done")
    return 0


def _agreed(plan: Plan, directory: str) -> bool:
    """Show the steps; on a terminal, ask for them. A program said yes by calling us."""
    sys.stderr.write(render_plan(plan, directory))
    return not asks_somebody() or agreed("carry out these steps?")
