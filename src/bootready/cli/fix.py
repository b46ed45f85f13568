"""`bootready fix`: repair mechanical faults in tracked files; a diff, or written with --apply."""

from __future__ import annotations

import difflib
import os
import sys

from bootready.cli.options import Parser, add_project_options, request_from
from bootready.errors import BootreadyError
from bootready.pipeline import read_text_file
from bootready.pipeline.fix import Change, apply_fix, approval_document, fix

EXAMPLES = """examples:
  bootready fix               print the changes as a unified diff
  bootready fix | git apply   apply them with git
  bootready fix --apply       write them, all or none
"""


def run(arguments: list[str]) -> int:
    """Print the diff of the fixes, or write them; 0 done or nothing to do, 1 refused."""
    from argparse import RawDescriptionHelpFormatter  # noqa: PLC0415 - beside its one use

    parser = Parser(
        prog="bootready fix",
        description="Repair mechanical faults in tracked files.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--apply", action="store_true", help="write the changes")
    parser.add_argument("--unsafe", action="store_true", help="also where the intent is not sure")
    add_project_options(parser)
    options = parser.parse_args(arguments)
    fixed = fix(request_from(options), os.environ, unsafe=options.unsafe)
    if fixed.withdrawn:
        raise BootreadyError(f"the fix is withdrawn: it would also change '{fixed.withdrawn}'")
    for change in fixed.changes:
        sys.stdout.write(_diff(change, fixed.directory))
    if not fixed.changes:
        print("nothing to fix", file=sys.stderr)
    elif options.apply:
        _refuse_unapproved(fixed.directory)
        apply_fix(fixed)
        print(f"fixed: {len(fixed.changes)} files", file=sys.stderr)
    return 0


def _diff(change: Change, directory: str) -> str:
    name = os.path.relpath(change.path, directory)
    lines = difflib.unified_diff(
        change.before.splitlines(keepends=True),
        change.after.splitlines(keepends=True),
        f"a/{name}",
        f"b/{name}",
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _refuse_unapproved(directory: str) -> None:
    document = approval_document(directory)
    if not document:
        return
    text = read_text_file(os.path.join(directory, document)) or ""
    front = text.split("---", 2)[1] if text.startswith("---") and text.count("---") > 1 else ""
    if not any(line.strip() == "status: Approved" for line in front.splitlines()):
        raise BootreadyError(
            f"'{document}' is not approved, so nothing is written",
            "its front matter has to say `status: Approved`",
        )
