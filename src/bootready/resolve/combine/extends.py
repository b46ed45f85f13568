"""Services with `extends` -> services that hold what they extend, from this file or another one.

Source: compose-go loader/extends.go. A base from another file is already canonical and has its
paths joined; one from the same file is merged as it is written.
"""

from __future__ import annotations

import os

from bootready.model.node import Mapping, Node, Scalar
from bootready.model.position import Location
from bootready.model.problem import Extension
from bootready.read.source import refuse_outside
from bootready.resolve.combine.document import Document
from bootready.resolve.expand.paths import (
    Base,
    is_remote,
    join,
    path_problems,
    resolve_service_paths,
)
from bootready.resolve.merge import Merger
from bootready.resolve.refuse.compose_v2 import extends_included, repeated
from bootready.resolve.reset import Resets
from bootready.resolve.told import is_of_project


def extended(model: Mapping, document: Document) -> Mapping:
    """Return the model of `document` with every `extends` carried out."""
    services = model.entries.get("services")
    if not isinstance(services, Mapping):
        return model
    family = _Family(services, document.resets)
    extender = _Extender(document)
    for name in services.entries:
        extender.extend(name, family)
    made = services.with_entries(family.entries)
    return model.with_entries({**model.entries, "services": made})


class _Family:
    """The services of one file, those that extend others replaced one by one."""

    __slots__ = ("entries", "file", "resets")

    def __init__(self, services: Mapping, resets: Resets) -> None:
        self.entries = dict(services.entries)
        self.file = services.span.file
        self.resets = resets


class _Extender:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.session = document.session
        self.families: dict[int, _Family] = {}

    def extend(self, name: str, family: _Family) -> None:
        """Replace service `name` of `family` by what it is with all that it extends."""
        chain: list[tuple[str, _Family, Mapping]] = []
        seen: set[tuple[int, str]] = set()
        base: Node | None = None
        while True:
            service = family.entries.get(name)
            if not isinstance(service, Mapping) or "extends" not in service.entries:
                base = service
                break
            if (id(family), name) in seen:
                self.refuse_cycle(chain, name)
                base = _without_extends(service)
                break
            seen.add((id(family), name))
            chain.append((name, family, service))
            following = self.base_of(name, service, family)
            if following is None:
                base = None
                break
            wanted, family = following
            extended_at = Location(service.entries["extends"].span, ("services", name, "extends"))
            written = family.entries[wanted].span
            self.session.extensions.append(Extension(name, wanted, written, extended_at))
            name = wanted
        merger = Merger()
        for own_name, own_family, own in reversed(chain):
            if isinstance(base, Mapping):
                path = ("services", own_name)
                below = own_family.resets.apply(base, *path)
                self.session.count_entries(_entries_of(base), Location(own.span, path))
                merged = merger.merge(below, own, path)
                base = _without_extends(merged) if isinstance(merged, Mapping) else merged
            else:
                base = _without_extends(own)
            own_family.entries[own_name] = base
        self.session.problems += merger.problems
        self.session.refused_by_v2 += repeated(merger.repeated)

    def base_of(self, name: str, service: Mapping, family: _Family) -> tuple[str, _Family] | None:
        """Return where the base of `service` is, or None where there is none (a problem then)."""
        extends = service.entries["extends"]
        place = Location(extends.span, ("services", name, "extends"))
        file: Node | None = None
        target: Node | None = extends
        if isinstance(extends, Mapping):
            target, file = extends.entries.get("service"), extends.entries.get("file")
        if not isinstance(target, Scalar) or not isinstance(target.value, str):
            message = f"service '{name}': `extends` does not name a `service`"
            self.session.refuse("extends-malformed", message, place, subject=name)
            return None
        wanted = target.value
        where = ""
        place = Location(target.span, place.path)
        if file is not None and not (isinstance(file, Scalar) and file.value is None):
            if not isinstance(file, Scalar) or not isinstance(file.value, str):
                message = f"service '{name}': `extends.file` is not a path"
                self.session.refuse("extends-malformed", message, place, subject=name)
                return None
            other = self.other_file(name, file)
            if other is None:
                return None
            family = other
            where = f" in '{file.value}'"
        if wanted not in family.entries:
            message = f"service '{name}' extends '{wanted}'{where}, which does not exist"
            if not where or is_of_project(family.file, os.path.dirname(place.span.file)):
                from bootready.model.near import listed

                message = f"{message}; available: {listed(family.entries) or 'none'}"
            self.session.refuse("extends-service-missing", message, place, subject=wanted)
            return None
        if not where and wanted in self.document.imported and name not in self.document.imported:
            imported = self.document.imported[wanted]
            problem = extends_included(name, wanted, place, imported)
            self.session.refused_by_v2.append(problem)
        return wanted, family

    def other_file(self, name: str, file: Scalar) -> _Family | None:
        """Return the services of another file, canonical, with their paths joined."""
        written = str(file.value)
        place = Location(file.span, ("services", name, "extends", "file"))
        if is_remote(written):
            message = (
                f"service '{name}' extends remote file '{written}', but only local files are read"
            )
            self.session.refuse("remote-file", message, place, subject=written, fatal=True)
            return None
        scope = self.document.scope
        path = written if os.path.isabs(written) else join(scope.base, written)
        key = (path, scope.base, id(scope))
        if key not in self.session.extended:
            self.session.extended[key] = self.load(path, name, file, place)
        found = self.session.extended[key]
        if found is None:
            return None
        services, resets = found
        family = self.families.get(id(services))
        if family is None:
            family = self.families[id(services)] = _Family(services, resets)
        return family

    def load(
        self, path: str, name: str, file: Scalar, place: Location
    ) -> tuple[Mapping, Resets] | None:
        refuse_outside(path, place)
        if not os.path.exists(path):
            message = f"service '{name}' extends file '{file.value}', which does not exist"
            self.session.refuse("extends-file-missing", message, place, subject=str(file.value))
            return None
        scope = self.document.scope
        model, resets = self.document.load_bare(path, place)
        services = model.entries.get("services") if model is not None else None
        if not isinstance(services, Mapping):
            if model is not None:
                message = f"service '{name}' extends file '{file.value}', which has no services"
                self.session.refuse("extends-service-missing", message, place)
            return None
        base = Base(directory_of(str(file.value), scope.base), scope.home)
        entries = {
            key: resolve_service_paths(service, base) if isinstance(service, Mapping) else service
            for key, service in services.entries.items()
        }
        self.session.problems += path_problems(
            Mapping({"services": services}, {}, services.span), base
        )
        return services.with_entries(entries), resets

    def refuse_cycle(self, chain: list[tuple[str, _Family, Mapping]], name: str) -> None:
        names = [link[0] for link in chain]
        start = names.index(name) if name in names else 0
        shown = " -> ".join(f"'{step}'" for step in [*names[start:], name])
        place = chain[-1][2].entries["extends"]
        self.session.refuse(
            "extends-cycle",
            f"service '{name}' extends itself: {shown}",
            Location(place.span, ("services", chain[-1][0], "extends")),
            subject=name,
        )


def _entries_of(service: Mapping) -> int:
    """Return how many entries the lists and mappings of a service have."""
    return sum(
        len(node.entries if isinstance(node, Mapping) else node.items)
        for node in service.entries.values()
        if not isinstance(node, Scalar)
    )


def directory_of(path: str, base: str) -> str:
    """Return the directory of `path`, relative to `base` where that can be said.

    `path` itself where it is a directory (compose-go, localResourceLoader.Dir).
    """
    whole = path if os.path.isabs(path) else join(base, path)
    refuse_outside(whole)
    if not os.path.isdir(whole):
        parent = os.path.dirname(path)
        whole = parent if os.path.isabs(parent) else join(base, parent or ".")
    if os.path.isabs(whole) != os.path.isabs(base):
        return whole
    return os.path.relpath(whole, base or ".")


def _without_extends(service: Mapping) -> Mapping:
    entries = {name: node for name, node in service.entries.items() if name != "extends"}
    return service.with_entries(entries)
