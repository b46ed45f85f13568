"""The command line of `bootready check` -> what the person wishes.

The usual command lines are read without argparse (see `cli.wishes`).
"""

from __future__ import annotations

from bootready.cli.words.wishes import PROJECT_VALUES, Wishes, read_usual

EXAMPLES = """examples:
  bootready check                         check the project in this directory
  bootready check web worker              only these services and what they depend on
  bootready check https://github.com/owner/shop    clone it into ./shop first
  bootready check --only secrets ports    only these topics (or ids) of the catalogue
  bootready check --engine none           do not query the Docker Engine
  bootready check --registry              also ask the registries of images that are not here
  bootready check --output sarif=x.sarif  the findings in a file as well
"""

_ENGINES = ("auto", "none")
_VALUES = {
    **PROJECT_VALUES,
    "--format": "format",
    "--output": "output",
    "--fail-on": "fail_on",
    "--engine": "engine",
}
_FLAGS: dict[str, tuple[str, object]] = {
    "--json": ("format", "json"),
    "--registry": ("registry", True),
    "-v": ("verbose", True),
    "--verbose": ("verbose", True),
}


class CheckWishes(Wishes):
    """What was asked of `bootready check`; an attribute for each option."""

    def __init__(self) -> None:
        super().__init__()
        self.format = "text"
        self.output: list[str] = []
        self.only: list[str] = []
        self.skip: list[str] = []
        self.fail_on: str | None = None
        self.engine = "auto"
        self.registry = False
        self.verbose = False
        self.into = ""
        self.yes = False


def wishes_from(arguments: list[str]) -> CheckWishes:
    """Return what `arguments` ask for. Raises UsageError for what nobody can."""
    wishes = CheckWishes()
    usual = read_usual(arguments, wishes, _VALUES, _FLAGS)
    return wishes if usual and wishes.engine in _ENGINES else _parsed(arguments)


def _parsed(arguments: list[str]) -> CheckWishes:
    """Return what argparse makes of `arguments`; it prints the help, or refuses."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.cli.words.options import Parser, add_project_options
    from bootready.cli.words.repository import add_repository_options

    parser = Parser(
        prog="bootready check",
        description="Find everything that would stop this project from booting.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "service",
        nargs="*",
        metavar="services",
        help="only these and their dependencies; the address of a repository is cloned first",
    )
    parser.add_argument(
        "--format",
        default="text",
        metavar="NAME",
        help="text, json, sarif, junit, github, gitlab or markdown, on standard output",
    )
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", help="as --format json"
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="also write the findings in that format to FILE; repeatable",
    )
    for flag, words in (("--only", "run only these"), ("--skip", "skip these")):
        parser.add_argument(
            flag,
            nargs="+",
            action="extend",
            default=[],
            metavar="CHECK",
            help=f"{words}: ids or topics",
        )
    parser.add_argument(
        "--fail-on", metavar="SEVERITY", help="error (default), warning or note make exit code 1"
    )
    parser.add_argument(
        "--engine", choices=_ENGINES, default="auto", help="none: do not query the Docker Engine"
    )
    parser.add_argument(
        "--registry",
        action="store_true",
        help="ask the registries, over the network, for the images that are not here",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="also list silenced findings and skipped checks",
    )
    add_repository_options(parser)
    add_project_options(parser)
    wishes = CheckWishes()
    for name, value in vars(parser.parse_args(arguments)).items():
        setattr(wishes, name, value)
    return wishes
