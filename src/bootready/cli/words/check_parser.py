"""The parser of `bootready check` and `validate`; `report` shares their options."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter

from bootready.cli.words.options import Parser, add_project_options
from bootready.cli.words.repository import add_repository_options
from bootready.cli.words.wishes import COLORS, ENGINES, TARGETS


def check_parser(verb: str, description: str, examples: str, engine: str) -> Parser:
    """Return the parser of `verb`; `engine` is its default for the option of that name."""
    parser = Parser(
        prog=f"bootready {verb}",
        description=description,
        epilog=examples,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add_services(parser)
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
    add_choices(parser, engine)
    if verb == "check":
        parser.add_argument(
            "--probe",
            action="store_true",
            help="with --target swarm: run jobs on its nodes that tell which images, bind sources"
            " and kernel features they lack; the jobs are removed",
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
        choices=COLORS,
        default="auto",
        help="auto: on a terminal, or as NO_COLOR and FORCE_COLOR say",
    )
    add_places(parser)
    return parser


def add_services(parser: ArgumentParser) -> None:
    """Add the services, among which may be the address of a repository."""
    parser.add_argument(
        "service",
        nargs="*",
        metavar="services",
        help="only these and their dependencies; the address of a repository is cloned first",
    )


def add_choices(parser: ArgumentParser, engine: str) -> None:
    """Add the options that say what is looked at, and what makes a project not ready."""
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
        choices=ENGINES,
        default=engine,
        help=f"none: do not query the Docker Engine; auto: query it (default: {engine})",
    )
    parser.add_argument(
        "--target",
        choices=TARGETS,
        default="compose",
        help="swarm: also what is lost, refused or missing on a Docker Swarm",
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


def add_places(parser: ArgumentParser) -> None:
    """Add the options that say which projects are meant."""
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
