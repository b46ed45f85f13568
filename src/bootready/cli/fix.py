"""`bootready fix`: repair mechanical faults in tracked files; a diff, or written with --apply."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from io import TextIOWrapper

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.cli.words.plan_options import add_plan_options, steps_json
from bootready.errors import ProjectError, UsageError
from bootready.knowledge.secrets.forms import masked
from bootready.model.printable import printable
from bootready.pipeline.approval import refuse_unapproved
from bootready.pipeline.fix import apply_fix, fix
from bootready.pipeline.stored import save_plan
from bootready.report.diff import diff_of
from bootready.report.formats.text import problem_text

EXAMPLES = """examples:
  bootready fix               print the changes as a unified diff
  bootready fix --apply       write them, each file atomically
  bootready fix --exact | git apply
                              let git write them; secrets are not masked in that diff
  bootready fix -r            every project of this repository
"""


def run(arguments: list[str]) -> int:
    """Print the diff of the fixes, or write them; 0 done or nothing to do, 1 refused."""
    from argparse import RawDescriptionHelpFormatter

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
    parser.add_argument(
        "--exact",
        action="store_true",
        help="print the diff with its secrets, for a program to apply",
    )
    parser.add_argument(
        "-r",
        "--recursive",
        action="store_true",
        help="every project at and below the directory whose Compose file git tracks",
    )
    add_plan_options(parser)
    add_project_options(parser)
    options = parser.parse_args(arguments)
    if options.recursive:
        return _every(options)
    fixed = fix(request_from(options), os.environ, unsafe=options.unsafe)
    for reason in fixed.withdrawn:
        print(f"withdrawn: {printable(masked(reason))}", file=sys.stderr)
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
        base = _base(fixed.directory)
        diffs = [diff_of(one, base, exact=options.exact) for one in fixed.changes]
        sys.stdout.writelines(diff.text for diff in diffs)
        if altered := sum(diff.altered for diff in diffs):
            print(_altered(altered), file=sys.stderr)
    if not fixed.plan.steps:
        print("nothing to fix", file=sys.stderr)
    elif writes:
        apply_fix(fixed)
        print(f"fixed: {_files(len(fixed.plan.steps))}", file=sys.stderr)
        if fixed.is_partial and not options.json:
            code = run(arguments)  # what the file hid while nobody could read it
            return 2 if options.detailed_exit_code else code
    elif fixed.is_partial:
        print("note: more may be found once this is written", file=sys.stderr)
    return 2 if options.detailed_exit_code and fixed.plan.steps else 0


def _every(options: Namespace) -> int:
    """Fix every project of a repository; the gravest of their exit codes."""
    from bootready.pipeline.projects import places_in
    from bootready.read.discover import located_directory

    for name in ("file", "out", "json", "project_name", "project_directory"):
        if getattr(options, name):
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"{flag} is of one project, and --recursive fixes several")
    flags = [
        f"--{name.replace('_', '-')}"
        for name in ("apply", "unsafe", "exact", "detailed_exit_code")
        if getattr(options, name)
    ]
    code = 0
    for place in places_in(located_directory(options.directory, os.environ)).projects:
        print(f"== {printable(os.path.relpath(place.directory))} ==", file=sys.stderr)
        try:
            code = max(code, run([*flags, "-C", place.directory]))
        except ProjectError as error:
            code = 2
            for problem in error.problems:
                print(f"bootready: {problem_text(problem)}", file=sys.stderr)
    return code


def _base(directory: str) -> str:
    """Return what the files of a diff are named from: git takes them as seen from where it runs."""
    here = os.getcwd()
    return here if directory.startswith(f"{here}/") else directory


def _altered(count: int) -> str:
    lines = "1 line holds" if count == 1 else f"{count} lines hold"
    words = f"note: {lines} a secret or a non-printable character, shown masked or escaped"
    return f"{words}\n   = hint: bootready fix --exact | git apply"


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
