"""`bootready runbook`: the runbook of a project's first boot, from its model; always the same."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from bootready.apply.output import write_output
from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import UsageError
from bootready.host.regular import read_regular
from bootready.model.printable import printable
from bootready.pipeline.runbook import guide
from bootready.report.diff import unified
from bootready.report.runbook.guide import Guide
from bootready.report.runbook.markers import renewed
from bootready.report.runbook.tables import SECTIONS, sections, whole
from bootready.report.runbook.words import LANGUAGES

_LIMIT = 32 * 1024 * 1024
"""Bytes of a document that a runbook is part of."""
EXAMPLES = f"""examples:
  bootready runbook                           print the runbook of this project
  bootready runbook -o RUNBOOK.md             write it to a file
  bootready runbook --language ko -o RUNBOOK.ko.md
  bootready runbook --section secrets         only the table of secrets
  bootready runbook --update docs/boot.md     update the text between markers in a document
  bootready runbook --update docs/boot.md --check
                                              exit 1, with a diff, if it is out of date

markers, each on its own line:
  <!-- bootready runbook: secrets -->         or 'secrets ko'
  <!-- /bootready runbook -->

sections: {", ".join(SECTIONS[:6])},
  {", ".join(SECTIONS[6:])}
"""


def run(arguments: list[str]) -> int:
    """Write the runbook; 0 done, 1 a file is stale with --check, 2 it cannot be read."""
    options = _parser().parse_args(arguments)
    if options.check and not (options.output or options.update):
        raise UsageError("--check compares a file", "bootready runbook --check --update FILE")
    found = guide(request_from(options, tuple(options.services)), os.environ)
    if options.update:
        return _update(options, found)
    text = whole(found, options.language)
    if options.section:
        parts = sections(found, options.language)
        text = "\n\n".join(parts[name] for name in options.section) + "\n"
    if options.output:
        return _settle(options.output, _read(options.output, missing=""), text, check=options.check)
    sys.stdout.write(text)
    return 0


def _update(options: Namespace, found: Guide) -> int:
    code = 0
    for path in options.update:
        before = _read(path)
        after, _ = renewed(before, path, lambda language: sections(found, language))
        code = max(code, _settle(path, before, after, check=options.check))
    return code


def _settle(path: str, before: str, after: str, *, check: bool) -> int:
    if before == after:
        print(f"'{printable(path)}' is up to date", file=sys.stderr)
        return 0
    if check:
        names = (path, "from the model")
        sys.stdout.write(unified(path, names, (before, after), exact=False).text)
        print(f"bootready: '{printable(path)}' is out of date", file=sys.stderr)
        return 1
    try:
        write_output(path, after)
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from None
    print(f"'{printable(path)}' was written", file=sys.stderr)
    return 0


def _read(path: str, missing: str | None = None) -> str:
    try:
        return read_regular(path, _LIMIT).decode()
    except FileNotFoundError:
        if missing is not None:
            return missing
        raise UsageError(f"'{path}' does not exist", "use -o FILE to create it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"'{path}': {error}") from None


def _parser() -> Parser:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready runbook",
        description="Write how this project boots from a fresh clone; the same bytes everywhere.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE")
    parser.add_argument(
        "--update", metavar="FILE", action="append", help="update the marked places; repeatable"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file is out of date"
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="en (default) or ko")
    parser.add_argument(
        "--section",
        action="append",
        choices=SECTIONS,
        metavar="NAME",
        help="only this section; repeatable",
    )
    add_project_options(parser)
    return parser
