"""The engine's API -> facts, each asked for once; an engine that does not answer is a fact too."""

from __future__ import annotations

from functools import cached_property

from bootready.engine.http import quoted
from bootready.errors import EngineError
from bootready.model.fact import (
    ContainerFact,
    EngineFact,
    FileFact,
    ImageFact,
    NetworkFact,
    VolumeFact,
)
from bootready.typed import TYPE_CHECKING, Callable, Mapping, Sequence, TypeVar

if TYPE_CHECKING:
    from bootready.engine.api import Api
    from bootready.engine.image_tree import Tree
    from bootready.model.node import Plain

Answer = TypeVar("Answer")

TIMEOUT = 5.0
"""Seconds; a preflight that waits longer for the engine is no preflight."""

_MOST_IMAGES = 500
"""So many local images are inspected for the layers that are here already."""

_AHEAD = (
    "/info",
    "/_ping",
    "/networks",
    "/volumes",
    "/images/json",
    "/containers/json?all=true",
)
"""What nearly every check asks, the slowest first."""

_OTHERWISE = ("docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/", "sha256")
"""How names of images begin that the engine writes in another way."""

_PROJECT = "com.docker.compose.project"
"""As `PROJECT_LABEL` in `engine/container.py`, which a `check` would import for this alone."""


class LocalEngine:
    """The engine that the docker client would talk to; nothing is asked before the first use."""

    asked = True

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._images: dict[str, ImageFact | None] = {}
        self._files: dict[tuple[str, str], str | None] = {}
        self._trees: dict[str, Tree | None] = {}

    def ask_ahead(self) -> None:
        """Send the usual questions, to be answered while files are read; waits for nothing."""
        try:
            self._api.ask_ahead(*_AHEAD)
        except EngineError:
            return  # an address that is none: whoever asks in its turn says so

    def let_go(self) -> None:
        """Close the connections on which answers were not read."""
        try:
            self._api.let_go()
        except EngineError:
            return

    @property
    def reachable(self) -> bool:
        """Whether the engine answered."""
        return self._failure is None

    @property
    def unreachable_reason(self) -> str:
        """Why it did not, in words, or ''."""
        return self._failure.message if self._failure else ""

    @property
    def hint(self) -> str:
        """What to do about it, or ''."""
        return self._failure.hint if self._failure else ""

    @cached_property
    def local(self) -> bool:
        """Whether the engine runs on this machine: behind a socket, or at a loopback address."""
        try:
            return not self._api.address.is_elsewhere
        except EngineError:
            return True

    @property
    def version(self) -> str:
        """The engine's version, such as '28.5.1', or ''."""
        return self.info().version if self.reachable else ""

    def info(self) -> EngineFact:
        """Return what the engine says of itself."""
        return self._info

    def networks(self) -> Sequence[str]:
        """Return the names of the networks that exist."""
        return tuple(fact.name for fact in self._networks)

    def network_facts(self) -> Sequence[NetworkFact]:
        """Return the networks that exist."""
        return self._networks

    def volumes(self) -> Sequence[str]:
        """Return the names of the volumes that exist."""
        return tuple(fact.name for fact in self._volumes)

    def volume_facts(self) -> Sequence[VolumeFact]:
        """Return the volumes that exist."""
        return self._volumes

    def containers(self) -> Sequence[ContainerFact]:
        """Return the containers that exist, running or not."""
        return self._containers

    def container_environment(self, name: str) -> Mapping[str, str]:
        """Return the variables that a container was given, {} where it is gone."""
        from bootready.engine.api import items

        found = self._or_none(lambda: self._ask(f"/containers/{quoted(name)}/json"))
        pairs = [str(one).partition("=") for one in items(found, "Config", "Env")]
        return {variable: value for variable, _, value in pairs}

    def images(self) -> Sequence[str]:
        """Return the references of the local images."""
        return self._references

    def image(self, image: str) -> ImageFact | None:
        """Return what is known of a local image, or None when it is not here."""
        if image not in self._images:
            self._images[image] = self._inspect(image)
        return self._images[image]

    def image_user(self, image: str) -> str | None:
        """Return the user that a local image runs as ('' is root), or None when not here."""
        fact = self.image(image)
        return fact.user if fact else None

    def image_file(self, image: str, path: str) -> str | None:
        """Return the text of a small file in a local image, or in a container that uses it.

        None where neither can be read: making a container only to look would be a write.
        """
        key = (image, path)
        if key not in self._files:
            self._files[key] = self._read(image, path)
        return self._files[key]

    def layers(self) -> Sequence[tuple[str, ...]]:
        """Return, for each local image, the digests of its unpacked layers from the lowest up."""
        return self._layers

    def sees_into(self, image: str) -> bool:
        """Tell whether the files of a local image can be looked at without making a container."""
        return self._tree(image) is not None

    def image_path(self, image: str, path: str) -> FileFact | None:
        """Return what lies at `path` in a local image, links followed, or None."""
        from bootready.engine.image_tree import find

        tree = self._tree(image)
        found = find(tree, path) if tree else None
        return found[1] if found else None

    def compose_version(self) -> str:
        """Return the version of the Compose that docker runs, or ''. Starts it once."""
        return self._compose_version

    def buildx_version(self) -> str:
        """Return the version of the docker client's plugin buildx, or ''. Starts it once."""
        return self._buildx_version

    @cached_property
    def _api(self) -> Api:
        from bootready.engine.api import connect

        return connect(self._environ, TIMEOUT)

    @cached_property
    def _failure(self) -> EngineError | None:
        try:
            self._api.ping()
        except EngineError as error:
            return error
        return None

    def _ask(self, path: str, **query: Plain) -> Plain:
        return self._api.get(path, **query)

    @cached_property
    def _info(self) -> EngineFact:
        from bootready.engine.api import mapping
        from bootready.engine.info import engine_fact, is_rootless

        found = self._ask("/info")
        lacks = self._lacks()
        limits = self._limits() if is_rootless(found) or "SYS_RESOURCE" in lacks else {}
        return engine_fact(found, self._kind(mapping(found)), lacks, limits)

    def _kind(self, info: Mapping[str, Plain]) -> str:
        """Return what the engine is; Podman alone says who builds its images."""
        from bootready.engine.api import items, text

        if "BuildahVersion" not in info:
            return "docker"
        parts = items(self._or_none(lambda: self._ask("/version")), "Components")
        is_podman = any(text(part, "Name") == "Podman Engine" for part in parts)
        return "podman" if is_podman else "docker"

    def _lacks(self) -> tuple[str, ...]:
        from bootready.engine.capabilities import capabilities_out_of_reach

        path = self._api.address.path
        return capabilities_out_of_reach(path) if path and self.local else ()

    def _limits(self) -> Mapping[str, int]:
        from bootready.engine.capabilities import hard_limits

        path = self._api.address.path
        return hard_limits(path) if path and self.local else {}

    @cached_property
    def _networks(self) -> tuple[NetworkFact, ...]:
        from bootready.engine.api import items, text

        return tuple(
            NetworkFact(
                text(row, "Name"),
                text(row, "Driver"),
                tuple(text(c, "Subnet") for c in items(row, "IPAM", "Config") if text(c, "Subnet")),
                text(row, "Labels", _PROJECT),
                text(row, "Labels", "com.docker.compose.network"),
            )
            for row in items(self._ask("/networks"))
        )

    @cached_property
    def _volumes(self) -> tuple[VolumeFact, ...]:
        from bootready.engine.volumes import volume_facts

        return volume_facts(self._api)

    @cached_property
    def _containers(self) -> tuple[ContainerFact, ...]:
        from bootready.engine.api import integer, items, text

        return tuple(
            ContainerFact(
                text(row, "Names", 0).removeprefix("/"),
                text(row, "Labels", _PROJECT),
                text(row, "Labels", "com.docker.compose.service"),
                text(row, "State"),
                tuple(
                    (text(port, "IP"), integer(port, "PublicPort"), text(port, "Type"))
                    for port in items(row, "Ports")
                    if integer(port, "PublicPort")
                ),
                text(row, "Labels", "com.docker.compose.project.working_dir"),
                float(integer(row, "Created")),
            )
            for row in items(self._ask("/containers/json", all=True))
        )

    @cached_property
    def _references(self) -> tuple[str, ...]:
        from bootready.engine.api import items

        rows = items(self._ask("/images/json"))
        tags = [str(tag) for row in rows for tag in items(row, "RepoTags")]
        digests = [str(name) for row in rows for name in items(row, "RepoDigests")]
        return tuple(sorted({*tags, *digests} - {"<none>:<none>", "<none>@<none>"}))

    @cached_property
    def _layers(self) -> tuple[tuple[str, ...], ...]:
        from bootready.engine.api import items, text

        names = [text(row, "Id") for row in items(self._ask("/images/json"))]

        def inspected(name: str) -> Plain:
            return self._or_none(lambda: self._ask(f"/images/{quoted(name)}/json"))

        found = [inspected(name) for name in names[:_MOST_IMAGES]]
        return tuple(tuple(str(one) for one in items(row, "RootFS", "Layers")) for row in found)

    def _inspect(self, image: str) -> ImageFact | None:
        if not self.reachable or self._is_absent(image):
            return None
        from bootready.engine.api import integer, mapping, text
        from bootready.engine.image_config import image_fact

        found = self._or_none(lambda: self._ask(f"/images/{quoted(image)}/json"))
        if found is None:
            return None
        config = mapping(found, "Config")
        fact = image_fact(config, text(found, "Architecture"), text(found, "Os"))
        return fact._replace(size=integer(found, "Size"))

    def _is_absent(self, image: str) -> bool:
        """Tell whether a local image is surely none of the list, which is asked for once.

        Only of a name with a tag, as the engine writes it: it finds others in more than one way.
        """
        name, colon, tag = image.rpartition(":")
        if not colon or "/" in tag or "@" in image or name.startswith(_OTHERWISE):
            return False
        known = self._or_none(lambda: self._names)
        return known is not None and image not in known

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self._references)

    @cached_property
    def _compose_version(self) -> str:
        from bootready.engine.compose import find_compose

        try:
            return find_compose(self._environ).version
        except EngineError:
            return ""

    @cached_property
    def _buildx_version(self) -> str:
        from bootready.engine.compose import version_of_plugin

        return version_of_plugin("buildx", self._environ)

    def _tree(self, image: str) -> Tree | None:
        if image not in self._trees:
            self._trees[image] = self._grow(image)
        return self._trees[image]

    def _grow(self, image: str) -> Tree | None:
        from bootready.engine import image_tree
        from bootready.engine.api import integer, mapping

        path = f"/images/{quoted(image)}"
        found = self._or_none(lambda: self._ask(f"{path}/json"))
        driver = {k: str(v) for k, v in mapping(found, "GraphDriver", "Data").items()}
        layers = image_tree.layers_on_disk(driver) if self.local else ()
        if layers:
            return image_tree.LayerTree(layers)
        if found is None or not 0 < integer(found, "Size") <= image_tree.ARCHIVE_LIMIT:
            return None
        raw = self._or_none(lambda: self._api.download(f"{path}/get"))
        return image_tree.ArchiveTree(raw) if raw else None

    def _read(self, image: str, path: str) -> str | None:
        from bootready.engine.image_tree import find

        tree = self._tree(image)
        if tree is None:
            return self._copy(image, path)
        found = find(tree, path)
        content = tree.content(found[0], 1_000_000) if found else None
        return None if content is None else content.decode(errors="replace")

    def _copy(self, image: str, path: str) -> str | None:
        from bootready.engine.api import items, text

        rows = items(self._or_none(lambda: self._ask("/containers/json", all=True)))
        container = next((text(r, "Id") for r in rows if text(r, "Image") == image), "")
        if not container:
            return None
        return self._archive(container, path)

    def _archive(self, container: str, path: str) -> str | None:
        import io
        import tarfile

        raw = self._or_none(lambda: self._api.archive(container, path))
        if raw is None:
            return None
        try:
            with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
                for member in archive:
                    content = archive.extractfile(member) if member.isfile() else None
                    if content is not None:
                        return content.read(1_000_000).decode(errors="replace")
        except tarfile.TarError:
            return None
        return None

    def _or_none(self, ask: Callable[[], Answer]) -> Answer | None:
        try:
            return ask()
        except EngineError:
            return None
