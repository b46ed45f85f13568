"""The engine's answer to `/info` -> a fact."""

from __future__ import annotations

from bootready.engine.api import at, integer, items, mapping, text
from bootready.model.fact import EngineFact, EngineKind
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bootready.model.node import Plain


def is_rootless(info: Plain) -> bool:
    """Tell whether the engine runs as a user who is not root.

    Docker says it among its options, Podman in a field of its own.
    """
    return any("name=rootless" in one for one in _options(info)) or at(info, "Rootless") is True


def engine_fact(
    info: Plain, kind: str, lacks: tuple[str, ...], limits: Mapping[str, int]
) -> EngineFact:
    """Return what the engine says of itself in `info`, the answer to `GET /info`.

    `kind` is `docker` or `podman`; `lacks` are the capabilities that it cannot give away, `limits`
    its hard limits (`getrlimit`), both from its process where that is seen.
    """
    plugins = mapping(info, "Plugins")

    def names(kind_of_plugin: str) -> tuple[str, ...]:
        return tuple(str(name) for name in items(plugins, kind_of_plugin))

    return EngineFact(
        version=text(info, "ServerVersion"),
        cpus=integer(info, "NCPU"),
        memory=integer(info, "MemTotal"),
        runtimes=tuple(sorted(mapping(info, "Runtimes"))),
        log_drivers=names("Log"),
        volume_drivers=names("Volume"),
        network_drivers=names("Network"),
        swarm=text(info, "Swarm", "LocalNodeState") == "active",
        rootless=is_rootless(info),
        log_driver=text(info, "LoggingDriver"),
        architecture=text(info, "Architecture"),
        root=text(info, "DockerRootDir"),
        mirrors=tuple(str(one) for one in items(info, "RegistryConfig", "Mirrors")),
        insecure=_insecure(mapping(info, "RegistryConfig")),
        proxies={
            name: text(info, key)
            for name, key in (("http", "HttpProxy"), ("https", "HttpsProxy"), ("no", "NoProxy"))
        },
        storage_driver=text(info, "Driver"),
        backing_filesystem=_backing_filesystem(info),
        address_pools=tuple(text(row, "Base") for row in items(info, "DefaultAddressPools")),
        lacks=lacks,
        limits=limits,
        pool_sizes=tuple(integer(row, "Size") for row in items(info, "DefaultAddressPools")),
        kind=EngineKind(
            kind,
            text(info, "CgroupVersion"),
            text(info, "CgroupDriver"),
            any("name=selinux" in option for option in _options(info)),
        ),
    )


def _options(info: Plain) -> tuple[str, ...]:
    return tuple(str(option) for option in items(info, "SecurityOptions"))


def _backing_filesystem(info: Plain) -> str:
    for row in items(info, "DriverStatus"):
        if isinstance(row, list) and row[:1] == ["Backing Filesystem"]:
            return str(row[1])
    return ""


def _insecure(config: dict[str, Plain]) -> tuple[str, ...]:
    """Return the registries that the engine does not ask for a certificate (`RegistryConfig`)."""
    hosts = [
        name
        for name, entry in mapping(config, "IndexConfigs").items()
        if mapping(entry).get("Secure") is False
    ]
    return (*hosts, *(str(one) for one in items(config, "InsecureRegistryCIDRs")))
