"""A bound model -> every contradiction in it for which Compose refuses the project.

Source: compose-go loader/validate.go (all of it, not only the first) and types/project.go
(CheckContainerNameUnicity). Services that no active profile enables are not looked at.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.typed import Callable, Iterator

_ONE_CHECK = Callable[["_Service"], Iterator[Problem]]


class _Model:
    """The names that services may refer to."""

    def __init__(self, model: Mapping, enabled: frozenset[str]) -> None:
        self.services = _entries(model.entries.get("services"))
        self.enabled = enabled
        self.known = {
            kind: frozenset(_entries(model.entries.get(kind)))
            for kind in ("networks", "volumes", "secrets", "configs", "models")
        }


class _Service:
    """One service under examination."""

    def __init__(self, name: str, node: Mapping, model: _Model) -> None:
        self.name = name
        self.node = node
        self.entries = node.entries
        self.model = model

    def problem(
        self, kind: str, node: Node, message: str, *path: str | int, about: str = ""
    ) -> Problem:
        place = Location(node.span, ("services", self.name, *path))
        subject = about or self.name
        return Problem(kind, f"service '{self.name}': {message}", place, subject=subject)

    def at(self, *path: str) -> Node | None:
        node: Node | None = self.node
        for step in path:
            node = node.entries.get(step) if isinstance(node, Mapping) else None
        return node


_NEEDED = frozenset({"image", "build", "provider"})
"""What a service has one of."""


def check_consistency(model: Mapping, enabled: frozenset[str]) -> list[Problem]:
    """Return what contradicts itself; `enabled` are the services of active profiles."""
    names = _Model(model, enabled)
    problems: list[Problem] = []
    for name, node in names.services.items():
        if name in enabled and isinstance(node, Mapping):
            service = _Service(name, node, names)
            if _NEEDED.isdisjoint(node.entries):
                message = "has neither an `image` nor a `build`"
                problems.append(service.problem("image-missing", node, message))
            for attributes, check in _CHECKS:
                if not attributes.isdisjoint(node.entries):
                    problems += check(service)
    problems += _secrets(model)
    problems += _cycles(names)
    return problems


def _entries(node: Node | None) -> dict[str, Node]:
    return node.entries if isinstance(node, Mapping) else {}


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Sequence) else []


def _text(node: Node | None) -> str:
    return str(node.value) if isinstance(node, Scalar) and node.value is not None else ""


def _build(service: _Service) -> Iterator[Problem]:
    build = service.entries.get("build")
    if not isinstance(build, Mapping):
        return
    inline = build.entries.get("dockerfile_inline")
    if inline is not None and "dockerfile" in build.entries:
        message = "`build` has both `dockerfile` and `dockerfile_inline`"
        yield service.problem("dockerfile-conflict", inline, message, "build", "dockerfile_inline")
    for name, context in _entries(build.entries.get("additional_contexts")).items():
        target = _text(context)
        if not target.startswith("service:"):
            continue
        other = target.removeprefix("service:")
        path = ("build", "additional_contexts", name)
        if other not in service.model.enabled:
            message = f"additional context '{name}' refers to undefined service '{other}'"
            yield service.problem("undefined-service", context, message, *path, about=other)
        elif "build" not in _entries(service.model.services[other]):
            message = (
                f"additional context '{name}' refers to service '{other}', which has no `build`"
            )
            yield service.problem("context-not-buildable", context, message, *path)
    platforms = _items(build.entries.get("platforms"))
    platform = service.entries.get("platform")
    if platforms and platform is not None and _text(platform) not in map(_text, platforms):
        message = f"`build.platforms` does not include `platform` '{_text(platform)}'"
        yield service.problem("platform-conflict", platform, message, "platform")


def _networks(service: _Service) -> Iterator[Problem]:
    networks = _entries(service.entries.get("networks"))
    mode = service.entries.get("network_mode")
    if mode is not None and networks:
        message = "has both `network_mode` and `networks`"
        yield service.problem("network-mode-conflict", mode, message, "network_mode")
    whole = service.entries.get("networks")
    for name in networks:
        if name not in service.model.known["networks"]:
            place = whole.keys.get(name, whole.span) if isinstance(whole, Mapping) else None
            node = Scalar(name, place) if place else service.node
            message = f"network '{name}' is not defined"
            yield service.problem("undefined-network", node, message, "networks", name, about=name)
    if mode is not None and _text(mode).startswith("service:"):
        other = _text(mode).removeprefix("service:")
        if other not in service.model.enabled:
            message = f"`network_mode` refers to undefined service '{other}'"
            yield service.problem("undefined-service", mode, message, "network_mode", about=other)


def _health(service: _Service) -> Iterator[Problem]:
    test = _items(service.at("healthcheck", "test"))
    if test and _text(test[0]) not in {"CMD", "CMD-SHELL", "NONE"}:
        message = (
            f"`healthcheck.test` starts with '{_text(test[0])}', must be CMD, CMD-SHELL or NONE"
        )
        yield service.problem("healthcheck-test-malformed", test[0], message, "healthcheck", "test")


def _dependencies(service: _Service) -> Iterator[Problem]:
    depends_on = service.entries.get("depends_on")
    if not isinstance(depends_on, Mapping):
        return
    for name, node in depends_on.entries.items():
        if name in service.model.enabled:
            continue
        inactive = name in service.model.services
        optional = isinstance(node, Mapping) and node.entries.get("required")
        if inactive and isinstance(optional, Scalar) and optional.value is False:
            continue
        what = "which is in an inactive profile" if inactive else "which is not defined"
        message = f"depends on service '{name}', {what}"
        kind = "dependency-inactive" if inactive else "undefined-service"
        key = Scalar(name, depends_on.keys.get(name, node.span))
        yield service.problem(kind, key, message, "depends_on", name, about=name)


def _mounts(service: _Service) -> Iterator[Problem]:
    places: set[str] = set()
    for index, node in enumerate(_items(service.entries.get("tmpfs"))):
        path = _text(node).partition(":")[0]
        if path in places:
            message = f"'{path}' is mounted twice"
            yield service.problem("mount-duplicate", node, message, "tmpfs", index)
        places.add(path)
    for index, node in enumerate(_items(service.entries.get("volumes"))):
        entries = _entries(node)
        source, target = _text(entries.get("source")), _text(entries.get("target"))
        named = _text(entries.get("type")) == "volume" and source
        if named and source not in service.model.known["volumes"]:
            message = f"volume '{source}' is not defined"
            yield service.problem("undefined-volume", node, message, "volumes", index, about=source)
        if target in places:
            message = f"'{target}' is mounted twice"
            yield service.problem("mount-duplicate", node, message, "volumes", index)
        places.add(target)


def _grants(service: _Service) -> Iterator[Problem]:
    listed: tuple[tuple[str, YamlPath, Node | None], ...] = (
        ("secret", ("build", "secrets"), service.at("build", "secrets")),
        ("config", ("configs",), service.at("configs")),
        ("secret", ("secrets",), service.at("secrets")),
    )
    for word, path, grants in listed:
        for index, node in enumerate(_items(grants)):
            source = _entries(node).get("source")
            if _text(source) not in service.model.known[f"{word}s"]:
                message = f"{word} '{_text(source)}' is not defined"
                place = source or node
                yield service.problem(
                    f"undefined-{word}", place, message, *path, index, about=_text(source)
                )
    models = service.entries.get("models")
    for name in _entries(models):
        if name not in service.model.known["models"] and models is not None:
            message = f"model '{name}' is not defined"
            yield service.problem("undefined-model", models, message, "models", name, about=name)


def _number(node: Node | None) -> float | None:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, int | float) else None


def _scale(service: _Service) -> Iterator[Problem]:
    scale = service.entries.get("scale")
    replicas = service.at("deploy", "replicas")
    count = _number(scale)
    wanted = _number(replicas)
    if count is not None and wanted is not None and count != wanted and scale is not None:
        message = f"`scale` is {count} and `deploy.replicas` is {wanted}"
        yield service.problem("scale-conflict", scale, message, "scale")
    if count is None:
        count, scale = wanted, replicas
    if count is None or scale is None:
        return
    if count < 0:
        yield service.problem("scale-negative", scale, f"cannot run {count} times", "scale")
    name = service.entries.get("container_name")
    if count > 1 and name is not None:
        message = f"runs {count} times, but has a fixed `container_name` '{_text(name)}'"
        yield service.problem("container-name-scaled", name, message, "container_name")


_LIMITS = (
    ("cpus", "limits", "cpus"),
    ("mem_limit", "limits", "memory"),
    ("mem_reservation", "reservations", "memory"),
    ("pids_limit", "limits", "pids"),
)
"""Attributes that must have the value of their other spelling in `deploy.resources`."""


def _resources(service: _Service) -> Iterator[Problem]:
    for name, kind, other in _LIMITS:
        own = service.entries.get(name)
        group = service.at("deploy", "resources", kind)
        if own is None or not isinstance(group, Mapping):
            continue
        theirs = _text(group.entries.get(other)) or "0"
        if _text(own) != theirs:
            message = f"`{name}` is {_text(own)} and `deploy.resources.{kind}.{other}` is {theirs}"
            yield service.problem("resources-conflict", own, message, name)


def _watches(service: _Service) -> Iterator[Problem]:
    for index, node in enumerate(_items(service.at("develop", "watch"))):
        entries = _entries(node)
        action = _text(entries.get("action"))
        if "target" not in entries and action not in {"rebuild", "restart"}:
            message = f"`develop.watch` with action '{action}' has no `target`"
            yield service.problem("watch-target-missing", node, message, "develop", "watch", index)


_CHECKS: tuple[tuple[frozenset[str], _ONE_CHECK], ...] = (
    (frozenset({"build"}), _build),
    (frozenset({"networks", "network_mode"}), _networks),
    (frozenset({"healthcheck"}), _health),
    (frozenset({"depends_on"}), _dependencies),
    (frozenset({"tmpfs", "volumes"}), _mounts),
    (frozenset({"build", "configs", "secrets", "models"}), _grants),
    (frozenset({"scale", "deploy"}), _scale),
    (frozenset({"deploy"}), _resources),
    (frozenset({"develop"}), _watches),
)
"""What is looked at in a service that has one of these attributes."""


def _secrets(model: Mapping) -> Iterator[Problem]:
    for name, node in _entries(model.entries.get("secrets")).items():
        entries = _entries(node)
        if not any(key in entries for key in ("external", "file", "environment")):
            message = f"secret '{name}': has neither `file` nor `environment`"
            place = Location(node.span, ("secrets", name))
            yield Problem("secret-source-missing", message, place, subject=name)


def _cycles(model: _Model) -> Iterator[Problem]:
    """Find cycles of dependencies, each once; without recursion, chains may be long."""
    done: set[str] = set()
    for start in sorted(model.enabled):
        path: list[str] = []
        on_path: dict[str, int] = {}
        pending: list[tuple[str, bool]] = [(start, False)]
        while pending:
            name, leaving = pending.pop()
            if leaving:
                path.pop()
                del on_path[name]
                done.add(name)
                continue
            if name in on_path:
                yield _cycle(model, [*path[on_path[name] :], name])
                continue
            if name in done or name not in model.enabled:
                continue
            on_path[name] = len(path)
            path.append(name)
            pending.append((name, True))
            following = _entries(_entries(model.services[name]).get("depends_on"))
            pending += [(other, False) for other in sorted(following, reverse=True)]


def _cycle(model: _Model, names: list[str]) -> Problem:
    last = _entries(model.services[names[-2]]).get("depends_on")
    span = last.span if last is not None else model.services[names[-2]].span
    if isinstance(last, Mapping):
        span = last.keys.get(names[-1], span)
    shown = " -> ".join(f"'{name}'" for name in names)
    place = Location(span, ("services", names[-2], "depends_on", names[-1]))
    message = f"service '{names[0]}': depends on itself: {shown}"
    return Problem("dependency-cycle", message, place, subject=names[0])


def container_names(services: dict[str, Mapping]) -> Iterator[Problem]:
    """Yield the containers that two of the services that run would have in common."""
    users: dict[str, str] = {}
    for name, service in services.items():
        node = service.entries.get("container_name")
        if node is None:
            continue
        other = users.setdefault(_text(node), name)
        if other != name:
            message = f"service '{name}': container name '{_text(node)}' is also used by '{other}'"
            place = Location(node.span, ("services", name, "container_name"))
            yield Problem("container-name-duplicate", message, place, subject=name)
