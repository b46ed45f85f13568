"""`bootready diagnose`: why a stack that somebody else has started is not up; reads only."""

from __future__ import annotations

import os

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.printable import safe_json
from bootready.pipeline import load
from bootready.pipeline.up import look, shown_sources

EXAMPLES = """examples:
  bootready diagnose          explain why services are not up
  bootready diagnose --json   the same for programs
"""


def run(arguments: list[str]) -> int:
    """Print the diagnoses; 0 everything is up, 1 something is not."""
    from argparse import RawDescriptionHelpFormatter  # noqa: PLC0415 - beside its one use

    from bootready.report.boot import boot_values, render_boot  # noqa: PLC0415 - beside its one use

    parser = Parser(
        prog="bootready diagnose",
        description="Explain why services are not up.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument("--json", action="store_true", help="as JSON on standard output")
    add_project_options(parser)
    options = parser.parse_args(arguments)
    names = tuple(options.services)
    project = load(request_from(options, names), os.environ)
    outcome = look(project, os.environ, names)
    if options.json:
        print(safe_json(boot_values(outcome)))
    else:
        print(render_boot(outcome, shown_sources(project, outcome), project.directory), end="")
    return 0 if outcome.ready else 1
