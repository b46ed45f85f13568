"""The Compose project as checks see it: typed views over the resolved model, with places."""

from __future__ import annotations

from functools import lru_cache

from bootready.model.node import Mapping
from bootready.model.position import Location, Span
from bootready.model.problem import Extension, Problem, Use, Variable
from bootready.typed import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadMapping


class EnvironmentEntry(NamedTuple):
    """One variable of a container; `value` is None when it is taken from the shell and not set
    there.
    """

    name: str
    value: str | None
    location: Location
    env_file: str | None = None
    """The env_file that set it, if it was not written in the Compose file itself."""


class Mount(NamedTuple):
    """One entry of `volumes`, in long syntax; `kind` is bind, volume, tmpfs, npipe, cluster or
    image.
    """

    kind: str
    source: str
    target: str
    read_only: bool
    create_host_path: bool
    location: Location


class Grant(NamedTuple):
    """A secret or config given to a service; `mode` in octal bits, or None."""

    source: str
    target: str
    uid: str | None
    gid: str | None
    mode: int | None
    location: Location


class Port(NamedTuple):
    """One published port; `published` is '' for a random one and may be a range, '8000-8010'."""

    host_ip: str
    published: str
    target: int
    protocol: str
    location: Location


class Attachment(NamedTuple):
    """A network that a service is attached to."""

    network: str
    ipv4_address: str | None
    ipv6_address: str | None
    aliases: tuple[str, ...]
    location: Location


class Dependency(NamedTuple):
    """One entry of `depends_on`."""

    service: str
    condition: str
    required: bool
    location: Location


class Healthcheck(NamedTuple):
    """The healthcheck of a service; durations in seconds, None where the engine's default holds."""

    test: tuple[str, ...]
    interval: float | None
    timeout: float | None
    retries: int | None
    start_period: float | None
    disabled: bool
    location: Location


class Build(NamedTuple):
    """How a service's image is built; `context` is absolute unless it is remote."""

    context: str
    dockerfile: str | None
    inline: bool
    location: Location


class Service(NamedTuple):
    """One service; `node` is its whole resolved definition."""

    name: str
    location: Location
    node: Mapping
    image: str | None
    build: Build | None
    container_name: str | None
    command: tuple[str, ...] | None
    entrypoint: tuple[str, ...] | None
    user: str | None
    group_add: tuple[str, ...]
    network_mode: str | None
    restart: str | None
    profiles: tuple[str, ...]
    environment: tuple[EnvironmentEntry, ...]
    labels: ReadMapping[str, str]
    mounts: tuple[Mount, ...]
    secrets: tuple[Grant, ...]
    configs: tuple[Grant, ...]
    ports: tuple[Port, ...]
    networks: tuple[Attachment, ...]
    depends_on: tuple[Dependency, ...]
    healthcheck: Healthcheck | None


class FileObject(NamedTuple):
    """A top-level secret or config. `file` is absolute; `text` is what the author wrote for it.

    `hints` is its ``x-bootready`` mapping, plain.
    """

    name: str
    location: Location
    node: Mapping
    file: str | None
    file_location: Location | None
    environment: str | None
    external: bool
    hints: ReadMapping[str, object]


class Volume(NamedTuple):
    """A top-level volume; `device` is the absolute directory of a local bind, or None."""

    key: str
    name: str
    location: Location
    node: Mapping
    external: bool
    driver: str | None
    device: str | None
    device_location: Location | None


class Network(NamedTuple):
    """A top-level network; `subnets` as written."""

    key: str
    name: str
    location: Location
    node: Mapping
    external: bool
    driver: str | None
    subnets: tuple[str, ...]
    used: bool
    """Whether a selected service is attached to it."""


class Project(NamedTuple):
    """A resolved Compose project. `services` are the selected ones; `disabled` those of inactive
    profiles.
    """

    name: str
    directory: str
    files: tuple[str, ...]
    """Every Compose file that was read, absolute, in reading order (included and extended ones
    too).
    """
    env_files: tuple[str, ...]
    """The env files that feed interpolation, absolute."""
    model: Mapping
    services: tuple[Service, ...]
    disabled: tuple[str, ...]
    networks: tuple[Network, ...]
    volumes: tuple[Volume, ...]
    secrets: tuple[FileObject, ...]
    configs: tuple[FileObject, ...]
    variables: ReadMapping[str, Variable]
    uses: tuple[Use, ...]
    problems: tuple[Problem, ...]
    sources: ReadMapping[str, str]
    """The text of every file read, by absolute path."""
    warnings: tuple[Problem, ...] = ()
    """What Compose prints as a warning and goes on (unset variables are in `uses`)."""
    profiles: tuple[str, ...] = ()
    refused_by_v2: tuple[Problem, ...] = ()
    """Why Compose v2.40.3 refuses this project where v5.6.1 does not: definitions of included files
    that v5 merges (``include-conflict``), services that extend an included one
    (``extends-included``), entries that two files both have (``repeated-in-v2``), and attributes
    that v2 does not know (``unknown-to-v2``).
    """

    included_variables: ReadMapping[str, ReadMapping[str, Variable]] = {}
    """What interpolation sees in the files of includes, by the path of the file."""
    extensions: tuple[Extension, ...] = ()
    """Every `extends` that was carried out, also those of bases."""
    absent_files: tuple[str, ...] = ()
    """The env files of services that need not exist, and do not; absolute."""

    def variables_in(self, file: str) -> ReadMapping[str, Variable]:
        """Return what interpolation sees in one Compose file: an included one has its own."""
        return self.included_variables.get(file, self.variables)

    def service(self, name: str) -> Service | None:
        """Return the selected service of that name, or None."""
        return _index(Same(self.services)).services.get(name)

    def users_of_secret(self, name: str) -> tuple[tuple[Service, Grant], ...]:
        """Return the services that are granted secret `name`, with their grants."""
        return tuple(_index(Same(self.services)).secrets.get(name, ()))


class Same:
    """A value that equals itself only, so that what is made of it can be kept by ``lru_cache``."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value: Any = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value


class _Index(NamedTuple):
    """Services by name, and those that are granted a secret by its name: asked for each of many."""

    services: dict[str, Service]
    secrets: dict[str, list[tuple[Service, Grant]]]


@lru_cache(maxsize=2)
def _index(services: Same) -> _Index:
    made = _Index({}, {})
    for service in services.value:
        made.services.setdefault(service.name, service)
        for grant in service.secrets:
            made.secrets.setdefault(grant.source, []).append((service, grant))
    return made


def start_of(span: Span) -> tuple[str, int, int]:
    """Return the sort key of a place: file, line, column."""
    return span.file, span.line, span.column
