"""A project -> the attributes in it that Compose or the engine know from some version on."""

from __future__ import annotations

from bootready.model.lookup import at, span_of
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location
from bootready.model.project import Project
from bootready.typed import Iterator, NamedTuple

Version = tuple[int, ...]
_DIGITS = "0123456789"


class Feature(NamedTuple):
    """An attribute and the first version that knows it.

    `path` starts at a service, or at the top with ``/``; ``*`` is any key or index, ``key=value``
    one scalar. `refused` tells who refuses it where it is too new: always, only Compose 2, or
    nobody.
    """

    path: tuple[str, ...]
    since: Version
    refused: str = "always"

    @property
    def name(self) -> str:
        """What a person would call it."""
        return ".".join(part for part in self.path if part not in {"*", "/"})


class FeatureUse(NamedTuple):
    """One place where a project uses a feature; `service` is '' at the top."""

    feature: Feature
    service: str
    place: Location


ENGINE_FEATURES = (
    # Asked on engine 20.10 with Compose v5.6.1 and v2.40.3.
    Feature(("networks", "*", "interface_name"), (28, 1)),
    Feature(("volumes", "*", "type=image"), (28, 0)),
    Feature(("healthcheck", "start_interval"), (25, 0), "compose 2"),
    Feature(("networks", "*", "mac_address"), (25, 0), "compose 2"),
    Feature(("volumes", "*", "bind", "recursive"), (25, 0), "compose 2"),
    Feature(("volumes", "*", "volume", "subpath"), (26, 0), "nobody"),
    Feature(("networks", "*", "gw_priority"), (28, 0), "nobody"),
)

COMPOSE_FEATURES = (
    # As the reference of the Compose file says ("Requires: Docker Compose 2.24.0 and later").
    Feature(("/", "include"), (2, 20, 0)),
    Feature(("/", "models"), (2, 38, 0)),
    Feature(("/", "configs", "*", "content"), (2, 23, 1)),
    Feature(("attach",), (2, 20, 0)),
    Feature(("build", "additional_contexts"), (2, 17, 0)),
    Feature(("build", "dockerfile_inline"), (2, 17, 0)),
    Feature(("build", "entitlements"), (2, 27, 1)),
    Feature(("build", "provenance"), (2, 39, 0)),
    Feature(("build", "sbom"), (2, 39, 0)),
    Feature(("depends_on", "*", "restart"), (2, 17, 0)),
    Feature(("develop",), (2, 22, 0)),
    Feature(("env_file", "*", "required"), (2, 24, 0)),
    Feature(("env_file", "*", "format"), (2, 30, 0)),
    Feature(("gpus",), (2, 30, 0)),
    Feature(("healthcheck", "start_interval"), (2, 20, 2)),
    Feature(("label_file",), (2, 32, 2)),
    Feature(("models",), (2, 38, 0)),
    Feature(("networks", "*", "gw_priority"), (2, 33, 1)),
    Feature(("networks", "*", "interface_name"), (2, 36, 0)),
    Feature(("post_start",), (2, 30, 0)),
    Feature(("pre_start",), (5, 0, 0)),
    Feature(("pre_stop",), (2, 30, 0)),
    Feature(("provider",), (2, 36, 0)),
)


def uses_of(project: Project, features: tuple[Feature, ...]) -> Iterator[FeatureUse]:
    """Yield the first use of each feature in each service, and at the top."""
    written = [one for one in features if _is_written(one, project)]
    top = [feature for feature in written if feature.path[0] == "/"]
    below = [feature for feature in written if feature.path[0] != "/"]
    for feature in top:
        found = next(_walk(project.model, feature.path[1:], ()), None)
        if found:
            span = span_of(project.model, *found) or project.model.span
            yield FeatureUse(feature, "", Location(span, found))
    for service in project.services:
        entries = service.node.entries
        for feature in below:
            if feature.path[0] in entries:
                found = next(_walk(service.node, feature.path, ()), None)
                if found:
                    span = span_of(service.node, *found) or service.location.span
                    path = (*service.location.path, *found)
                    yield FeatureUse(feature, service.name, Location(span, path))


def _is_written(feature: Feature, project: Project) -> bool:
    """Tell whether all words of an attribute stand in the files; those of most do not."""
    words = [word for part in feature.path for word in part.split("=") if word not in {"*", "/"}]
    texts = project.sources.values()
    return all(any(word in text for text in texts) for word in reversed(words))


def version_of(text: str) -> Version:
    """Return the numbers of ``28.5.1-rc1``, () where there are none."""
    numbers: list[int] = []
    for part in text.removeprefix("v").split("."):
        digits = part[: len(part) - len(part.lstrip(_DIGITS))]
        if digits:
            numbers.append(int(digits))
        if digits != part or not part:
            break
    return tuple(numbers)


def _walk(
    node: Node | None, path: tuple[str, ...], done: tuple[str | int, ...]
) -> Iterator[tuple[str | int, ...]]:
    if not path:
        if not (isinstance(node, Scalar) and node.value is None):
            yield done
        return
    head, rest = path[0], path[1:]
    if head == "*":
        if isinstance(node, Mapping):
            for key, item in node.entries.items():
                yield from _walk(item, rest, (*done, key))
        elif isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                yield from _walk(item, rest, (*done, number))
    elif "=" in head:
        key, _, value = head.partition("=")
        found = at(node, key)
        if isinstance(found, Scalar) and found.value == value:
            yield (*done, key)
    elif isinstance(node, Mapping) and head in node.entries:
        yield from _walk(node.entries[head], rest, (*done, head))
