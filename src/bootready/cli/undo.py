"""`bootready undo`: take back what was created and is unchanged since, and nothing else."""

from __future__ import annotations

import os

from bootready.cli.words.options import Parser
from bootready.model.printable import printable
from bootready.pipeline.undo import undo

EXAMPLES = """examples:
  bootready undo --dry-run    show what would be removed
  bootready undo              remove the files that `prepare` created and that have not changed
"""


def run(arguments: list[str]) -> int:
    """Undo what `prepare` made in the project directory; 0 always, with what stays and why."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready undo",
        description="Remove the files that bootready created here.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-C", "--directory", metavar="DIR", default=".", help="the project directory"
    )
    parser.add_argument("-n", "--dry-run", action="store_true", help="only show what would happen")
    options = parser.parse_args(arguments)
    undone = undo(os.path.abspath(options.directory), os.environ, dry_run=options.dry_run)
    for path in undone.removed:
        print(f"{'would be ' if options.dry_run else ''}removed: {printable(path)}")
    for path, reason in undone.kept:
        print(f"kept: {printable(path)}: {printable(reason)}")
    if not undone.removed and not undone.kept:
        print("nothing to undo")
    return 0
