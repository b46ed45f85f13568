"""The command line of `bootready check` or `validate` -> what the person wishes.

The usual command lines are read without argparse (see `cli.wishes`).
"""

from __future__ import annotations

from bootready.cli.words.wishes import (
    COLORS,
    ENGINES,
    PROJECT_VALUES,
    TARGETS,
    Wishes,
    read_usual,
)
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
    """What was asked of `verb`: `check`, `validate`, `report`; an attribute for each option."""

    def __init__(self, verb: str = "check") -> None:
        super().__init__()
        self.verb = verb
        self.format = "text"
        self.output: list[str] = []
        self.only: list[str] = []
        self.skip: list[str] = []
        self.fail_on: str | None = None
        self.engine = _VERBS[verb].engine if verb in _VERBS else "auto"
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
    known = wishes.engine in ENGINES and wishes.target in TARGETS and wishes.color in COLORS
    known = known and (verb == "check" or not wishes.probe)
    return wishes if usual and known else _parsed(arguments, verb)


def _parsed(arguments: list[str], verb: str = "check") -> CheckWishes:
    """Return what argparse makes of `arguments`; it prints the help, or refuses."""
    from bootready.cli.words.check_parser import check_parser

    said = _VERBS[verb]
    parser = check_parser(verb, said.description, said.examples, said.engine)
    wishes = CheckWishes(verb)
    for name, value in vars(parser.parse_args(arguments)).items():
        setattr(wishes, name, value)
    return wishes
