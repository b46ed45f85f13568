"""A bound service of the model -> the typed `Service` that checks read, all with its place."""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, Span, YamlPath
from bootready.model.project import (
    Attachment,
    Build,
    Dependency,
    EnvironmentEntry,
    Grant,
    Healthcheck,
    Mount,
    Port,
    Service,
)
from bootready.resolve.typed.units import read_duration
from bootready.typed import Mapping as ReadMapping

EnvFileEntries = ReadMapping[tuple[str, str], str]


def service_view(name: str, node: Mapping, span: Span, env_files: EnvFileEntries) -> Service:
    """Return the view of service `name`; `span` is where its key is written."""
    path: YamlPath = ("services", name)
    known = node.entries
    return Service(
        name=name,
        location=Location(span, path),
        node=node,
        image=text_of(node, "image"),
        build=_build(node, path),
        container_name=text_of(node, "container_name"),
        command=_command(node, "command"),
        entrypoint=_command(node, "entrypoint"),
        user=text_of(node, "user"),
        group_add=texts_of(node, "group_add"),
        network_mode=text_of(node, "network_mode"),
        restart=text_of(node, "restart"),
        profiles=texts_of(node, "profiles"),
        environment=_environment(name, node, path, env_files),
        labels=_labels(node) if "labels" in known else {},
        mounts=tuple(_mounts(node, path)),
        secrets=tuple(_grants(node, "secrets", path)) if "secrets" in known else (),
        configs=tuple(_grants(node, "configs", path)) if "configs" in known else (),
        ports=tuple(_ports(node, path)),
        networks=tuple(_networks(node, path)),
        depends_on=tuple(_depends_on(node, path)),
        healthcheck=_healthcheck(node, path),
    )


def entries_of(node: Node | None, name: str | None = None) -> dict[str, Node]:
    """Return the entries of a mapping (or of its entry `name`), none where there is no mapping."""
    if name is not None:
        node = node.entries.get(name) if isinstance(node, Mapping) else None
    return node.entries if isinstance(node, Mapping) else {}


def items_of(node: Node | None, name: str) -> list[Node]:
    """Return the items of the list at entry `name`."""
    found = node.entries.get(name) if isinstance(node, Mapping) else None
    return found.items if isinstance(found, Sequence) else []


def text_of(node: Node | None, name: str) -> str | None:
    """Return the text at entry `name`, or None."""
    found = node.entries.get(name) if isinstance(node, Mapping) else None
    if found is None:
        return None
    value = found.value if isinstance(found, Scalar) else None
    return None if value is None else str(value)


def is_true(node: Node | None, name: str) -> bool:
    """Tell whether entry `name` is true."""
    found = entries_of(node).get(name)
    return isinstance(found, Scalar) and found.value is True


def texts_of(node: Node | None, name: str) -> tuple[str, ...]:
    """Return the texts of the list at entry `name`."""
    if not isinstance(node, Mapping) or name not in node.entries:
        return ()
    return tuple(str(item.value) for item in items_of(node, name) if isinstance(item, Scalar))


def key_span(node: Node | None, name: str) -> Span | None:
    """Return where key `name` of a mapping is written."""
    return node.keys.get(name) if isinstance(node, Mapping) else None


def _build(node: Mapping, path: YamlPath) -> Build | None:
    build = node.entries.get("build")
    if not isinstance(build, Mapping):
        return None
    return Build(
        context=text_of(build, "context") or "",
        dockerfile=text_of(build, "dockerfile"),
        inline="dockerfile_inline" in build.entries,
        location=Location(build.span, (*path, "build")),
    )


def _command(node: Mapping, name: str) -> tuple[str, ...] | None:
    found = node.entries.get(name)
    return texts_of(node, name) if isinstance(found, Sequence) else None


def _environment(
    name: str, node: Mapping, path: YamlPath, env_files: EnvFileEntries
) -> tuple[EnvironmentEntry, ...]:
    return tuple(
        EnvironmentEntry(
            variable,
            None if not isinstance(value, Scalar) or value.value is None else str(value.value),
            Location(value.span, (*path, "environment", variable)),
            env_files.get((name, variable)),
        )
        for variable, value in entries_of(node, "environment").items()
    )


def _labels(node: Mapping) -> dict[str, str]:
    labels = entries_of(node, "labels")
    return {key: str(value.value) for key, value in labels.items() if isinstance(value, Scalar)}


def _mounts(node: Mapping, path: YamlPath) -> list[Mount]:
    made: list[Mount] = []
    for index, item in enumerate(items_of(node, "volumes")):
        bind = entries_of(item).get("bind")
        create = None if bind is None else entries_of(bind).get("create_host_path")
        # Left out means true, with or without `bind`; either of these two options makes Compose
        # ask for the mount in the way that creates nothing (create.go, bindRequiresMountAPI).
        creates = not (isinstance(create, Scalar) and create.value is False) and not (
            text_of(bind, "propagation") or text_of(bind, "recursive")
        )
        made.append(
            Mount(
                kind=text_of(item, "type") or "volume",
                source=text_of(item, "source") or "",
                target=text_of(item, "target") or "",
                read_only=is_true(item, "read_only"),
                create_host_path=creates,
                location=Location(item.span, (*path, "volumes", index)),
            )
        )
    return made


def _grants(node: Mapping, kind: str, path: YamlPath) -> list[Grant]:
    made: list[Grant] = []
    for index, item in enumerate(items_of(node, kind)):
        mode = text_of(item, "mode")
        source = text_of(item, "source") or ""
        target = text_of(item, "target") or (f"/{source}" if kind == "configs" else source)
        made.append(
            Grant(
                source=source,
                target=target,
                uid=text_of(item, "uid"),
                gid=text_of(item, "gid"),
                mode=None if mode is None else int(mode, 8),
                location=Location(item.span, (*path, kind, index)),
            )
        )
    return made


def _ports(node: Mapping, path: YamlPath) -> list[Port]:
    return [
        Port(
            host_ip=text_of(item, "host_ip") or "",
            published=text_of(item, "published") or "",
            target=int(text_of(item, "target") or 0),
            protocol=text_of(item, "protocol") or "tcp",
            location=Location(item.span, (*path, "ports", index)),
        )
        for index, item in enumerate(items_of(node, "ports"))
    ]


def _networks(node: Mapping, path: YamlPath) -> list[Attachment]:
    networks = node.entries.get("networks")
    made: list[Attachment] = []
    for name, item in entries_of(networks).items():
        span = key_span(networks, name) or item.span
        made.append(
            Attachment(
                network=name,
                ipv4_address=text_of(item, "ipv4_address"),
                ipv6_address=text_of(item, "ipv6_address"),
                aliases=texts_of(item, "aliases"),
                location=Location(span, (*path, "networks", name)),
            )
        )
    return made


def _depends_on(node: Mapping, path: YamlPath) -> list[Dependency]:
    depends_on = node.entries.get("depends_on")
    made: list[Dependency] = []
    for name, item in entries_of(depends_on).items():
        span = key_span(depends_on, name) or item.span
        made.append(
            Dependency(
                service=name,
                condition=text_of(item, "condition") or "service_started",
                required=is_true(item, "required"),
                location=Location(span, (*path, "depends_on", name)),
            )
        )
    return made


def _healthcheck(node: Mapping, path: YamlPath) -> Healthcheck | None:
    check = node.entries.get("healthcheck")
    if not isinstance(check, Mapping):
        return None
    retries = text_of(check, "retries")
    test = texts_of(check, "test")
    return Healthcheck(
        test=test,
        interval=_seconds(check, "interval"),
        timeout=_seconds(check, "timeout"),
        retries=None if retries is None else int(retries),
        start_period=_seconds(check, "start_period"),
        disabled=is_true(check, "disable") or test[:1] == ("NONE",),
        location=Location(check.span, (*path, "healthcheck")),
    )


def _seconds(node: Mapping, name: str) -> float | None:
    text = text_of(node, name)
    return None if text is None else read_duration(text) / 1e9
