"""A usual command line -> what the person wishes, without argparse.

Importing argparse and making a parser takes a tenth of the time that a small project needs. The
commands that only read therefore read what is usual themselves; argparse gets the rest, and says
what is wrong.
"""

from __future__ import annotations

from bootready.model.request import Request
from bootready.typed import Mapping

PROJECT_VALUES = {
    "-f": "file",
    "--file": "file",
    "--env-file": "env_file",
    "--profile": "profile",
    "-C": "directory",
    "--directory": "directory",
    "-p": "project_name",
    "--project-name": "project_name",
    "--project-directory": "project_directory",
}
"""The options that say which project is meant, by the attribute that gets their value."""
ENGINES = ("auto", "none")
TARGETS = ("compose", "swarm")
COLORS = ("auto", "always", "never")
"""The values of `--engine`, `--target` and `--color`."""


class Wishes:
    """Which project is meant; `service` are the services named. Commands add their own."""

    def __init__(self) -> None:
        self.service: list[str] = []
        self.file: list[str] = []
        self.env_file: list[str] = []
        self.profile: list[str] = []
        self.directory = "."
        self.project_name: str | None = None
        self.project_directory: str | None = None

    def request(self) -> Request:
        """Return which project is meant."""
        return Request(
            directory=self.directory,
            files=tuple(self.file),
            env_files=tuple(self.env_file),
            profiles=tuple(self.profile),
            project_name=self.project_name,
            project_directory=self.project_directory,
            services=tuple(self.service),
        )


def read_usual(
    arguments: list[str],
    wishes: Wishes,
    values: Mapping[str, str],
    flags: Mapping[str, tuple[str, object]],
) -> bool:
    """Put `arguments` into `wishes`; False where they are not usual, and argparse has to read them.

    `values` are options with a value, by the attribute that gets it; `flags` are those without, by
    the attribute and what it gets. Of an attribute that is a list or set, each use adds to it.
    """
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument in flags:
            _put(wishes, *flags[argument])
        elif name in values and (equals == "" or name.startswith("--")):
            given = value if equals else next(waiting, None)
            if given is None or (given.startswith("-") and given != "-"):
                return False
            if values[name] == "directory" and wishes.directory != ".":
                return False  # a second one, which is refused
            _put(wishes, values[name], given)
        elif argument.startswith("-"):
            return False
        else:
            wishes.service.append(argument)
    return True


def _put(wishes: Wishes, name: str, value: object) -> None:
    former = getattr(wishes, name)
    if isinstance(former, list):
        former.append(value)
    elif isinstance(former, set):
        former.add(value)
    else:
        setattr(wishes, name, value)
