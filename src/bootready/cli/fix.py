"""`bootready fix`: repair mechanical faults in tracked files; a diff, or written with --apply."""

from __future__ import annotations

import difflib
import os
import sys
from io import StringIO, TextIOWrapper

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.cli.words.plan_options import add_plan_options, steps_json
from bootready.pipeline.approval import refuse_unapproved
from bootready.pipeline.fix import Change, apply_fix, fix
from bootready.pipeline.stored import save_plan

EXAMPLES = """examples:
  bootready fix               print the changes as a unified diff
  bootready fix | git apply   apply them with git
  bootready fix --apply       write them, each file atomically
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
    parser.add_argument(
        "--unsafe", action="store_true", help="also apply edits whose intent is uncertain"
    )
    add_plan_options(parser)
    add_project_options(parser)
    options = parser.parse_args(arguments)
    fixed = fix(request_from(options), os.environ, unsafe=options.unsafe)
    for reason in fixed.withdrawn:
        print(f"withdrawn: {reason}", file=sys.stderr)
    writes = options.apply and bool(fixed.plan.steps) and not options.out
    if writes:
        refuse_unapproved(fixed.directory)
    if options.out:
        save_plan(options.out, fixed.plan, fixed.directory, fixed.sources)
    if options.json:
        done = fixed.plan.steps if writes else ()
        print(steps_json(fixed.plan, done, fixed.directory))
    else:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="surrogateescape")  # tracked text of any encoding
        for change in fixed.changes:
            sys.stdout.write(_diff(change, fixed.directory))
    if not fixed.plan.steps:
        print("nothing to fix", file=sys.stderr)
    elif writes:
        apply_fix(fixed)
        print(f"fixed: {_files(len(fixed.plan.steps))}", file=sys.stderr)
    return 2 if options.detailed_exit_code and fixed.plan.steps else 0


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _diff(change: Change, directory: str) -> str:
    name = os.path.relpath(change.path, directory)
    head = ""
    if change.old_mode != change.new_mode:
        modes = (f"{word} mode 100{mode:03o}" for word, mode in _modes(change))
        head = "\n".join((f"diff --git a/{name} b/{name}", *modes)) + "\n"
    new = not change.before and not os.path.lexists(change.path)
    if new:
        head = f"diff --git a/{name} b/{name}\nnew file mode 100644\n"
    lines = difflib.unified_diff(
        _lines(change.before),
        _lines(change.after),
        "/dev/null" if new else f"a/{name}",
        f"b/{name}",
    )
    return head + "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Return the lines of `text` as git counts them: only a line feed ends one."""
    return StringIO(text).readlines()


def _modes(change: Change) -> tuple[tuple[str, int], ...]:
    """Git knows two modes of files only."""
    return tuple(
        (word, 0o755 if mode & 0o111 else 0o644)
        for word, mode in (("old", change.old_mode), ("new", change.new_mode))
    )
