"""What one run of resolving knows: its options, what it has read, and what it has found so far."""

from __future__ import annotations

from bootready.errors import ProjectError
from bootready.model.node import Mapping, Node, Reference, Scalar
from bootready.model.position import Location, Span
from bootready.model.problem import Extension, Problem, Use, Variable
from bootready.read.source import STDIN, read_bytes, read_text
from bootready.read.yaml import NODE_LIMIT, Room, read_yaml
from bootready.resolve.reset import Resets
from bootready.resolve.syntax.ports import PORT_LIMIT
from bootready.typed import TYPE_CHECKING, Callable, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadMapping

    from bootready.read.dotenv import Statements

FILE_LIMIT = 5_000
"""Compose, env and label files of one project."""
SIZE_LIMIT = 64 * 1024 * 1024
"""Characters in all of them together."""
ENTRIES_LIMIT = 2_000_000
"""Entries of lists that services get from what they extend, and variables from env files."""


class TooLargeError(ProjectError):
    """The files of a project, or what they stand for, are more than is read: nothing goes on."""


class Options(NamedTuple):
    """How far to resolve; the defaults are those of ``docker compose config``."""

    interpolate: bool = True
    resolve_paths: bool = True
    normalise: bool = True
    check_consistency: bool = True
    check_container_names: bool = True
    """Whether the selected services must have names of their own: not for the lists of ``config``,
    which start nothing.
    """
    resolve_environment: bool = True
    environment_of: frozenset[str] | None = None
    """The services whose env files are read; None for all of them."""
    validate: bool = True
    prune: bool = True
    """Leave out networks, volumes and the like that no selected service uses."""
    reveal: bool = False
    """Keep the values of secrets that come from variables, as ``x-#value``, where Compose does."""
    node_limit: int = NODE_LIMIT
    """Values in one document before it is refused."""

    def reads_environment_of(self, service: str) -> bool:
        """Tell whether the env files of a service are read."""
        return self.resolve_environment and (
            self.environment_of is None or service in self.environment_of
        )


class Resolved(NamedTuple):
    """A project as Compose would resolve it, with everything that Compose would refuse."""

    name: str
    directory: str
    """The project directory, absolute."""
    files: tuple[str, ...]
    """Every Compose file read, absolute, in reading order."""
    env_files: tuple[str, ...]
    model: Mapping
    """What ``config`` prints: the selected services and what they use."""
    declared: Mapping
    """The same before profiles, selection and pruning."""
    disabled: tuple[str, ...]
    """The services that no active profile enables."""
    variables: ReadMapping[str, Variable]
    uses: tuple[Use, ...]
    """The uses of variables in Compose files and, without a path, in env files."""
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    sources: ReadMapping[str, str]
    """The text of every file read, by path."""
    profiles: tuple[str, ...]
    env_file_entries: ReadMapping[tuple[str, str], str] = {}
    """(service, variable) -> the env_file that set it."""
    included_variables: ReadMapping[str, ReadMapping[str, Variable]] = {}
    """What interpolation sees in the files of includes, by the path of the file."""
    refused_by_v2: tuple[Problem, ...] = ()
    """What Compose v2.40.3 would refuse and v5.6.1 does not."""
    extensions: tuple[Extension, ...] = ()
    absent_files: tuple[str, ...] = ()


class Scope:
    """What a set of Compose files is resolved with: variables and directories.

    `directory` is what their relative paths are joined to, and may be relative itself;
    `base` is where the files that they include or extend are looked for.
    """

    __slots__ = ("base", "directory", "home", "lookup", "root", "variables")

    def __init__(
        self,
        variables: dict[str, Variable],
        directory: str,
        base: str,
        home: str,
        *,
        root: bool = False,
    ) -> None:
        self.variables = variables
        self.directory = directory
        self.base = base
        self.home = home
        """What ``~`` stands for, or ''."""
        self.root = root
        self.lookup = lookup_in(variables)


def lookup_in(variables: ReadMapping[str, Variable]) -> Callable[[str], str | None]:
    """Return the function that gives the value of a variable, or None."""

    def lookup(name: str) -> str | None:
        found = variables.get(name)
        return None if found is None else found.value

    return lookup


class Session:
    """Gathers, over all files of a project, what was read, used and found wrong."""

    def __init__(self, options: Options, here: str) -> None:
        self.options = options
        self.here = here
        """Where the command runs: what a nested include joins to a relative directory."""
        self.texts: dict[str, str] = {}
        self.files: dict[str, None] = {}
        self.env_files: dict[str, None] = {}
        self.absent_files: dict[str, None] = {}
        """Env files that need not exist, and do not."""
        self.uses: dict[Use, None] = {}
        self.included: dict[str, ReadMapping[str, Variable]] = {}
        """What interpolation sees in the files of includes, by the path of the file."""
        self.references: list[Reference] = []
        """The uses of variables in env files."""
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.refused_by_v2: list[Problem] = []
        """What only Compose v2 refuses."""
        self.extensions: list[Extension] = []
        self.includes = 0
        """How many includes were carried out."""
        self.extended: dict[object, tuple[Mapping, Resets] | None] = {}
        self._documents: dict[str, list[Node]] = {}
        self.port_room = PORT_LIMIT
        """How many ports the short syntax of further files may still stand for."""
        self._room = Room()
        self._files_read = 0
        self._characters_read = 0
        self._entries_given = 0
        self._env_texts: dict[str, str] = {}
        self._statements: dict[str, Statements] = {}
        self._env_nodes: dict[Variable, Scalar] = {}

    def documents(self, path: str, location: Location | None = None) -> list[Node]:
        """Return the documents of a Compose file, none where it cannot be read (a problem then)."""
        if path not in self._documents:
            self._documents[path] = []
            try:
                text = read_text(path, location)
                self.texts[path] = text
                self.count_file(path, len(text), location)
                self._documents[path] = read_yaml(text, path, self.options.node_limit, self._room)
            except TooLargeError:
                raise
            except ProjectError as error:
                self.problems += error.problems
        self.files[path] = None
        return self._documents[path]

    def env_text(self, path: str, location: Location) -> str:
        """Return the text of an env file, read once for all services. Raises ProjectError."""
        if path not in self._env_texts:
            text = read_bytes(path, location).decode("utf-8", "surrogateescape")
            self.texts.setdefault(path, text)
            self.count_file(path, len(text), location)
            self._env_texts[path] = text
        return self._env_texts[path]

    def statements(self, path: str, location: Location) -> Statements:
        """Return an env file taken apart, once for all services. Raises ProjectError."""
        if path not in self._statements:
            from bootready.read.dotenv import statements_of

            self._statements[path] = statements_of(self.env_text(path, location), path)
        return self._statements[path]

    def env_node(self, variable: Variable, below: Node | None) -> Scalar:
        """Return the value of a variable of an env file as a node; services share the same."""
        line = max(variable.line, 1)
        if below is not None:
            return Scalar(variable.value, Span(variable.source, line, 1, line, 1), overrides=below)
        if variable not in self._env_nodes:
            span = Span(variable.source, line, 1, line, 1)
            self._env_nodes[variable] = Scalar(variable.value, span)
        return self._env_nodes[variable]

    def count_file(self, path: str, size: int, location: Location | None) -> None:
        """Count a file of `size` characters. Raises TooLargeError."""
        self._files_read += 1
        self._characters_read += size
        if self._files_read > FILE_LIMIT:
            message = f"more than {FILE_LIMIT:,} files are read for the project"
        elif self._characters_read > SIZE_LIMIT:
            message = f"the files of the project have more than {SIZE_LIMIT:,} characters"
        else:
            return
        raise TooLargeError([Problem("project-too-large", message, location, True, path)])

    def count_entries(self, count: int, location: Location) -> None:
        """Count what a service gets from a base or an env file. Raises TooLargeError."""
        self._entries_given += count
        if self._entries_given > ENTRIES_LIMIT:
            message = f"bases and env files give the services more than {ENTRIES_LIMIT:,} entries"
            raise TooLargeError([Problem("project-too-large", message, location, True)])

    def text(self, path: str) -> str:
        """Return the text of a file that was read."""
        return self.texts.get(path, "")

    def refuse(
        self,
        kind: str,
        message: str,
        location: Location | None,
        *,
        subject: str = "",
        fatal: bool = False,
        hint: str = "",
    ) -> None:
        """Note a reason why Compose refuses the project."""
        self.problems.append(Problem(kind, message, location, fatal, subject, hint))


__all__ = ["STDIN", "Options", "Resolved", "Scope", "Session", "lookup_in"]
