"""`bootready diagnose`: why a stack that somebody else has started is not up; reads only."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.printable import printable, safe_json
from bootready.pipeline import load
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.finding import Verdict
    from bootready.model.project import Project
    from bootready.report.formats.text import Source

EXAMPLES = """examples:
  bootready diagnose          explain why services are not up
  bootready diagnose --json   the same for programs
  bootready diagnose --target swarm    a stack: which node refuses which task, and why
"""


def run(arguments: list[str]) -> int:
    """Print the diagnoses; 0 everything is up, 1 something is not."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.pipeline.diagnosis import diagnosed, diagnosis_values
    from bootready.pipeline.up import shown_sources
    from bootready.report.boot import render_boot
    from bootready.report.formats.text import render_verdict

    parser = Parser(
        prog="bootready diagnose",
        description="Explain why services are not up.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument("--json", action="store_true", help="as JSON on standard output")
    parser.add_argument(
        "--target",
        choices=("compose", "swarm"),
        default="compose",
        help="swarm: explain the stack on the swarm",
    )
    add_project_options(parser)
    options = parser.parse_args(arguments)
    names = tuple(options.services)
    project = load(request_from(options, names), os.environ)
    if options.target == "swarm":
        return _stack(project, as_json=options.json)
    found = diagnosed(project, os.environ, names, tell=_tell)
    if options.json:
        print(safe_json(diagnosis_values(found, project)))
    elif found.elsewhere and found.verdict:
        said = render_verdict(found.verdict, found.source)
        print(f"these containers belong to another directory:\n\n{said}", end="")
    else:
        outcome = found.outcome
        print(render_boot(outcome, shown_sources(project, outcome), project.directory), end="")
        if found.verdict:
            print(_why_not_yet(found.verdict, found.source), end="")
    return 0 if found.ready else 1


def _stack(project: Project, *, as_json: bool) -> int:
    """Print why the stack of a project is not up; 0 everything is up, 1 something is not."""
    from bootready.pipeline.deploy import stack_explained
    from bootready.pipeline.up import shown_sources
    from bootready.report.boot import boot_values, render_boot

    outcome = stack_explained(project, os.environ)
    if as_json:
        print(safe_json(boot_values(outcome)))
        return 0 if outcome.ready else 1
    for words in outcome.warnings:
        print(printable(f"warning: {words}"), file=sys.stderr)
    if not outcome.states:
        print("nothing has been deployed yet; deploy it with: bootready up --target swarm")
        return 1
    print(render_boot(outcome, shown_sources(project, outcome), project.directory), end="")
    return 0 if outcome.ready else 1


def _why_not_yet(verdict: Verdict, source: Source) -> str:
    """Return what would keep a project from starting of which no container exists."""
    from bootready.report.formats.text import is_ready, render_verdict

    findings = render_verdict(verdict, source)
    then = "start it with: bootready up\n" if is_ready(verdict, source.failing) else ""
    return f"nothing has been started yet; `bootready check` says:\n\n{findings}{then}"


def _tell(services: Sequence[str], seconds: float) -> None:
    """Say whom we watch, if it takes long enough to be noticed."""
    if seconds >= 1:
        named = ", ".join(printable(one) for one in services[:3])
        more = f" and {len(services) - 3} more" if len(services) > 3 else ""
        print(f"watching {named}{more} for up to {seconds:.0f} s", file=sys.stderr)
