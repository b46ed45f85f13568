"""`bootready diagnose`: why a stack that somebody else has started is not up; reads only."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bootready.check.settings import read_settings
from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.finding import Severity, Verdict
from bootready.model.printable import printable, safe_json
from bootready.model.project import Project
from bootready.pipeline import check, load, observe, root_of
from bootready.pipeline.up import explain, shown_sources
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.report.formats.text import Source

EXAMPLES = """examples:
  bootready diagnose          explain why services are not up
  bootready diagnose --json   the same for programs
  bootready diagnose --target swarm    a stack: which node refuses which task, and why
"""


def run(arguments: list[str]) -> int:
    """Print the diagnoses; 0 everything is up, 1 something is not."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.report.boot import boot_values, render_boot

    parser = Parser(
        prog="bootready diagnose",
        description="Explain why services are not up.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument("--json", action="store_true", help="as JSON on standard output")
    parser.add_argument(
        "--target", choices=("compose", "swarm"), default="compose", help="swarm: of its stack"
    )
    add_project_options(parser)
    options = parser.parse_args(arguments)
    names = tuple(options.services)
    project = load(request_from(options, names), os.environ)
    if options.target == "swarm":
        return _stack(project, as_json=options.json)
    outcome = explain(project, os.environ, names, tell=_tell)
    # What runs may be another directory's: then all that was said of it is not about this one.
    others = _verdict(project, ("project-taken",)) if outcome.begun else None
    if others is not None and not others[0].findings:
        others = None
    if options.json:
        from bootready.report.formats.json import verdict_object

        values: dict[str, object] = dict(boot_values(outcome))
        if others or not outcome.begun:
            values["check"] = verdict_object(*(others or _verdict(project)), project.name)
        print(safe_json(values))
    elif others:
        print(f"these containers belong to another directory:\n\n{_rendered(*others)}", end="")
    else:
        print(render_boot(outcome, shown_sources(project, outcome), project.directory), end="")
        if not outcome.begun:
            print(_why_not_yet(project), end="")
    return 0 if outcome.ready and not others else 1


def _stack(project: Project, *, as_json: bool) -> int:
    """Print why the stack of a project is not up; 0 everything is up, 1 something is not."""
    from bootready.pipeline.deploy import stack_explained
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


def _why_not_yet(project: Project) -> str:
    """Return what would keep a project from starting of which no container exists."""
    from bootready.report.formats.text import is_ready

    verdict, source = _verdict(project)
    findings = _rendered(verdict, source)
    then = "start it with: bootready up\n" if is_ready(verdict, source.failing) else ""
    return f"nothing has been started yet; `bootready check` says:\n\n{findings}{then}"


def _rendered(verdict: Verdict, source: Source) -> str:
    from bootready.report.formats.text import render_verdict

    return render_verdict(verdict, source)


def _verdict(project: Project, only: Sequence[str] = ()) -> tuple[Verdict, Source]:
    from bootready.report.formats.text import Source

    settings = read_settings(project.directory, root_of(project.directory))
    verdict = check(observe(project, os.environ), only, settings=settings)
    failing = settings.fail_on or Severity.ERROR
    return verdict, Source(project.directory, project.sources, failing, root_of(project.directory))


def _tell(services: Sequence[str], seconds: float) -> None:
    """Say whom we watch, if it takes long enough to be noticed."""
    if seconds >= 1:
        named = ", ".join(printable(one) for one in services[:3])
        more = f" and {len(services) - 3} more" if len(services) > 3 else ""
        print(f"watching {named}{more} for up to {seconds:.0f} s", file=sys.stderr)
