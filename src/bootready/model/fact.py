"""What is known of the machine and of the engine: plain facts, read by `host` and `engine`."""

from __future__ import annotations

from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class FileFact(NamedTuple):
    """What is known of one path; `kind` is file, directory, socket, device, other, or unseen where
    nobody may look; `mode` in octal bits, `modified` in seconds since the epoch.
    """

    kind: str
    uid: int
    gid: int
    mode: int
    size: int
    modified: float = 0.0

    def may_be(self, kind: str) -> bool:
        """Tell whether it is of this kind, as far as is known."""
        return self.kind in {kind, "unseen"}


class MountFact(NamedTuple):
    """A mount of this machine; `shared` and `slave` say how it passes mounts on and takes them
    over (mount_namespaces(7)). One that is neither is private.
    """

    point: str
    shared: bool = False
    slave: bool = False


class Listener(NamedTuple):
    """A process that listens on a port of the host; `process` is '' and `pid` 0 when it cannot be
    seen.
    """

    address: str
    port: int
    protocol: str
    process: str
    pid: int


class CertificateFact(NamedTuple):
    """What one X.509 certificate says. Times in seconds since the epoch.

    `names` are its DNS names and addresses; `fingerprint` is that of its public key, as hex.
    `usages` are those of ``server`` and ``client`` that it may be used as, both where it does not
    say. `permitted` are the names and networks that an authority is limited to, () for none.
    """

    names: tuple[str, ...]
    not_before: float
    not_after: float
    subject: str
    issuer: str
    fingerprint: str
    authority: bool
    usages: tuple[str, ...] = ("server", "client")
    permitted: tuple[str, ...] = ()


class NetworkFact(NamedTuple):
    """A network of the engine; `project` is the Compose project that made it, or ''."""

    name: str
    driver: str
    subnets: tuple[str, ...]
    project: str = ""
    key: str = ""


class VolumeFact(NamedTuple):
    """A volume of the engine; `project` is the Compose project that made it, or ''.

    `key` is its name in that project's `volumes`.
    """

    name: str
    driver: str
    options: Mapping[str, str]
    project: str = ""
    key: str = ""
    created: float = 0.0
    """When the engine made it, in seconds since the epoch; 0.0 where it does not say."""


class ContainerFact(NamedTuple):
    """A container of the engine, running or not; `ports` are (address, port, protocol)."""

    name: str
    project: str
    service: str
    state: str
    ports: tuple[tuple[str, int, str], ...] = ()
    directory: str = ""
    """The project directory that Compose made it from, or ''."""
    created: float = 0.0
    """When the engine made it, in seconds since the epoch; 0.0 where it does not say."""


class ImageFact(NamedTuple):
    """A local image; `user` is '' for root; `healthcheck` tells whether it has one of its own."""

    user: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    exposed: tuple[str, ...]
    healthcheck: bool
    architecture: str = ""
    environment: Mapping[str, str] = {}
    working_directory: str = ""
    volumes: tuple[str, ...] = ()
    system: str = "linux"
    shell: tuple[str, ...] = ()
    """What runs `CMD-SHELL` in place of `/bin/sh`, if the image says so."""
    size: int = 0
    """Bytes that its layers take on the engine's disk, those of other images too; 0 if unknown."""


class Layer(NamedTuple):
    """A layer that a registry has; `size` in bytes as it is sent, `diff` the digest unpacked."""

    digest: str
    size: int
    diff: str = ""


class RegistryFact(NamedTuple):
    """What a registry answered about an image for one platform.

    `state` is ``found``, ``no tag``, ``no repository``, ``absent`` (which of both is not said),
    ``refused`` (a login is missing or was not taken), ``no platform``, ``foreign`` (it is there for
    one platform only, which is another), ``limited`` (the rate limit is used up), or ``silent``: no
    answer, or none that has any sense.
    """

    host: str
    """Where it was asked, such as ``registry-1.docker.io``."""
    state: str
    said: str = ""
    """Why it was not found, in its own words or ours."""
    digest: str = ""
    """Of what the reference names: an index, or the manifest of one platform."""
    platforms: tuple[str, ...] = ()
    """Those that are offered, as ``linux/arm64/v8``; () where that is not known."""
    layers: tuple[Layer, ...] = ()
    config: ImageFact | None = None
    login: str = ""
    """Where the login comes from that was sent: ``config.json`` or a helper's name; '' for none."""
    remaining: int | None = None
    """Pulls that the rate limit leaves, where the registry says so."""

    @property
    def size(self) -> int:
        """The bytes of all its layers as they are sent."""
        return sum(layer.size for layer in self.layers)


class EngineKind(NamedTuple):
    """What an engine is; `name` is ``docker`` or ``podman``, by the components of its version."""

    name: str = "docker"
    cgroups: str = ""
    """How it limits resources: the version of cgroups, ``1`` or ``2``; '' if it does not say."""
    cgroup_driver: str = ""
    """What makes its cgroups: ``systemd``, ``cgroupfs``, or ``none`` where nothing is limited."""
    selinux: bool = False
    """Whether SELinux labels its containers."""

    @property
    def is_podman(self) -> bool:
        """Whether it is Podman, which runs projects by the API of Docker."""
        return self.name == "podman"


class EngineFact(NamedTuple):
    """What the engine says of itself; `memory` in bytes."""

    version: str
    cpus: int
    memory: int
    runtimes: tuple[str, ...]
    log_drivers: tuple[str, ...]
    volume_drivers: tuple[str, ...]
    network_drivers: tuple[str, ...]
    swarm: bool
    rootless: bool
    log_driver: str = ""
    """What a service that names no logging driver gets."""
    architecture: str = ""
    root: str = ""
    """The directory in which it keeps images and volumes."""
    mirrors: tuple[str, ...] = ()
    """URLs of the mirrors of Docker Hub that it asks first."""
    insecure: tuple[str, ...] = ()
    """Registries that it asks without verified TLS: hosts, and networks as CIDR."""
    proxies: Mapping[str, str] = {}
    """What it asks registries through: ``http``, ``https`` and, for those it does not, ``no``."""
    storage_driver: str = ""
    backing_filesystem: str = ""
    """What the storage driver keeps its layers on, such as 'extfs' or 'xfs'."""
    address_pools: tuple[str, ...] = ()
    """What it chooses subnets from, as CIDR; () for its own defaults."""
    lacks: tuple[str, ...] = ()
    """Capabilities that its own process can never get, by their names without ``CAP_``."""
    limits: Mapping[str, int] = {}
    """The hard limits above which it can set none, by the names of `ulimits`; {} if it can."""
    pool_sizes: tuple[int, ...] = ()
    """The prefix lengths of the subnets that it cuts from each of them."""
    kind: EngineKind = EngineKind()
