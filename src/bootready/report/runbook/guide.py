"""What a person needs to boot a project from a fresh clone: plain rows, ready to be written down.

Nothing in here depends on the machine or on the values in somebody's `.env`: it is the same in
every clone.
"""

from __future__ import annotations

from bootready.typed import NamedTuple


class Prerequisites(NamedTuple):
    """What the machine must have; `memory` in bytes is the sum of the limits, 0 without any."""

    compose: str
    """The oldest Docker Compose that knows what the files use."""
    compose_reason: str
    """The attribute or element that asks for it, '' where any version does."""
    engine: str
    """The oldest Docker Engine that can do what the files ask for, '' where any can."""
    engine_reason: str
    services: int
    memory: int
    unlimited: int
    """How many services have no memory limit."""
    ports: tuple[str, ...]
    """Host ports that must be free, ``address:port/protocol``."""
    images: tuple[str, ...]
    builds: tuple[str, ...]
    """The services whose image is built here."""


class VariableRow(NamedTuple):
    """One variable of the Compose files; `default` is None where there is none to show."""

    name: str
    comment: str
    default: str | None
    required: bool
    secret: bool
    used_by: tuple[str, ...]


class ReaderRow(NamedTuple):
    """Who reads a secret: a service and its user; `uid` None where its image decides."""

    service: str
    uid: int | None
    gids: tuple[int, ...]


class SecretRow(NamedTuple):
    """One secret; `source` is its file, its variable or '' for an external one."""

    name: str
    source: str
    origin: str
    """``file``, ``environment`` or ``external``."""
    kind: str
    readers: tuple[ReaderRow, ...]


class CertificateRow(NamedTuple):
    """A directory with rootCA.pem, cert.pem and key.pem."""

    directory: str
    names: tuple[str, ...]
    services: tuple[str, ...]


class DirectoryRow(NamedTuple):
    """A host path that no clone has; `owner` is ``uid:gid``, or '' where any will do."""

    path: str
    owner: str
    mounts: tuple[tuple[str, str, bool], ...]
    """Service, target, whether read-only."""
    machine: bool
    """Whether it is the machine's own (a socket, a device, a system directory)."""
    file: bool = False
    """Whether its name is that of a file, which nobody can make up."""


class NetworkRow(NamedTuple):
    """An external network, and the services for which it has to be there."""

    name: str
    used_by: tuple[str, ...]


class VolumeRow(NamedTuple):
    """A named volume: data that `down` keeps and `down -v` removes, unless it is external."""

    name: str
    external: bool
    used_by: tuple[str, ...]


class EndpointRow(NamedTuple):
    """A published port, as ``address:port``; `target` is the port in the container."""

    service: str
    address: str
    target: str


class SmokeRow(NamedTuple):
    """A question that shows that the stack works; `how` is a command, '' where bootready asks."""

    service: str
    name: str
    question: str
    how: str
    expected: str


class FailureRow(NamedTuple):
    """A check of the catalogue that has something to look at in this project."""

    check_id: str
    severity: str
    summary: str
    consequence: str
    remedy: str


class Guide(NamedTuple):
    """Everything of one project."""

    name: str
    prerequisites: Prerequisites
    template: str
    """The example of the `.env` file, '' where the project has none."""
    variables: tuple[VariableRow, ...]
    secrets: tuple[SecretRow, ...]
    certificates: tuple[CertificateRow, ...]
    directories: tuple[DirectoryRow, ...]
    networks: tuple[NetworkRow, ...]
    volumes: tuple[VolumeRow, ...]
    endpoints: tuple[EndpointRow, ...]
    smoke: tuple[SmokeRow, ...]
    failures: tuple[FailureRow, ...]
    disabled: tuple[str, ...]
