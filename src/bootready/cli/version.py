"""`bootready version`: what to put into a bug report; `bootready --version` is the quick line."""

from __future__ import annotations

import os

from bootready.cli.words.options import Parser
from bootready.knowledge.secrets.forms import masked
from bootready.model.printable import printable, safe_json
from bootready.pipeline.versions import Part, versions

EXAMPLES = """examples:
  bootready version           bootready, Python, the system, Docker Compose and the engine
  bootready version --json    the same for programs
  bootready --version         only bootready's own, at once
"""


def run(arguments: list[str]) -> int:
    """Print the versions; 0, also if Compose or the engine does not answer."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready version",
        description="Show the versions of bootready and of the programs that it works with.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    parts = versions(os.environ)
    if options.json:
        print(safe_json([_row(part) for part in parts], readable=True))
        return 0
    for part in parts:
        print(printable(masked(part.text)))
    return 0


def _row(part: Part) -> dict[str, object]:
    return {**part._asdict(), "why": masked(part.why), "details": dict(part.details)}
