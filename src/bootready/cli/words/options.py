"""The options that every command takes: a parser gets them, a parsed command line -> a Request.

They have the names and the meaning of `docker compose`'s own.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from bootready.errors import UsageError
from bootready.model.request import Request

SHARED_FLAGS = frozenset(
    {
        "-C",
        "--directory",
        "-f",
        "--file",
        "--env-file",
        "--profile",
        "-p",
        "--project-name",
        "--project-directory",
    }
)
"""Those that may also stand before the command's name, as in ``docker compose -f x.yaml up``."""


class Parser(ArgumentParser):
    """A parser that raises UsageError instead of leaving the process."""

    def error(self, message: str) -> None:  # type: ignore[override]  # it raises, as NoReturn says
        """Raise UsageError with argparse's words."""
        raise UsageError(message, f"{self.prog} --help")


def add_project_options(parser: ArgumentParser) -> None:
    """Add the options that say which project is meant."""
    group = parser.add_argument_group("project")
    group.add_argument(
        "-C",
        "--directory",
        metavar="DIR",
        default=".",
        help="run as if started in DIR",
    )
    group.add_argument(
        "-f",
        "--file",
        metavar="FILE",
        action="append",
        default=[],
        help="a Compose file, '-' for standard input; later ones override (COMPOSE_FILE)",
    )
    group.add_argument(
        "--env-file",
        metavar="FILE",
        action="append",
        default=[],
        help="read variables from FILE instead of .env (COMPOSE_ENV_FILES)",
    )
    group.add_argument(
        "--profile",
        metavar="NAME",
        action="append",
        default=[],
        help="activate a profile, '*' for all of them (COMPOSE_PROFILES)",
    )
    group.add_argument(
        "-p", "--project-name", metavar="NAME", help="the project's name (COMPOSE_PROJECT_NAME)"
    )
    group.add_argument(
        "--project-directory",
        metavar="DIR",
        help="the base of relative paths (default: the directory of the first Compose file)",
    )


def request_from(namespace: Namespace, services: tuple[str, ...] = ()) -> Request:
    """Return what the person asked for; `services` are those named on the command line."""
    return Request(
        directory=namespace.directory,
        files=tuple(namespace.file),
        env_files=tuple(namespace.env_file),
        profiles=tuple(namespace.profile),
        project_name=namespace.project_name,
        project_directory=namespace.project_directory,
        services=services,
    )


def command_first(arguments: list[str]) -> list[str]:
    """Return `arguments` with the shared options that stand before the command's name moved behind.

    ``-f x.yaml check -q`` becomes ``check -f x.yaml -q``, so that both orders work.
    """
    index = 0
    while index < len(arguments):
        name = arguments[index].split("=", 1)[0]
        if name in SHARED_FLAGS:
            index += 1 if "=" in arguments[index] else 2
        elif len(name) > 2 and name[:2] in SHARED_FLAGS and name[1] != "-":
            index += 1
        else:
            break
    if index == 0 or index >= len(arguments):
        return arguments
    return [arguments[index], *arguments[:index], *arguments[index + 1 :]]
