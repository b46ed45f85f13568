"""The address of a repository among the words of a command -> its clone, which the command is for.

Only a person's explicit word reaches the network: a yes at the terminal, or `--yes`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bootready.cli.words.consent import agreed, asks_somebody
from bootready.errors import BootreadyError, UsageError
from bootready.model.printable import printable
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from bootready.knowledge.repositories import Repository


class Project(NamedTuple):
    """The services that were named, the project's directory, and whether it was cloned just now."""

    services: tuple[str, ...]
    directory: str
    is_new: bool = False


def add_repository_options(parser: ArgumentParser) -> None:
    """Add what goes with the address of a repository."""
    group = parser.add_argument_group("repository")
    group.add_argument(
        "--into",
        metavar="DIR",
        default="",
        help="clone the repository into DIR, which must not exist (default: its name)",
    )
    group.add_argument("--yes", action="store_true", help="clone it without asking")


def project_of(
    words: Sequence[str], directory: str, into: str, command: str, *, yes: bool, has_files: bool
) -> Project:
    """Return which project is meant by the services and addresses in `words` of `command`.

    An address is cloned first. Raises BootreadyError where that was not agreed to or failed.
    """
    addresses = [word for word in words if ":" in word]  # no name of a service has one
    services = tuple(word for word in words if ":" not in word)
    if not addresses:
        if into:
            raise UsageError("--into needs the address of a repository")
        return Project(services, directory)
    if len(addresses) > 1:
        raise UsageError("one repository at a time")
    from bootready.knowledge.repositories import repository_at

    repository = repository_at(addresses[0])
    path = _path(repository, directory, into, command)
    _agree(repository, path, command, yes=yes)
    found = _fetched(repository, path, command, has_files=has_files)
    return Project(services, found, is_new=True)


def _path(repository: Repository, directory: str, into: str, command: str) -> str:
    if not (into or repository.name):
        raise UsageError("the address gives no name for the directory", "--into DIR names one")
    path = os.path.normpath(os.path.join(directory, into or repository.name))
    if os.path.lexists(path):
        from shlex import quote

        hint = f"bootready {command} -C {quote(path)} uses it; --into DIR clones into another"
        raise UsageError(f"'{path}' exists, so nothing was cloned", hint)
    return path


def _agree(repository: Repository, path: str, command: str, *, yes: bool) -> None:
    if yes:
        return
    if not asks_somebody():
        raise UsageError(
            "nothing was cloned: there is no terminal to ask on", "--yes clones without asking"
        )
    verb = "prepare and boot" if command == "up" else command
    what = f"clone '{printable(repository.shown)}' into '{printable(path)}' and {verb} it?"
    if repository.is_plaintext:
        what = f"what comes from there may be changed on its way; {what}"
    if not agreed(what):
        raise BootreadyError("nothing was cloned")


def _fetched(repository: Repository, path: str, command: str, *, has_files: bool) -> str:
    from bootready.cli.words.stopping import stop_when_told
    from bootready.pipeline.clone import fetch

    stop_when_told()
    directory, cloned = fetch(repository, path, command, searched=not has_files)
    _say(f"cloned '{repository.shown}' at {cloned.commit} into '{path}'")
    if directory != path:
        _say(f"project: '{directory}'")
    if cloned.has_submodules:
        from shlex import quote

        _say(f"left: its submodules; git -C {quote(path)} submodule update --init fetches them")
    if cloned.filters:
        names = ", ".join(f"'{name}'" for name in cloned.filters)
        _say(f"left: files are as they are stored, without the filters {names}")
    return directory


def _say(text: str) -> None:
    print(printable(text), file=sys.stderr)
