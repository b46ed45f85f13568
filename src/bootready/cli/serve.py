"""`bootready serve`: a page in the browser that follows stacks, on the loopback interface only."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.cli.words.page import require_page
from bootready.cli.words.stopping import stop_when_told
from bootready.errors import UsageError
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.page.stacks import Place

EXAMPLES = """examples:
  bootready serve             print the address of a page that follows this project's stack
  bootready serve web         this service and what it depends on
  bootready serve -C a -C b   two projects, with a list of both
  bootready serve -r          every project of this repository
  bootready serve --target swarm    the services of its stack, node by node
  bootready up --page         the same while the stack boots
"""


def run(arguments: list[str]) -> int:
    """Serve until Ctrl-C, 0; 2 if the extra `page` is not installed."""
    options = _parsed(arguments)
    stop_when_told()
    places = _places(options)
    require_page()
    from bootready.page.stacks import Followed, follow, serving_stacks

    stacks = [Followed(place, os.environ) for place in places]
    if len(stacks) == 1:
        stacks[0].load()  # says what is wrong with it
    with serving_stacks(stacks) as (address, listing):
        print(f"{address}    (Ctrl-C ends it)", flush=True)
        try:
            follow(stacks, listing)
        except KeyboardInterrupt:
            print("ended", file=sys.stderr)
    return 0


def _parsed(arguments: list[str]) -> Namespace:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready serve",
        description="Follow the stack of this project on a page: the state of every service, what\n"
        "it waits for, its last lines, and why it is not up. Reads only; ends with Ctrl-C.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument(
        "-r", "--recursive", action="store_true", help="every project of this repository"
    )
    parser.add_argument(
        "--target",
        choices=("compose", "swarm"),
        default="compose",
        help="swarm: follow the stack on the swarm",
    )
    add_project_options(parser, several=True, words="several are listed on one page")
    return parser.parse_args(arguments)


def _places(options: Namespace) -> list[Place]:
    """Return the projects that are meant, as they are asked for and called."""
    from bootready.cli.words.several import places_meant
    from bootready.page.stacks import Place
    from bootready.read.discover import located_directory

    named = [located_directory(path, os.environ) for path in options.directories or ["."]]
    several = options.recursive or len(named) > 1
    given = (options.services, options.file, options.project_name, options.project_directory)
    if several and any(given):
        raise UsageError(
            "services, -f, -p and --project-directory select one project and cannot be combined"
            " with several"
        )
    if not several:
        options.directory = (options.directories or ["."])[0]
        request = request_from(options, tuple(options.services))
        return [Place(request, os.path.basename(named[0]), options.target)]
    found = []
    for place in places_meant(named, recursive=options.recursive).projects:
        options.directory = place.directory
        name = os.path.relpath(place.directory)
        name = os.path.basename(place.directory) if name == "." else name
        found.append(Place(request_from(options), name, options.target))
    return found
