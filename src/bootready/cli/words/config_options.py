"""The command line of `bootready config` -> what the person wishes.

The usual command lines are read without argparse (see `cli.wishes`).
"""

from __future__ import annotations

from bootready.cli.words.wishes import PROJECT_VALUES, Wishes, read_usual

EXAMPLES = """examples:
  bootready config                          the model, as YAML
  bootready config --format json web        service 'web' and what it depends on, as JSON
  bootready config -q                       only say whether Compose would accept it
  bootready config --no-interpolate         with the variables left in place
  bootready config --variables              the variables that the project uses
  bootready config -q --compose v2          say whether Compose v2.40.3 would accept it
"""

FLAGS = {
    "--quiet": "only check whether Compose would accept it, print nothing",
    "--no-interpolate": "do not replace variables",
    "--no-path-resolution": "do not resolve paths",
    "--no-normalize": "do not add what is implied (networks, names, dependencies)",
    "--no-consistency": "do not check consistency",
    "--no-env-resolution": "do not read the services' env files",
    "--services": "print the names of the services",
    "--volumes": "print the names of the volumes",
    "--networks": "print the names of the networks",
    "--models": "print the names of the models",
    "--images": "print the images",
    "--profiles": "print the profiles",
    "--variables": "print the variables and their defaults",
    "--environment": "print the variables available for interpolation; values only with --reveal",
    "--all-resources": "also print unused networks, volumes and other resources",
    "--resolve-image-digests": "not supported: it needs a registry",
    "--lock-image-digests": "not supported: it needs a registry",
    "--dry-run": "accepted for compatibility with Compose; has no effect",
    "--reveal": "also print the values of secrets that Compose itself prints",
}
LISTINGS = (
    "--services",
    "--volumes",
    "--networks",
    "--models",
    "--hash",
    "--profiles",
    "--images",
    "--variables",
    "--environment",
)
"""What prints a list instead of the model, in the order in which Compose asks for them."""
_VALUES = {
    **PROJECT_VALUES,
    "--format": "format",
    "-o": "output",
    "--output": "output",
    "--hash": "hash",
    "--compose": "compose",
}
_FLAGS: dict[str, tuple[str, object]] = {flag: ("flags", flag) for flag in FLAGS}
_FLAGS["-q"] = ("flags", "--quiet")


class ConfigWishes(Wishes):
    """What was asked of `bootready config`; an attribute for each option."""

    def __init__(self) -> None:
        super().__init__()
        self.format = ""
        self.output = ""
        self.hash = ""
        self.compose = "v5"
        self.flags: set[str] = set()

    def listing(self) -> str:
        """Return the option that asks for a list instead of the model, or ''; the first counts."""
        asked = self.flags | ({"--hash"} if self.hash else set())
        return next((option for option in LISTINGS if option in asked), "")

    def has(self, flag: str) -> bool:
        """Tell whether the flag was given, such as ``--quiet``."""
        return flag in self.flags


def wishes_from(arguments: list[str]) -> ConfigWishes:
    """Return what `arguments` ask for. Raises UsageError for what nobody can."""
    wishes = ConfigWishes()
    usual = read_usual(arguments, wishes, _VALUES, _FLAGS)
    known = wishes.format in {"", "yaml", "json"} and wishes.compose in {"v5", "v2"}
    return wishes if usual and known else _parsed(arguments)


def _parsed(arguments: list[str]) -> ConfigWishes:
    """Return what argparse makes of `arguments`; it prints the help, or refuses."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.cli.words.options import Parser, add_project_options

    parser = Parser(
        prog="bootready config",
        description="Print the project as Docker Compose would resolve it:\n"
        "secrets are shown in the clear, as Compose does.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("service", nargs="*", help="only these and what they depend on")
    parser.add_argument(
        "--format", default="", choices=("yaml", "json"), help="yaml (default) or json"
    )
    parser.add_argument("-o", "--output", metavar="FILE", default="", help="write to FILE")
    parser.add_argument(
        "--hash", metavar="SERVICES", default="", help="print services' hashes, '*' for all"
    )
    parser.add_argument(
        "--compose",
        default="v5",
        choices=("v5", "v2"),
        help="also report errors of this Compose version, v5.6.1 or v2.40.3; the model is that of"
        " v5",
    )
    for flag, text in FLAGS.items():
        names = ("-q", flag) if flag == "--quiet" else (flag,)
        parser.add_argument(
            *names, dest="flags", action="append_const", const=flag, default=[], help=text
        )
    add_project_options(parser)
    wishes = ConfigWishes()
    for name, value in vars(parser.parse_args(arguments)).items():
        setattr(wishes, name, set(value) if name == "flags" else value)
    return wishes
