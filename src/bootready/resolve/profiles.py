"""A bound model -> the services that run: those of active profiles, of a selection, and what they
use.

Source: compose-go types/project.go (WithProfiles, WithSelectedServices,
WithoutUnnecessaryResources).
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.typed import Iterable


def services_of(model: Mapping) -> dict[str, Mapping]:
    """Return the services of a model by name."""
    services = model.entries.get("services")
    if not isinstance(services, Mapping):
        return {}
    return {name: node for name, node in services.entries.items() if isinstance(node, Mapping)}


def profiles_of(service: Mapping) -> list[str]:
    """Return the profiles that a service is in."""
    listed = service.entries.get("profiles")
    items = listed.items if isinstance(listed, Sequence) else ()
    return [str(item.value) for item in items if isinstance(item, Scalar)]


def is_enabled(service: Mapping, profiles: Iterable[str]) -> bool:
    """Tell whether a service runs with these active profiles; without any of its own it does."""
    own = profiles_of(service)
    return not own or any(profile == "*" or profile in own for profile in profiles)


def with_services(model: Mapping, services: dict[str, Mapping]) -> Mapping:
    """Return `model` with exactly these services."""
    old = model.entries.get("services")
    span = model.span if old is None else old.span
    known = old.keys if isinstance(old, Mapping) else {}
    keys = {name: known.get(name, node.span) for name, node in services.items()}
    entries: dict[str, Node] = dict(services)
    return model.with_entries(
        {**model.entries, "services": Mapping(entries, keys, span)},
        {**model.keys, "services": model.keys.get("services", span)},
    )


def profiles_for(
    names: Iterable[str], all_services: dict[str, Mapping], active: tuple[str, ...]
) -> tuple[str, ...]:
    """Return `active` and the profiles of those selected services that it does not enable."""
    added = list(active)
    for name in names:
        service = all_services.get(name)
        if service is not None and not is_enabled(service, active):
            added += profiles_of(service)
    return tuple(dict.fromkeys(added))


def selection(
    names: Iterable[str], services: dict[str, Mapping]
) -> tuple[dict[str, Mapping], list[str]]:
    """Return the services that `names` (patterns) match and all they depend on, their
    `depends_on` narrowed to these; and the names that match nothing.
    """
    wanted: dict[str, None] = {}
    missing: list[str] = []
    pending = [(name, True) for name in names]
    while pending:
        pattern, required = pending.pop()
        matched = _matching(pattern, services)
        if not matched and required:
            missing.append(pattern)
        for name in matched:
            if name not in wanted:
                wanted[name] = None
                pending += _dependencies(services[name])
    return {
        name: _narrowed(service, wanted) for name, service in services.items() if name in wanted
    }, missing


def _matching(pattern: str, services: dict[str, Mapping]) -> list[str]:
    if pattern in services and not any(mark in pattern for mark in "*?[\\"):
        return [pattern]
    from fnmatch import fnmatchcase

    return [name for name in services if fnmatchcase(name, pattern)]


def _dependencies(service: Mapping) -> list[tuple[str, bool]]:
    depends_on = service.entries.get("depends_on")
    if not isinstance(depends_on, Mapping):
        return []
    found: list[tuple[str, bool]] = []
    for name, node in depends_on.entries.items():
        required = node.entries.get("required") if isinstance(node, Mapping) else None
        found.append((name, not (isinstance(required, Scalar) and required.value is False)))
    return found


def _narrowed(service: Mapping, wanted: dict[str, None]) -> Mapping:
    depends_on = service.entries.get("depends_on")
    if not isinstance(depends_on, Mapping) or depends_on.entries.keys() <= wanted.keys():
        return service
    kept = {name: node for name, node in depends_on.entries.items() if name in wanted}
    entries = {name: node for name, node in service.entries.items() if name != "depends_on"}
    if kept:
        entries["depends_on"] = depends_on.with_entries(kept)
    return service.with_entries(entries)


def pruned(model: Mapping) -> Mapping:
    """Return `model` without the resources that none of its services uses."""
    used = used_resources(services_of(model))
    entries: dict[str, Node] = {}
    for name, node in model.entries.items():
        if name not in used or not isinstance(node, Mapping):
            entries[name] = node
            continue
        kept = {key: below for key, below in node.entries.items() if key in used[name]}
        if kept:
            entries[name] = node.with_entries(kept)
    return model.with_entries(entries)


def used_resources(services: dict[str, Mapping]) -> dict[str, set[str]]:
    """Return the names of the resources of each kind that the services use."""
    used: dict[str, set[str]] = {
        kind: set() for kind in ("networks", "volumes", "secrets", "configs", "models")
    }
    for service in services.values():
        entries = service.entries
        for kind in ("networks", "models"):
            node = entries.get(kind)
            if isinstance(node, Mapping):
                used[kind].update(node.entries)
        for mount in _items(entries.get("volumes")):
            if _text(mount, "type") == "volume":
                used["volumes"].add(_text(mount, "source"))
        for kind in ("secrets", "configs"):
            for grant in _items(entries.get(kind)):
                used[kind].add(_text(grant, "source"))
        build = entries.get("build")
        if isinstance(build, Mapping):
            for grant in _items(build.entries.get("secrets")):
                used["secrets"].add(_text(grant, "source"))
    return used


def _items(node: Node | None) -> list[Mapping]:
    items = node.items if isinstance(node, Sequence) else ()
    return [item for item in items if isinstance(item, Mapping)]


def _text(node: Mapping, name: str) -> str:
    found = node.entries.get(name)
    return str(found.value) if isinstance(found, Scalar) else ""
