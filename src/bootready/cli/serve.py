"""`bootready serve`: a page in the browser that follows a stack, on the loopback interface only."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.cli.words.page import require_page
from bootready.cli.words.stopping import stop_when_told
from bootready.pipeline import load

EXAMPLES = """examples:
  bootready serve             print the address of a page that follows this project's stack
  bootready serve web         this service and what it depends on
  bootready up --page         the same while the stack boots
"""


def run(arguments: list[str]) -> int:
    """Serve until Ctrl-C, 0; 2 if the extra `page` is not installed."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready serve",
        description="Follow the stack of this project on a page: the state of every service, what\n"
        "it waits for, its last lines, and why it is not up. Reads only; ends with Ctrl-C.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    add_project_options(parser)
    options = parser.parse_args(arguments)
    stop_when_told()
    names = tuple(options.services)
    request = request_from(options, names)
    project = load(request, os.environ)
    require_page()
    from bootready.page.channel import Channel
    from bootready.page.follow import follow_stack, page_of

    channel = Channel()
    with page_of(request, os.environ, channel) as address:
        print(f"{address}    (Ctrl-C ends it)", flush=True)
        try:
            follow_stack(project, os.environ, names, channel)
        except KeyboardInterrupt:
            print("ended", file=sys.stderr)
    return 0
