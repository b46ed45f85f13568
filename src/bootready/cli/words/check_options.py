"""The command line of `bootready check` or `validate` -> what the person wishes.

The usual command lines are read without argparse (see `cli.wishes`).
"""

from __future__ import annotations

from bootready.cli.words.wishes import PROJECT_VALUES, Wishes, read_usual
from bootready.model.request import Request
from bootready.typed import NamedTuple

_EXAMPLES = """examples:
  bootready check                         check the project in this directory
  bootready check web worker              only these services and what they depend on
  bootready check https://github.com/owner/shop    clone it into ./shop first
  bootready check --only secrets ports    only these topics (or ids) of the catalogue
  bootready check --engine none           do not query the Docker Engine
  bootready check --registry              also ask the registries of images that are not here
  bootready check --target swarm          on several machines, with `docker stack deploy`
  bootready check --target swarm --probe  ask the nodes as well, by a job that is removed
  bootready check --output sarif=x.sarif  the findings in a file as well
  bootready check -r                      every project of this repository
  bootready check -C api -C web           these two, one verdict
"""

_EXAMPLES_OF_VALIDATE = """examples:
  bootready validate                         what CI runs; the working tree is not changed
  bootready validate -v                      also list skipped checks and why
  bootready validate --format github         annotations of GitHub Actions
  bootready validate --output sarif=x.sarif --output junit=x.xml    reports in files as well
  bootready validate --target swarm          as it would be deployed on several machines
  bootready validate --fail-on warning       exit code 1 for warnings, too
  bootready validate -r --changed-since origin/main    projects that a branch touches
"""


class _Verb(NamedTuple):
    """What `--help` says of a command, and whether it asks the engine if it is not told to."""

    description: str
    examples: str
    engine: str


_VERBS = {
    "check": _Verb("Find everything that would stop this project from booting.", _EXAMPLES, "auto"),
    "validate": _Verb(
        "Check the project as a fresh clone, with dummy secrets, outside the working tree.",
        _EXAMPLES_OF_VALIDATE,
        "none",
    ),
}
_ENGINES = ("auto", "none")
_TARGETS = ("compose", "swarm")
_COLORS = ("auto", "always", "never")
_VALUES = {
    **PROJECT_VALUES,
    "-C": "directories",
    "--directory": "directories",
    "--changed-since": "changed_since",
    "--format": "format",
    "--output": "output",
    "--fail-on": "fail_on",
    "--engine": "engine",
    "--target": "target",
    "--color": "color",
}
_FLAGS: dict[str, tuple[str, object]] = {
    "--json": ("format", "json"),
    "--registry": ("registry", True),
    "--probe": ("probe", True),
    "--no-baseline": ("baseline", False),
    "-q": ("quiet", True),
    "--quiet": ("quiet", True),
    "-r": ("recursive", True),
    "--recursive": ("recursive", True),
    "-v": ("verbose", True),
    "--verbose": ("verbose", True),
}


class CheckWishes(Wishes):
    """What was asked of `check` or `validate`, the `verb`; an attribute for each option."""

    def __init__(self, verb: str = "check") -> None:
        super().__init__()
        self.verb = verb
        self.format = "text"
        self.output: list[str] = []
        self.only: list[str] = []
        self.skip: list[str] = []
        self.fail_on: str | None = None
        self.engine = _VERBS[verb].engine
        self.target = "compose"
        self.registry = False
        self.probe = False
        self.verbose = False
        self.baseline = True
        self.color = "auto"
        self.quiet = False
        self.into = ""
        self.yes = False
        self.directories: list[str] = []
        self.recursive = False
        self.changed_since = ""

    @property
    def several(self) -> bool:
        """Whether the report is on several projects, even if there is only one of them."""
        return self.recursive or len(self.directories) > 1 or bool(self.changed_since)

    def request(self) -> Request:
        """Return which project is meant, the first of several."""
        self.directory = self.directories[0] if self.directories else "."
        return super().request()


def wishes_from(arguments: list[str], verb: str = "check") -> CheckWishes:
    """Return what `arguments` of `verb` ask for. Raises UsageError for what nobody can."""
    wishes = CheckWishes(verb)
    usual = read_usual(arguments, wishes, _VALUES, _FLAGS)
    known = wishes.engine in _ENGINES and wishes.target in _TARGETS and wishes.color in _COLORS
    known = known and (verb == "check" or not wishes.probe)
    return wishes if usual and known else _parsed(arguments, verb)


def _parsed(arguments: list[str], verb: str = "check") -> CheckWishes:
    """Return what argparse makes of `arguments`; it prints the help, or refuses."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.cli.words.options import Parser, add_project_options
    from bootready.cli.words.repository import add_repository_options

    said = _VERBS[verb]
    parser = Parser(
        prog=f"bootready {verb}",
        description=said.description,
        epilog=said.examples,
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
        "--engine",
        choices=_ENGINES,
        default=said.engine,
        help=f"none: do not query the Docker Engine; auto: query it (default: {said.engine})",
    )
    parser.add_argument(
        "--target",
        choices=_TARGETS,
        default="compose",
        help="swarm: also what is lost, refused or missing on a Docker Swarm",
    )
    if verb == "check":
        parser.add_argument(
            "--probe",
            action="store_true",
            help="with --target swarm: run jobs on its nodes that tell which images, bind sources"
            " and kernel features they lack; the jobs are removed",
        )
    parser.add_argument(
        "--registry",
        action="store_true",
        help="ask the registries, over the network, for the images that are not here",
    )
    parser.add_argument(
        "--no-baseline",
        dest="baseline",
        action="store_false",
        help="also report what bootready.baseline.toml knows",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="also list silenced findings and skipped checks",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="only the verdict and the next step"
    )
    parser.add_argument(
        "--color",
        choices=_COLORS,
        default="auto",
        help="auto: on a terminal, or as NO_COLOR and FORCE_COLOR say",
    )
    add_repository_options(parser)
    add_project_options(parser, several=True)
    group = parser.add_argument_group("several projects")
    group.add_argument(
        "-r",
        "--recursive",
        action="store_true",
        help="every project at and below the directory whose Compose file git tracks",
    )
    group.add_argument(
        "--changed-since",
        metavar="REV",
        default="",
        help="only projects that a file is part of that changed since REV, such as origin/main",
    )
    wishes = CheckWishes(verb)
    for name, value in vars(parser.parse_args(arguments)).items():
        setattr(wishes, name, value)
    return wishes
