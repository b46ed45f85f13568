"""`bootready secrets`: what is known of the secrets; `secrets rotate NAME` makes a new value."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.lookup import shown
from bootready.model.printable import printable, safe_json
from bootready.pipeline.secrets import SecretState, rotate_secret, secrets_of

EXAMPLES = """examples:
  bootready secrets                                     every secret: file, kind, state, readers
  bootready secrets rotate patroni_superuser_password   a new value, in database and file
"""


def run(arguments: list[str]) -> int:
    """List the secrets, or rotate one; 0 done, 1 it failed, 2 no such secret."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready secrets",
        description="Show the secrets of the project, never their values, or rotate one.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", nargs="?", choices=("list", "rotate"), default="list")
    parser.add_argument("name", nargs="?", help="the secret to rotate")
    parser.add_argument("--json", action="store_true", help="as JSON on standard output")
    parser.add_argument(
        "--engine", choices=("auto", "none"), default="auto", help="none: do not query the engine"
    )
    add_project_options(parser)
    options = parser.parse_args(arguments)
    request = request_from(options)
    if options.action == "rotate":
        if not options.name:
            parser.error("rotate needs the NAME of a secret")
        rotate_secret(request, os.environ, options.name, _say)
        print(f"rotated: secret '{printable(options.name)}'")
        return 0
    directory, states = secrets_of(request, os.environ, engine=options.engine != "none")
    if options.json:
        print(safe_json([_row(one, directory) for one in states]))
    else:
        _table(states, directory)
    return 0


def _say(words: str) -> None:
    print(printable(words), file=sys.stderr, flush=True)


def _row(state: SecretState, directory: str) -> dict[str, object]:
    return {
        **state._asdict(),
        "kind": state.kind.value,
        "file": shown(state.file, directory),
    }


def _table(states: Sequence[SecretState], directory: str) -> None:
    if not states:
        print("no secrets are declared")
        return
    rows = [
        (
            one.name,
            shown(one.file, directory) or "-",
            one.kind.value,
            one.state,
            one.mode or "-",
            ", ".join(one.readers) or "nobody",
        )
        for one in states
    ]
    rows.insert(0, ("SECRET", "FILE", "KIND", "STATE", "MODE", "READ BY"))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print(printable("  ".join((*cells, row[5]))))
