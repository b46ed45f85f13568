"""A project -> the values that its containers get, each where it is written and with its comment.

`environment`, env files, variables of the `.env` file, defaults of references, build arguments,
literal labels, and the variables of secrets.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from bootready.knowledge.secrets.names import names_a_secret
from bootready.model.lines import lines_of
from bootready.model.lookup import at
from bootready.model.node import Mapping, Node, Reference, Scalar, Sequence
from bootready.model.position import Location, Span, YamlPath
from bootready.model.project import FileObject, Project, Same, Service
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, Callable, Iterator, NamedTuple, cast

if TYPE_CHECKING:
    from bootready.knowledge.values.meaning import Meaning


class Origin(Enum):
    """Where a value is written."""

    VARIABLE = "a variable of an env file that feeds interpolation"
    DEFAULT = "the default of a reference"
    ENV_FILE = "an env_file of a service"
    ENVIRONMENT = "the environment of a service"
    BUILD_ARGUMENT = "a build argument"
    LABEL = "a label"
    UNSET = "the variable of a reference without a default is not set"


class ValueUse(NamedTuple):
    """One value that containers get; never show `value`. With references, it is their text.

    `name` is the variable to set for another value: of the env file, or of the container.
    """

    name: str
    value: str
    origin: Origin
    place: Location
    text: str
    """The whole text of the file that the value is written in."""
    pairs: tuple[tuple[str, str], ...]
    """The services that get it, each with the variable whose whole value it is, or ''."""
    images: tuple[str, ...] = ()
    passed: bool = False
    """Whether the container gets what the shell has, and the shell has none: ``KEY:``."""

    @property
    def file(self) -> str:
        """The file that the value is written in, absolute."""
        return self.place.span.file

    @property
    def comment(self) -> str:
        """What comments say of the value, '' for nothing."""
        from bootready.knowledge.values.comments import comment_of

        return comment_of(lines_of(self.text), self.place.span.line)

    @property
    def services(self) -> tuple[str, ...]:
        """The services that get it."""
        return tuple(dict.fromkeys(service for service, _ in self.pairs))

    @property
    def keys(self) -> tuple[str, ...]:
        """The variables of containers whose whole value it is."""
        return tuple(dict.fromkeys([key for _, key in self.pairs if key]))

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that the value is called."""
        return tuple(dict.fromkeys([self.name, *[key for _, key in self.pairs if key]]))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it, or only quotes."""
        return not self.value.strip().strip("\"'")

    @property
    def is_secret(self) -> bool:
        """Whether one of its names means a secret."""
        names = (self.name, *[key for _, key in self.pairs if key])
        return any(map(names_a_secret, names))

    @property
    def meaning(self) -> Meaning:
        """What the value is: as its names tell, a container's own first."""
        from bootready.knowledge.values.meaning import Meaning, meaning_of

        found = [meaning_of(name) for name in (*self.keys, self.name)]
        return next((one for one in found if one is not Meaning.OTHER), Meaning.OTHER)


def value_uses(
    project: Project, wanted: Callable[[ValueUse], bool] = lambda _: True
) -> tuple[ValueUse, ...]:
    """Return the values that the selected services get, one for each place that sets one.

    Only those that are `wanted`.
    """
    found: dict[tuple[str, int, str, int], list[ValueUse]] = {}
    for use in filter(wanted, _all_uses(Same(project))):
        span = use.place.span
        key = (span.file, span.line, use.name, id(use.origin))  # the hash of an Enum is slow
        found.setdefault(key, []).append(use)
    return tuple(_joined(group) for group in found.values())


@lru_cache(maxsize=1)
def _all_uses(same: Same) -> tuple[ValueUse, ...]:
    """Return every use, before those of one place are joined: three checks ask for it."""
    return tuple(_uses(cast("Project", same.value)))


def _joined(group: list[ValueUse]) -> ValueUse:
    """Return the one use that stands for those of one place."""
    if len(group) == 1:
        return group[0]
    return group[0]._replace(
        pairs=tuple(dict.fromkeys(pair for use in group for pair in use.pairs)),
        images=tuple(dict.fromkeys(image for use in group for image in use.images)),
    )


def _uses(project: Project) -> Iterator[ValueUse]:
    secrets = {one.name: one for one in project.secrets if one.environment}
    for service in project.services:
        attributes = service.node.entries
        environment = attributes.get("environment")
        for entry in service.environment:
            node = at(environment, entry.name)
            if not isinstance(node, Scalar):
                continue
            if entry.env_file is not None:
                origin = Origin.ENV_FILE
                yield _use(project, service, entry.name, entry.value or "", origin, entry.location)
            elif node.value is None:
                place = entry.location
                made = _use(project, service, entry.name, "", Origin.ENVIRONMENT, place)
                yield made._replace(passed=True)
            else:
                yield from _written(project, service, entry.name, node, entry.location)
        if "build" in attributes:
            yield from _build_arguments(project, service)
        if "labels" in attributes:
            yield from _labels(project, service)
        if any(key in attributes and _refers(attributes[key]) for key in _ELSEWHERE):
            yield from _elsewhere(project, service)
        for grant in service.secrets if secrets else ():
            if grant.source in secrets:
                yield from _of_secret(project, service, secrets[grant.source])


def _of_secret(project: Project, service: Service, secret: FileObject) -> Iterator[ValueUse]:
    """Yield what a secret takes from the environment, unless the shell sets it."""
    name = secret.environment or ""
    known = project.variables_in(secret.location.span.file).get(name)
    path = (*secret.location.path, "environment")
    if known is None:
        place = Location(secret.location.span, path)
        yield _use(project, service, name, "", Origin.UNSET, place)
    elif known.source.startswith("/"):
        line = max(known.line, 1)
        place = Location(Span(known.source, line, 1, line, 1), path)
        yield _use(project, service, name, known.value, Origin.VARIABLE, place)


def _is_one_variable(text: str) -> bool:
    """Tell whether `text` is ``$NAME`` or ``${NAME}``, with a default perhaps, and nothing else."""
    if text[:2] == "${":
        return text[-1] == "}" and "{" not in text[2:-1] and "}" not in text[2:-1]
    return text[:1] == "$" and text[1:].replace("_", "a").isalnum()


def _written(
    project: Project,
    service: Service,
    name: str,
    node: Scalar,
    place: Location,
    *,
    origin: Origin = Origin.ENVIRONMENT,
) -> Iterator[ValueUse]:
    """Yield a value of the Compose file: as it stands, or from what its references make it."""
    if not node.references:
        value = "" if node.value is None else str(node.value)
        yield _use(project, service, name, value, origin, place)
        return
    text = (node.template or "").removeprefix(f"{name}=")
    references = [one for one in node.references if one.is_used]
    # What is passed through, `KEY:`, refers to a variable and has no text of its own.
    single = not text or _is_one_variable(text)
    whole = len(references) == 1 and single
    for reference in references:
        made = _referred(project, service, reference, place.path, name if whole else "")
        if made is not None:
            yield made
    if not whole and node.value is not None and node.value != "":
        yield _use(project, service, name, text, origin, place)


def _referred(
    project: Project, service: Service, reference: Reference, path: YamlPath, key: str = ""
) -> ValueUse | None:
    """Return the value of a reference: from an env file, or its default; None for the shell's.

    `key` is the variable of the container whose whole value it is, or ''.
    """
    variable = project.variables_in(reference.span.file).get(reference.name)
    falls_back = reference.operator in {":-", ":?", ":+"} and variable and not variable.value
    if variable is not None and not falls_back:
        if not variable.source.startswith("/"):
            return None
        line = max(variable.line, 1)
        place = Location(Span(variable.source, line, 1, line, 1), path)
        return _use(project, service, reference.name, variable.value, Origin.VARIABLE, place, key)
    if reference.operator in {":-", "-"} and "$" not in reference.argument:
        place = Location(reference.span, path)
        argument = reference.argument
        return _use(project, service, reference.name, argument, Origin.DEFAULT, place, key)
    if reference.operator in {"", ":?", "?"}:
        place = Location(reference.span, path)
        return _use(project, service, reference.name, "", Origin.UNSET, place, key)
    return None


def _build_arguments(project: Project, service: Service) -> Iterator[ValueUse]:
    arguments = at(service.node, "build", "args")
    for name, node in _pairs(arguments):
        if isinstance(node, Scalar) and node.value is not None:
            path = (*service.location.path, "build", "args", name)
            place = Location(node.span, path)
            yield from _written(project, service, name, node, place, origin=Origin.BUILD_ARGUMENT)


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Mapping):
        yield from node.entries.items()
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar):
                name, sign, value = str(item.value).partition("=")
                if sign:
                    made = Scalar(value, item.span, item.template, item.references)
                    yield name, made


_SUSPECT = regex(r"(?i)change|replace|your|<[a-z]|xxxx|insert|placeholder|todo|fixme")
"""What labels are sifted by, most of which are rules and long."""


def _labels(project: Project, service: Service) -> Iterator[ValueUse]:
    """Yield the literal labels that may hold a placeholder."""
    for name, node in _pairs(service.node.entries.get("labels")):
        if isinstance(node, Scalar) and not node.references and _SUSPECT.search(str(node.value)):
            place = Location(node.span, (*service.location.path, "labels", name))
            yield _use(project, service, name, str(node.value), Origin.LABEL, place)


_ELSEWHERE = ("command", "entrypoint", "healthcheck", "labels", "configs")


def _elsewhere(project: Project, service: Service) -> Iterator[ValueUse]:
    """Yield what references in commands and their like get: `--requirepass ${PASSWORD:-...}`."""
    stack = [
        ((*service.location.path, key), node)
        for key in _ELSEWHERE
        if (node := service.node.entries.get(key)) is not None and _refers(node)
    ]
    while stack:
        path, node = stack.pop()
        if isinstance(node, Mapping):
            stack += [((*path, key), one) for key, one in node.entries.items()]
        elif isinstance(node, Sequence):
            stack += [((*path, index), one) for index, one in enumerate(node.items)]
        else:
            for reference in node.references:
                if reference.is_used:
                    made = _referred(project, service, reference, path)
                    if made is not None:
                        yield made


def _refers(node: Node) -> bool:
    """Tell whether a variable stands anywhere in `node`."""
    if isinstance(node, Scalar):
        return node.references != ()
    for below in node.entries.values() if isinstance(node, Mapping) else node.items:
        # Most are scalars, and every command of a project is looked through.
        if below.references if isinstance(below, Scalar) else _refers(below):
            return True
    return False


def _use(  # noqa: PLR0917 - made for each value of a project
    project: Project,
    service: Service,
    name: str,
    value: str,
    origin: Origin,
    place: Location,
    key: str = "",
) -> ValueUse:
    images = (service.image,) if service.image else ()
    if origin is Origin.ENVIRONMENT or origin is Origin.ENV_FILE:
        key = name
    text = project.sources.get(place.span.file, "")
    return ValueUse(name, value, origin, place, text, ((service.name, key),), images)
