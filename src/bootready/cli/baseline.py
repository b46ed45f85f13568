"""`bootready baseline`: what is found today is known from now on; only new findings fail."""

from __future__ import annotations

import os
import sys

from bootready.apply.output import write_output
from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import UsageError
from bootready.model.printable import printable
from bootready.pipeline.baseline import Baseline, baseline_of
from bootready.pipeline.crosscheck import Oracle
from bootready.pipeline.projects import places_in
from bootready.read.discover import located_directory

EXAMPLES = """examples:
  bootready baseline                      write what `validate` finds to bootready.baseline.toml
  bootready baseline --reason "before 2027" --expires 2027-06-30    fail again after that day
  bootready baseline --prune              remove what is gone, add nothing
  bootready baseline -r                   one file for each project of this repository
"""


def run(arguments: list[str]) -> int:
    """Write the baseline; 0 written or nothing to write, 2 a project cannot be read."""
    options = _parser().parse_args(arguments)
    if options.expires and not _is_day(options.expires):
        raise UsageError(f"--expires '{options.expires}': must be a date such as 2027-01-31")
    request = request_from(options)
    requests = [request]
    if options.recursive:
        here = located_directory(options.directory, os.environ)
        requests = [request._replace(directory=one.directory) for one in places_in(here).projects]
    oracle = Oracle(os.environ)
    for one in requests:
        found = baseline_of(
            one,
            os.environ,
            oracle,
            prune=options.prune,
            reason=options.reason,
            expires=options.expires,
        )
        _write(found)
    return 0


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _write(found: Baseline) -> None:
    name = printable(os.path.relpath(found.path))
    if found.known or os.path.lexists(found.path):
        try:
            write_output(found.path, found.text)
        except OSError as error:
            raise UsageError(f"'{name}' cannot be written: {error.strerror}") from None
    words = f"{len(found.known):,} known, {len(found.added):,} of them new"
    print(f"{name}: {words}" if found.known else f"{name}: nothing to know")
    for entry in found.gone:
        print(f"gone[{entry.check}]: {printable(entry.finding)}", file=sys.stderr)


def _parser() -> Parser:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready baseline",
        description="Write what `validate` finds today to bootready.baseline.toml, beside the"
        " Compose file:\n`check` and `validate` then report only what is new.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--prune", action="store_true", help="only remove what is no longer found")
    parser.add_argument(
        "--reason", metavar="TEXT", default="", help="why the new entries are accepted"
    )
    parser.add_argument(
        "--expires", metavar="DATE", default="", help="the last day on which they are"
    )
    parser.add_argument(
        "-r",
        "--recursive",
        action="store_true",
        help="every project at and below the directory whose Compose file git tracks",
    )
    add_project_options(parser)
    return parser
