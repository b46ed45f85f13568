"""`bootready validate`: the project as a fresh clone would see it; the tree stays untouched."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.finding import Severity
from bootready.pipeline.validate import validate
from bootready.report.formats.text import Source, is_ready, render_verdict

EXAMPLES = """examples:
  bootready validate          what CI runs; the working tree is not changed
  bootready validate -v       also list skipped checks and why
"""


def run(arguments: list[str]) -> int:
    """Validate the project; 0 a fresh clone can be prepared, 1 findings, 2 it cannot be read."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready validate",
        description="Check the project as a fresh clone, with dummy secrets, outside the working"
        " tree.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument("-v", "--verbose", action="store_true", help="also list skipped checks")
    add_project_options(parser)
    options = parser.parse_args(arguments)
    request = request_from(options, tuple(options.services))
    validated = validate(request, os.environ)
    source = Source(validated.directory, validated.sources, Severity.ERROR)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    sys.stdout.write(
        render_verdict(validated.verdict, source, verbose=options.verbose, colour=colour)
    )
    print(f"cross-check: {validated.compose or 'skipped, Docker Compose was not found'}")
    return 0 if is_ready(validated.verdict, Severity.ERROR) and not validated.refused else 1
