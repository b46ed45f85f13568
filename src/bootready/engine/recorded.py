"""The table `engine` of a `host.toml` -> the same engine on every machine."""

from __future__ import annotations

from bootready.model.fact import (
    ContainerFact,
    EngineFact,
    EngineKind,
    FileFact,
    ImageFact,
    NetworkFact,
    VolumeFact,
)
from bootready.typed import Mapping, Sequence, cast

Table = Mapping[str, object]

DRIVERS = ("awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local")
NETWORK_DRIVERS = ("bridge", "host", "ipvlan", "macvlan", "null", "overlay")


class RecordedEngine:
    """An engine that was written down. Without a table it is one that was not asked."""

    def __init__(self, facts: Table | None = None, reason: str = "not recorded") -> None:
        self._facts: Table = facts or {}
        self.asked = facts is not None
        self.reachable = self.asked and bool(self._facts.get("reachable", True))
        self.unreachable_reason = "" if self.reachable else str(self._facts.get("reason", reason))
        self.hint = str(self._facts.get("hint", ""))
        self.local = bool(self._facts.get("local", True))
        self.version = str(self._facts.get("version", "20.10.24")) if self.reachable else ""

    def info(self) -> EngineFact:
        """Return the recorded facts, usual ones where none are."""
        return EngineFact(
            version=self.version,
            cpus=int(cast(int, self._facts.get("cpus", 2))),
            memory=int(cast(int, self._facts.get("memory", 8 * 1024**3))),
            runtimes=self._strings("runtimes", ("io.containerd.runc.v2", "runc")),
            log_drivers=self._strings("log_drivers", DRIVERS),
            volume_drivers=self._strings("volume_drivers", ("local",)),
            network_drivers=self._strings("network_drivers", NETWORK_DRIVERS),
            swarm=bool(self._facts.get("swarm")),
            rootless=bool(self._facts.get("rootless")),
            log_driver=str(self._facts.get("log_driver", "json-file")),
            architecture=str(self._facts.get("architecture", "x86_64")),
            root=str(self._facts.get("root", "/var/lib/docker")),
            mirrors=self._strings("mirrors", ()),
            insecure=self._strings("insecure", ()),
            storage_driver=str(self._facts.get("storage_driver", "overlay2")),
            backing_filesystem=str(self._facts.get("backing_filesystem", "")),
            address_pools=self._strings("address_pools", ()),
            lacks=self._strings("lacks", ()),
            limits=cast("Mapping[str, int]", self._facts.get("limits", {})),
            pool_sizes=tuple(cast("Sequence[int]", self._facts.get("pool_sizes", ()))),
            kind=EngineKind(
                str(self._facts.get("kind", "docker")),
                str(self._facts.get("cgroups", "2")),
                str(self._facts.get("cgroup_driver", "systemd")),
                bool(self._facts.get("selinux")),
            ),
        )

    def networks(self) -> Sequence[str]:
        """Return the names of the recorded networks."""
        return tuple(fact.name for fact in self.network_facts())

    def network_facts(self) -> Sequence[NetworkFact]:
        """Return the recorded networks."""
        return tuple(
            NetworkFact(
                str(row.get("name")),
                str(row.get("driver", "bridge")),
                tuple(cast("Sequence[str]", row.get("subnets", ()))),
                str(row.get("project", "")),
                str(row.get("key", "")),
            )
            for row in self._rows("networks")
        )

    def volumes(self) -> Sequence[str]:
        """Return the names of the recorded volumes."""
        return tuple(fact.name for fact in self.volume_facts())

    def volume_facts(self) -> Sequence[VolumeFact]:
        """Return the recorded volumes."""
        return tuple(
            VolumeFact(
                str(row.get("name")),
                str(row.get("driver", "local")),
                cast("Mapping[str, str]", row.get("options", {})),
                str(row.get("project", "")),
                str(row.get("key", "")),
                float(cast(float, row.get("created", 0.0))),
            )
            for row in self._rows("volumes")
        )

    def containers(self) -> Sequence[ContainerFact]:
        """Return the recorded containers; a port is written ``127.0.0.1:443/tcp``."""
        return tuple(
            ContainerFact(
                str(row.get("name")),
                str(row.get("project", "")),
                str(row.get("service", "")),
                str(row.get("state", "running")),
                tuple(_port(text) for text in cast("Sequence[str]", row.get("ports", ()))),
                str(row.get("directory", "")),
                float(cast(float, row.get("created", 0.0))),
            )
            for row in self._rows("containers")
        )

    def container_environment(self, name: str) -> Mapping[str, str]:
        """Return the recorded variables of a container."""
        rows = [row for row in self._rows("containers") if row.get("name") == name]
        return cast("Mapping[str, str]", rows[0].get("environment", {}) if rows else {})

    def images(self) -> Sequence[str]:
        """Return the references of the recorded images."""
        return tuple(sorted(self._images()))

    def image(self, image: str) -> ImageFact | None:
        """Return a recorded image, or None."""
        row = self._images().get(image)
        if row is None:
            return None
        return ImageFact(
            str(row.get("user", "")),
            tuple(cast("Sequence[str]", row.get("entrypoint", ()))),
            tuple(cast("Sequence[str]", row.get("command", ()))),
            tuple(cast("Sequence[str]", row.get("exposed", ()))),
            bool(row.get("healthcheck")),
            str(row.get("architecture", "amd64")),
            cast("Mapping[str, str]", row.get("environment", {})),
            str(row.get("working_directory", "")),
            tuple(cast("Sequence[str]", row.get("volumes", ()))),
            "linux",
            tuple(cast("Sequence[str]", row.get("shell", ()))),
            int(str(row.get("size", 0))),
        )

    def image_user(self, image: str) -> str | None:
        """Return the user of a recorded image, or None."""
        fact = self.image(image)
        return fact.user if fact else None

    def image_file(self, image: str, path: str) -> str | None:
        """Return a recorded file of a recorded image, or None."""
        files = cast("Mapping[str, str]", self._images().get(image, {}).get("files", {}))
        return files.get(path)

    def layers(self) -> Sequence[tuple[str, ...]]:
        """Return the recorded layers of each image."""
        return tuple(
            tuple(cast("Sequence[str]", row.get("layers", ()))) for row in self._images().values()
        )

    def sees_into(self, image: str) -> bool:
        """Tell whether the paths of an image were recorded."""
        return "paths" in self._images().get(image, {})

    def image_path(self, image: str, path: str) -> FileFact | None:
        """Return a recorded path (mode 0755) or file of an image, or None."""
        row = self._images().get(image, {})
        known = (*cast("Sequence[str]", row.get("paths", ())), *cast("Table", row.get("files", {})))
        return FileFact("file", 0, 0, 0o755, 1) if path in known else None

    def compose_version(self) -> str:
        """Return the recorded version of Compose."""
        return str(self._facts.get("compose", ""))

    def buildx_version(self) -> str:
        """Return the recorded version of buildx."""
        return str(self._facts.get("buildx", ""))

    def _images(self) -> Mapping[str, Table]:
        return cast("Mapping[str, Table]", self._facts.get("images", {}))

    def _rows(self, key: str) -> Sequence[Table]:
        return cast("Sequence[Table]", self._facts.get(key, ()))

    def _strings(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cast("Sequence[str]", self._facts.get(key, default)))


def _port(text: str) -> tuple[str, int, str]:
    place, _, protocol = text.partition("/")
    address, _, port = place.rpartition(":")
    return address, int(port), protocol or "tcp"
