"""``x-bootready: {certificates: [...]}`` of a service -> the certificates that it declares.

What cannot be followed is a fault, said by the check `service-hint-unusable`; the rest is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from bootready.model.lookup import at, items_at, text_at
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import NamedTuple

KEYS = ("directory", "names", "usage")
"""The keys of one declared certificate."""
USAGES = ("server", "client")
"""What a certificate may be used for (extended key usage, RFC 5280 section 4.2.1.12)."""

_NAME = regex(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?", re.ASCII)
_LOCAL = ("localhost", "127.0.0.1")


class Declared(NamedTuple):
    """One certificate that a service declares; `place` is its index in the list."""

    directory: str
    names: tuple[str, ...]
    usages: tuple[str, ...]
    place: int


class Fault(NamedTuple):
    """A hint that cannot be followed: its keys below ``x-bootready`` and the words for it."""

    keys: tuple[str | int, ...]
    words: str
    written: str = ""
    known: tuple[str, ...] = ()
    """What stands there, and what may."""


def declared_certificates(project: Project, service: Service) -> Iterator[Declared]:
    """Yield the certificates that `service` declares and that lie inside the project.

    Their names are those that the service has on its networks, this machine's, and the given.
    """
    for index, node in items_at(service.node, "x-bootready", "certificates"):
        directory = _directory(project, node)
        if not directory:
            continue
        given = [name for name in map(_text, _several(node, "names")) if _is_name(name)]
        usages = [word for word in map(_text, _several(node, "usage")) if word in USAGES]
        names = tuple(dict.fromkeys((*names_of(service), *_LOCAL, *given)))
        yield Declared(directory, names, tuple(dict.fromkeys(usages)) or USAGES[:1], index)


def names_of(service: Service) -> tuple[str, ...]:
    """Return the names by which other containers reach `service`, its own first."""
    names = [service.name, service.container_name or "", text_at(service.node, "hostname")]
    for attachment in service.networks:
        names += attachment.aliases
    return tuple(dict.fromkeys(name.lower() for name in names if _is_name(name)))


def certificate_faults(project: Project, service: Service) -> Iterator[Fault]:
    """Yield what is wrong with the certificates that `service` declares."""
    listed = at(service.node, "x-bootready", "certificates")
    if listed is None:
        return
    if not isinstance(listed, Sequence):
        yield Fault(("certificates",), "`certificates` must be a list")
        return
    for index, node in enumerate(listed.items):
        keys = ("certificates", index)
        if not isinstance(node, Mapping):
            yield Fault(keys, "a certificate must be a mapping with a `directory`")
            continue
        for key in node.entries:
            if key not in KEYS:
                yield Fault((*keys, key), f"unknown hint '{key}' for a certificate", key, KEYS)
        yield from _directory_faults(project, service, node, keys)
        yield from _word_faults(node, keys)


def _directory_faults(
    project: Project, service: Service, node: Mapping, keys: tuple[str | int, ...]
) -> Iterator[Fault]:
    written = text_at(node, "directory")
    directory = _directory(project, node)
    if not written:
        yield Fault(keys, "a certificate has no `directory`")
    elif not directory:
        yield Fault((*keys, "directory"), f"directory '{written}' is not inside the project")
    elif not _is_used(project, service, directory):
        yield Fault((*keys, "directory"), f"it does not mount directory '{written}'")


def _word_faults(node: Mapping, keys: tuple[str | int, ...]) -> Iterator[Fault]:
    for name in map(_text, _several(node, "names")):
        if not _is_name(name):
            yield Fault((*keys, "names"), f"'{name}' is not a valid host name or address")
    for word in map(_text, _several(node, "usage")):
        if word not in USAGES:
            yield Fault((*keys, "usage"), f"unknown usage '{word}' of a certificate", word, USAGES)


def _is_used(project: Project, service: Service, directory: str) -> bool:
    """Tell whether `service` mounts `directory`, one above it, or anything that lies in it."""
    mounted = [mount.source for mount in service.mounts if mount.kind == "bind"]
    if any(_reaches(path, directory) for path in mounted):
        return True
    granted = {grant.source for grant in (*service.secrets, *service.configs)}
    if not granted:
        return False
    files = (
        item.file or "" for item in (*project.secrets, *project.configs) if item.name in granted
    )
    return any(path.startswith(f"{directory}/") for path in files)


def _reaches(path: str, directory: str) -> bool:
    """Tell whether `path` is `directory`, lies in it, or is above it."""
    path = normpath(path) if path else ""
    return path != "" and (
        f"{directory}/".startswith(f"{path}/") or path.startswith(f"{directory}/")
    )


def _directory(project: Project, node: Node) -> str:
    """Return the absolute path of a declared directory, '' where it is not inside the project."""
    written = text_at(node, "directory")
    if not written:
        return ""
    path = normpath(written if written.startswith("/") else f"{project.directory}/{written}")
    return path if path.startswith(f"{project.directory}/") else ""


def _several(node: Node, key: str) -> tuple[Node, ...]:
    """Return the items of a list at `key`, or the one value that stands there."""
    found = at(node, key)
    if found is None:
        return ()
    return tuple(found.items) if isinstance(found, Sequence) else (found,)


def _text(node: Node) -> str:
    value = node.value if isinstance(node, Scalar) else None
    return "" if value is None or isinstance(value, bool) else str(value).strip().lower()


def _is_name(text: str) -> bool:
    if len(text) < 254 and _NAME.fullmatch(text.lower()):
        return True
    if ":" not in text and not text.replace(".", "").isdigit():
        return False  # nor an address of either family: what parses one takes 2 ms to import
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True
