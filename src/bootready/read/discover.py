"""A Request and the shell's environment -> which files make the project, where, and its variables.

Follows docker compose v5.6.1 (cmd/compose/compose.go, compose-go cli/options.go) step by step: the
env file of the first directory is read, then the Compose files are found, then the env file of the
directory where they were found; what is set already is never replaced.
"""

import os

from bootready.errors import ProjectError
from bootready.fence import is_outside
from bootready.model.node import Reference
from bootready.model.problem import Problem, Variable
from bootready.model.request import Request
from bootready.read.source import STDIN, read_bytes, refuse_outside
from bootready.typed import Mapping, NamedTuple

FILE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_TRUE = {"1", "t", "T", "TRUE", "true", "True"}
_FALSE = {"0", "f", "F", "FALSE", "false", "False"}


class Sources(NamedTuple):
    """What a project is made of, before any Compose file is read."""

    files: tuple[str, ...]
    """Compose files in order, absolute, or ``-`` for standard input."""
    directory: str
    """The project directory, absolute: the base of relative paths."""
    working_directory: str
    """Where the command runs, absolute: the base of paths on the command line."""
    variables: dict[str, Variable]
    """All that interpolation can see. ``COMPOSE_PROJECT_NAME`` is added once the name is known."""
    env_files: tuple[str, ...]
    """The env files that were read, absolute, each once."""
    references: tuple[Reference, ...]
    """The uses of variables in env files."""
    profiles: tuple[str, ...]
    project_name: str | None
    """From ``-p`` or ``COMPOSE_PROJECT_NAME``; it wins over the `name` of a Compose file."""
    directory_name: str
    """The project's name where no Compose file gives one; may be ''."""
    env_texts: dict[str, str]
    """The text of every env file, by path."""
    warnings: tuple[Problem, ...] = ()
    explicit_env_files: tuple[str, ...] = ()
    """Those of ``--env-file`` or ``COMPOSE_ENV_FILES``, absolute."""


def locate(request: Request, environ: Mapping[str, str]) -> Sources:
    """Return the sources of the project that `request` asks for.

    `environ` is the shell's environment. Raises ProjectError where there is no Compose file, an env
    file is missing or cannot be read, or the project's name is none.
    """
    return _Search(request, environ).sources()


def normalized_name(text: str) -> str:
    """Return `text` as Compose makes a project name of it: ``[a-z0-9][a-z0-9_-]*``, or ''."""
    return "".join(filter(_NAME_CHARACTERS.__contains__, text.lower())).lstrip("_-")


def check_name(name: str, origin: str) -> None:
    """Raise ProjectError where `name` is no project name; `origin` says where it was given."""
    if normalized_name(name) != name:
        rule = "must contain only a-z, 0-9, `-` and `_`, and start with a letter or digit"
        raise _error("project-name", f"project name '{name}' ({origin}) {rule}", name)


def located_directory(path: str, environ: Mapping[str, str]) -> str:
    """Return the directory that `-C` names, absolute. Raises ProjectError where there is none."""
    directory = _working_directory(Request(directory=path), environ)
    if not os.path.isdir(directory):
        raise _error("compose-file-missing", _nothing_found(directory), "")
    return directory


class _Search:
    """One search for a project's sources."""

    def __init__(self, request: Request, environ: Mapping[str, str]) -> None:
        self.request = request
        self.environ = environ
        self.here = _working_directory(request, environ)
        self.variables = {
            name: Variable(name, value, "shell") for name, value in environ.items() if name
        }
        if "PWD" not in environ or request.directory not in {"", "."}:
            self.variables["PWD"] = Variable("PWD", self.here, "default")
        self.warnings: list[Problem] = []
        self.references: list[Reference] = []
        self.env_texts: dict[str, str] = {}
        given = request.env_files or tuple(
            part for part in environ.get("COMPOSE_ENV_FILES", "").split(",") if part
        )
        self.explicit = tuple(self.absolute(_expanded(path, environ)) for path in given)
        self.base = self.absolute(request.project_directory) if request.project_directory else None

    def sources(self) -> Sources:
        if self.request.project_name:
            check_name(self.request.project_name, "-p")
        given = [f if f == STDIN else self.absolute(f) for f in self.request.files]
        for path in self.request.files:
            _refuse_remote(path)
        self.read_env_files(self.directory_of(given))
        if not self.explicit and self.value("COMPOSE_DISABLE_ENV_FILE") in _TRUE:
            self.forget_env_file()
        files = given or self.files_of_variable() or self.found_files()
        directory = self.directory_of(files)
        self.read_env_files(directory)
        if not files:
            raise self.nothing_found()
        return Sources(
            files=tuple(files),
            directory=directory,
            working_directory=self.here,
            variables=self.variables,
            env_files=tuple(self.env_texts),
            references=tuple(self.references),
            profiles=self.profiles(),
            project_name=self.name(),
            directory_name=self.directory_name(directory),
            env_texts=self.env_texts,
            warnings=tuple(self.warnings),
            explicit_env_files=self.explicit,
        )

    def nothing_found(self) -> ProjectError:
        """Return the error that names the Compose files that are near."""
        from bootready.read.nearby import hint_for

        directory = self.base or self.here
        problem = Problem("compose-file-missing", _nothing_found(directory), None, True)
        return ProjectError([problem._replace(hint=hint_for(directory, FILE_NAMES))])

    def absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.here, path))

    def value(self, name: str) -> str | None:
        found = self.variables.get(name)
        return None if found is None else found.value

    def directory_of(self, files: list[str]) -> str:
        if self.base is not None:
            return self.base
        first = next((path for path in files if path != STDIN), None)
        return self.here if first is None else os.path.dirname(first)

    def read_env_files(self, directory: str) -> None:
        """Add the variables of the env files that hold for `directory`."""
        paths = self.explicit or self.default_env_file(directory)
        if not paths or all(path in self.env_texts for path in paths):
            return
        from bootready.read.dotenv import read_dotenv

        found: dict[str, Variable] = {}
        for path in paths:
            refuse_outside(path)
            if not os.path.exists(path):
                raise _error("env-file-missing", f"env file '{path}' does not exist", path)
            # Compose does not ask what the bytes are: a value may hold any.
            text = read_bytes(path).decode("utf-8", "surrogateescape")
            self.env_texts[path] = text
            read_dotenv(text, path, self.value, found, self.references)
        for name, variable in found.items():
            self.variables.setdefault(name, variable)

    def forget_env_file(self) -> None:
        """Keep of an env file that disables itself what is meant for Compose, which has that by
        then.
        """
        self.variables = {
            name: variable
            for name, variable in self.variables.items()
            if variable.source not in self.env_texts or name.startswith("COMPOSE_")
        }

    def default_env_file(self, directory: str) -> tuple[str, ...]:
        # The first env file may say so too: it holds for what is read after it.
        disabled = self.value("COMPOSE_DISABLE_ENV_FILE")
        if disabled in _TRUE:
            return ()
        if disabled is not None and disabled not in _FALSE:
            message = f"COMPOSE_DISABLE_ENV_FILE is '{disabled}', must be true or false"
            raise _error("environment", message, "COMPOSE_DISABLE_ENV_FILE")
        path = os.path.join(directory, ".env")
        refuse_outside(path)
        return (path,) if os.path.exists(path) and not os.path.isdir(path) else ()

    def files_of_variable(self) -> list[str]:
        """Return the files that ``COMPOSE_FILE`` names; each must exist."""
        value = self.value("COMPOSE_FILE")
        if value is None:
            return []
        separator = self.value("COMPOSE_PATH_SEPARATOR") or os.pathsep
        paths: list[str] = []
        for part in value.split(separator):
            if part == STDIN:
                paths.append(part)
                continue
            path = self.absolute(part)
            refuse_outside(path)
            if not os.path.exists(path):
                message = f"file '{part}', which COMPOSE_FILE names, does not exist"
                raise _error("compose-file-missing", message, part)
            paths.append(path)
        return paths

    def found_files(self) -> list[str]:
        """Return the Compose file of the nearest directory that has one, and its override."""
        directory = self.base or self.here
        while True:
            if files := self.first_of(FILE_NAMES, directory, "Compose files"):
                return files + self.first_of(OVERRIDE_NAMES, directory, "override files")
            parent = os.path.dirname(directory)
            if parent == directory or is_outside(parent):
                return []
            directory = parent

    def first_of(self, names: tuple[str, ...], directory: str, what: str) -> list[str]:
        for name in names:
            refuse_outside(os.path.join(directory, name))
        there = [name for name in names if os.path.exists(os.path.join(directory, name))]
        if len(there) > 1:
            listed = ", ".join(f"'{name}'" for name in there)
            message = f"several {what} in '{directory}': {listed}; '{there[0]}' is used"
            self.warnings.append(Problem("several-compose-files", message, None))
        return [os.path.join(directory, name) for name in there[:1]]

    def profiles(self) -> tuple[str, ...]:
        if self.request.profiles:
            return self.request.profiles
        # Compose splits it also where it is not set: then the one active profile has no name, and
        # a service runs that is in such a one (compose-go, cli/options.go, WithDefaultProfiles).
        listed = self.value("COMPOSE_PROFILES") or ""
        return tuple(part.strip() for part in listed.split(","))

    def name(self) -> str | None:
        if self.request.project_name:
            return self.request.project_name
        name = self.value("COMPOSE_PROJECT_NAME")
        if not name:
            return None
        check_name(name, "COMPOSE_PROJECT_NAME")
        return name

    def directory_name(self, directory: str) -> str:
        own = os.path.basename(directory)
        return normalized_name(own)


def _working_directory(request: Request, environ: Mapping[str, str]) -> str:
    """Return where the command runs, by the name that the shell has for it, as Go's os.Getwd."""
    try:
        here = os.getcwd()
    except OSError:
        if os.path.isabs(request.directory):
            return os.path.normpath(request.directory)
        message = "the current directory no longer exists"
        raise _error("directory-missing", message, "") from None
    shell = environ.get("PWD", "")
    if os.path.isabs(shell):
        try:
            if os.path.samefile(shell, here):
                here = shell
        except OSError:
            pass
    return os.path.normpath(os.path.join(here, request.directory))


def _expanded(path: str, environ: Mapping[str, str]) -> str:
    home = environ.get("HOME")
    return os.path.normpath(f"{home}/{path[1:]}") if path.startswith("~") and home else path


_REMOTE = ("oci://", "http://", "https://", "ssh://", "git://", "git@", "github.com/")


def _refuse_remote(path: str) -> None:
    if path.startswith(_REMOTE):
        message = f"file '{path}' is remote; bootready reads only local files"
        raise _error("remote-file", message, path)


def _nothing_found(directory: str) -> str:
    if not os.path.isdir(directory):
        return f"directory '{directory}' does not exist"
    names = ", ".join(FILE_NAMES)
    return f"no Compose file in '{directory}' or above it; looked for {names}"


def _error(kind: str, message: str, subject: str) -> ProjectError:
    return ProjectError([Problem(kind, message, None, True, subject)])
