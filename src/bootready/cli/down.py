"""`bootready down`: take the project down, and say when it is really gone; data stays."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.printable import printable

EXAMPLES = """examples:
  bootready down                   containers and networks of this project; volumes stay
  bootready down --target swarm    the stack: services, networks, secrets and configs
  bootready down --target swarm --timeout 300    services that take long to stop
"""


def run(arguments: list[str]) -> int:
    """Take the project down; 0 nothing of it is left but its data, 1 something is."""
    options = _parser().parse_args(arguments)
    request = request_from(options)
    if options.target == "compose":
        from bootready.pipeline.up import down

        down(request, os.environ)
        print("down; data was kept")
        return 0
    from bootready.pipeline.deploy import stack_down

    stack, left = stack_down(request, os.environ, options.timeout, _say)
    if left.is_nothing:
        print(printable(f"down: nothing is left of the stack '{stack}'; volumes stay on the nodes"))
        return 0
    print(printable(f"not down after {options.timeout:g} s: {left.words} left"))
    _say(f"look at it: docker stack ps --no-trunc {stack}")
    return 1


def _say(words: str) -> None:
    print(printable(words), file=sys.stderr)


def _parser() -> Parser:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready down",
        description="Stop and remove what `bootready up` started. Data stays.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--target", choices=("compose", "swarm"), default="compose", help="swarm: its stack"
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help="of a swarm: how long to wait until everything is gone (120)",
    )
    add_project_options(parser)
    return parser
