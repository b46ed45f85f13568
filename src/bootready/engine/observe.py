"""The engine's API -> facts, each asked for once; an engine that does not answer is a fact too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from bootready.errors import EngineError
from bootready.model.fact import ContainerFact, EngineFact, ImageFact, NetworkFact, VolumeFact

if TYPE_CHECKING:
    from bootready.engine.api import Api
    from bootready.model.node import Plain

Answer = TypeVar("Answer")

TIMEOUT = 5.0
"""Seconds; a preflight that waits longer for the engine is no preflight."""

_PROJECT = "com.docker.compose.project"


class LocalEngine:
    """The engine that the docker client would talk to; nothing is asked before the first use."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._images: dict[str, ImageFact | None] = {}
        self._files: dict[tuple[str, str], str | None] = {}

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

    @property
    def local(self) -> bool:
        """Whether the engine runs on this machine: behind a socket, or at a loopback address."""
        try:
            address = self._api.address
        except EngineError:
            return True
        return bool(address.path) or address.host in {"localhost", "127.0.0.1", "::1"}

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
        """Return the text of a small file in a local image, read from a container that uses it.

        None where no container of that image exists: making one only to look would be a write.
        """
        key = (image, path)
        if key not in self._files:
            self._files[key] = self._copy(image, path)
        return self._files[key]

    @cached_property
    def _api(self) -> Api:
        from bootready.engine.api import connect  # noqa: PLC0415 - 35 ms that a plain load saves

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
        from bootready.engine.api import integer, items, mapping, text  # noqa: PLC0415 - as above

        found = self._ask("/info")
        plugins = mapping(found, "Plugins")

        def names(kind: str) -> tuple[str, ...]:
            return tuple(str(name) for name in items(plugins, kind))

        options = tuple(str(option) for option in items(found, "SecurityOptions"))
        return EngineFact(
            version=text(found, "ServerVersion"),
            cpus=integer(found, "NCPU"),
            memory=integer(found, "MemTotal"),
            runtimes=tuple(sorted(mapping(found, "Runtimes"))),
            log_drivers=names("Log"),
            volume_drivers=names("Volume"),
            network_drivers=names("Network"),
            swarm=text(found, "Swarm", "LocalNodeState") == "active",
            rootless=any("name=rootless" in option for option in options),
            architecture=text(found, "Architecture"),
        )

    @cached_property
    def _networks(self) -> tuple[NetworkFact, ...]:
        from bootready.engine.api import items, text  # noqa: PLC0415 - as above

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
        from bootready.engine.api import items, mapping, text  # noqa: PLC0415 - as above

        return tuple(
            VolumeFact(
                text(row, "Name"),
                text(row, "Driver"),
                {key: str(value) for key, value in mapping(row, "Options").items()},
                text(row, "Labels", _PROJECT),
            )
            for row in items(self._ask("/volumes"), "Volumes")
        )

    @cached_property
    def _containers(self) -> tuple[ContainerFact, ...]:
        from bootready.engine.api import integer, items, text  # noqa: PLC0415 - as above

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
            )
            for row in items(self._ask("/containers/json", all=True))
        )

    @cached_property
    def _references(self) -> tuple[str, ...]:
        from bootready.engine.api import items  # noqa: PLC0415 - as above

        rows = items(self._ask("/images/json"))
        tags = [str(tag) for row in rows for tag in items(row, "RepoTags")]
        digests = [str(name) for row in rows for name in items(row, "RepoDigests")]
        return tuple(sorted({*tags, *digests} - {"<none>:<none>", "<none>@<none>"}))

    def _inspect(self, image: str) -> ImageFact | None:
        from bootready.engine.api import items, mapping, text  # noqa: PLC0415 - as above

        if not self.reachable:
            return None
        found = self._or_none(lambda: self._ask(f"/images/{quote(image, safe='')}/json"))
        if found is None:
            return None
        healthcheck = items(found, "Config", "Healthcheck", "Test")
        return ImageFact(
            text(found, "Config", "User"),
            tuple(str(word) for word in items(found, "Config", "Entrypoint")),
            tuple(str(word) for word in items(found, "Config", "Cmd")),
            tuple(mapping(found, "Config", "ExposedPorts")),
            bool(healthcheck) and healthcheck != ["NONE"],
            text(found, "Architecture"),
        )

    def _copy(self, image: str, path: str) -> str | None:
        from bootready.engine.api import items, text  # noqa: PLC0415 - as above

        rows = items(self._or_none(lambda: self._ask("/containers/json", all=True)))
        container = next((text(r, "Id") for r in rows if text(r, "Image") == image), "")
        if not container:
            return None
        return self._archive(container, path)

    def _archive(self, container: str, path: str) -> str | None:
        import io  # noqa: PLC0415 - rarely needed
        import tarfile  # noqa: PLC0415 - rarely needed

        raw = self._or_none(lambda: self._api.archive(container, path))
        if raw is None:
            return None
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    return content.read(1_000_000).decode(errors="replace")
        return None

    def _or_none(self, ask: Callable[[], Answer]) -> Answer | None:
        try:
            return ask()
        except EngineError:
            return None
