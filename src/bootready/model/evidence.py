"""What a check may ask about the machine and the engine: the shape of the evidence.

Types only: nothing imports this while bootready runs, as making protocols takes time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.model.fact import (
    CertificateFact,
    ContainerFact,
    EngineFact,
    FileFact,
    ImageFact,
    Listener,
    MountFact,
    NetworkFact,
    RegistryFact,
    VolumeFact,
)
from bootready.typed import Protocol


class Host(Protocol):
    """Facts about the machine that the project would boot on. Read-only; paths are absolute."""

    def file(self, path: str) -> FileFact | None:
        """Return what is at `path`, symlinks followed, or None."""

    def readable_by(self, path: str, uid: int, gids: Sequence[int]) -> bool:
        """Tell whether a process of that user and those groups can read `path` (mode bits and
        ACL).
        """

    def writable_by(self, path: str, uid: int, gids: Sequence[int]) -> bool:
        """Tell whether a process of that user and those groups can write to `path`."""

    def entries(self, path: str) -> Sequence[str]:
        """Return the names in the directory `path`, sorted; none where it cannot be read."""

    def leaves_repository(self, path: str) -> bool:
        """Tell whether a symbolic link leads from `path` out of the repository that it is in."""

    def read_text(self, path: str, limit: int = 1_000_000) -> str | None:
        """Return the text of a small file, or None where it cannot be read."""

    def read_bytes(self, path: str, limit: int = 1_000_000) -> bytes | None:
        """Return the bytes of a small file, or None where it cannot be read."""

    def certificate(self, path: str) -> CertificateFact | None:
        """Return what the PEM certificate at `path` says, or None where it is none."""

    def key_fingerprint(self, path: str) -> str | None:
        """Return the fingerprint of the public half of the PEM private key at `path`, or None."""

    def signed_by(self, path: str, authority: str) -> bool:
        """Tell whether the certificate at `path` was signed by the one at `authority`."""

    def listeners(self, port: int) -> Sequence[Listener]:
        """Return every TCP and UDP listener of this machine on `port`."""

    def addresses(self) -> Sequence[str]:
        """Return the IP addresses of this machine's interfaces."""

    def routes(self) -> Sequence[str]:
        """Return the destinations of the routes that no engine made, as CIDR; no default route."""

    def kernel_setting(self, name: str) -> str | None:
        """Return the value of a sysctl such as ``vm.max_map_count``, or None."""

    def processor_features(self) -> frozenset[str]:
        """Return the instruction sets of this machine's x86 processor, by their names in
        ``/proc/cpuinfo`` such as ``avx``; none where they cannot be known.
        """

    def mount(self, path: str) -> MountFact | None:
        """Return the mount that holds `path`, symlinks followed; None where none can be read."""

    def free_space(self, path: str) -> int | None:
        """Return the bytes that an ordinary user may still write at `path`, or None."""

    def has_program(self, name: str) -> bool:
        """Tell whether the `PATH` has an executable `name`, or a path is one."""

    def has_docker_plugin(self, name: str) -> bool:
        """Tell whether the docker client has a plugin ``docker-<name>``."""

    def docker_configuration(self) -> str | None:
        """Return the text of the docker client's own ``config.json``, or None."""

    def user(self) -> tuple[int, int]:
        """Return uid and gid of the person who runs us."""

    def tracked_by_git(self, path: str) -> bool | None:
        """Tell whether git tracks `path`; None where there is no repository."""

    def ignored_by_git(self, path: str) -> bool | None:
        """Tell whether git ignores `path`; None where there is no repository."""

    def state_directory(self, directory: str) -> str:
        """Return where bootready keeps what it knows of the project in `directory`, or '' if there
        is nothing that can be believed.
        """

    def now(self) -> float:
        """Return the time in seconds since the epoch."""


class Engine(Protocol):
    """Facts about the Docker Engine, each read once, when it is first asked for."""

    @property
    def asked(self) -> bool:
        """Whether the engine may be asked at all: not with `--engine none`."""

    @property
    def reachable(self) -> bool:
        """Whether the engine answered."""

    @property
    def unreachable_reason(self) -> str:
        """Why it did not, in words, or ''."""

    @property
    def hint(self) -> str:
        """What to do about it, or ''."""

    @property
    def local(self) -> bool:
        """Whether the engine runs on this machine."""

    @property
    def version(self) -> str:
        """The engine's version, such as '28.5.1', or ''."""

    def info(self) -> EngineFact:
        """Return what the engine says of itself."""

    def networks(self) -> Sequence[str]:
        """Return the names of the networks that exist."""

    def network_facts(self) -> Sequence[NetworkFact]:
        """Return the networks that exist."""

    def volumes(self) -> Sequence[str]:
        """Return the names of the volumes that exist."""

    def volume_facts(self) -> Sequence[VolumeFact]:
        """Return the volumes that exist."""

    def containers(self) -> Sequence[ContainerFact]:
        """Return the containers that exist, running or not."""

    def container_environment(self, name: str) -> Mapping[str, str]:
        """Return the variables that a container was given, {} where it is gone."""

    def images(self) -> Sequence[str]:
        """Return the references of the local images."""

    def image(self, image: str) -> ImageFact | None:
        """Return what is known of a local image, or None when it is not here."""

    def image_user(self, image: str) -> str | None:
        """Return the user that a local image runs as ('' is root), or None when the image is not
        here.
        """

    def image_file(self, image: str, path: str) -> str | None:
        """Return the text of a small file in a local image, or None where there is none."""

    def layers(self) -> Sequence[tuple[str, ...]]:
        """Return, for each local image, the digests of its unpacked layers from the lowest up."""

    def sees_into(self, image: str) -> bool:
        """Tell whether the files of a local image can be looked at without making a container."""

    def image_path(self, image: str, path: str) -> FileFact | None:
        """Return what lies at `path` in a local image, links followed, or None. Asks only where
        `sees_into` holds.
        """

    def compose_version(self) -> str:
        """Return the version of the Compose that docker runs, such as '2.40.3', or ''."""

    def buildx_version(self) -> str:
        """Return the version of the plugin that builds, such as '0.17.1', or ''."""


class Registry(Protocol):
    """Facts about images in registries, which are asked only if the person wishes it."""

    @property
    def asked(self) -> bool:
        """Whether registries may be asked at all: only with `--registry`."""

    def image(self, image: str, platform: str = "") -> RegistryFact | None:
        """Return what its registry says of an image for a platform, '' for that of the engine.

        None where nobody asked: without `--registry`, of an image that is not pulled, or of a
        name that is no reference.
        """
