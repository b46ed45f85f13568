"""The options that every command takes: a parser gets them, a parsed command line -> a Request.

They have the names and the meaning of `docker compose`'s own.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence

from bootready.errors import UsageError
from bootready.model.request import Request
from bootready.typed import NoReturn

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


class HelpShown(SystemExit):
    """Ends a command that has printed its help; `parser` is the one that knows its options."""

    def __init__(self, status: int, parser: Parser) -> None:
        super().__init__(status)
        self.parser = parser


class Parser(ArgumentParser):
    """A parser that raises UsageError instead of leaving the process."""

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Raise HelpShown: only a help ends here, as errors are raised by `error`."""
        if message:
            self._print_message(message)
        raise HelpShown(status, self)

    def error(self, message: str) -> None:  # type: ignore[override]  # it raises, as NoReturn says
        """Raise UsageError with argparse's words, and the option that was perhaps meant."""
        raise UsageError(message, f"{self._meant(message)}{self.prog} --help")

    def _meant(self, message: str) -> str:
        from bootready.model.near import SURELY, did_you_mean

        unknown = message.partition("unrecognized arguments: ")[2].split()
        for word in unknown:
            known = self._option_string_actions if word.startswith("-") else ()
            near = did_you_mean(word.partition("=")[0], known, cutoff=SURELY)
            if near:
                return f"{near} "
        return ""


class _Once(Action):
    """Takes the directory of `-C`, and refuses a second one: nobody would hear of the first."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: str | Sequence[str] | None,
        option_string: str | None = None,
    ) -> None:
        """Raise UsageError where the option was given before."""
        if getattr(namespace, self.dest, self.default) != self.default:
            hint = "check, validate and report take several"
            raise UsageError(f"{option_string} was given twice: {parser.prog} takes one", hint)
        setattr(namespace, self.dest, values)


def add_project_options(
    parser: ArgumentParser,
    *,
    several: bool = False,
    words: str = "several give one verdict on all of them",
) -> None:
    """Add the options that say which project is meant, or which ones if there may be `several`."""
    group = parser.add_argument_group("project")
    where = "run as if started in DIR"
    if several:
        group.add_argument(
            "-C",
            "--directory",
            dest="directories",
            metavar="DIR",
            action="append",
            default=[],
            help=f"{where}; {words}",
        )
    else:
        group.add_argument(
            "-C", "--directory", metavar="DIR", action=_Once, default=".", help=where
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
    """Return `arguments` with the shared options before the command's name moved after it.

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
