"""A service -> the places that name a file below `/run/secrets`, which a grant would make."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.lookup import place_in
from bootready.model.position import Location
from bootready.model.project import FileObject, Service
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

FOLDER = "/run/secrets/"
_PATH = regex(r"(?:/var)?/run/secrets/([A-Za-z0-9][\w.-]*)(?![\w./-])")
_SCRIPT_LIMIT = 100_000
"""Bytes; what is longer is data, not configuration."""


class SecretUse(NamedTuple):
    """One name below `/run/secrets` and where it is used.

    `certain` when the command cannot succeed without it; `variable` is the one whose whole value
    is its path.
    """

    name: str
    place: Location
    certain: bool = False
    variable: str = ""


def secret_uses(
    service: Service, configs: tuple[FileObject, ...], host: Host | None
) -> list[SecretUse]:
    """Return the uses in the definition of `service` and in the files that it mounts."""
    found = [
        SecretUse(name, entry.location, variable=entry.name if entry.value == path else "")
        for entry in service.environment
        for name in _names(entry.value or "")
        for path in (FOLDER + name,)
    ]
    for key, words in (
        ("entrypoint", service.entrypoint or ()),
        ("command", service.command or ()),
        ("healthcheck", service.healthcheck.test if service.healthcheck else ()),
    ):
        sure = _certain(words)
        path = (key, "test") if key == "healthcheck" else (key,)
        found += [
            SecretUse(name, place_in(service, *path), name in sure)
            for word in words
            for name in _names(word)
        ]
    if host is not None:
        found += _in_files(service, configs, host)
    return found


def paths_of(service: Service) -> tuple[set[str], tuple[str, ...]]:
    """Return the names below `/run/secrets` that `service` is granted, and what it mounts there."""
    granted = set()
    for grant in service.secrets:
        target = grant.target or grant.source
        granted.add(target.removeprefix(FOLDER) if target.startswith("/") else target)
    mounts = [mount.target.rstrip("/") for mount in service.mounts]
    mounts += [grant.target for grant in service.configs if grant.target]
    return granted, tuple(mounts)


def _in_files(service: Service, configs: tuple[FileObject, ...], host: Host) -> Iterator[SecretUse]:
    files = {item.name: item.file for item in configs if item.file}
    mounted = [(mount.source, mount.location) for mount in service.mounts if mount.kind == "bind"]
    mounted += [(files[g.source], g.location) for g in service.configs if g.source in files]
    for path, place in mounted:
        text = host.read_text(path, _SCRIPT_LIMIT) or ""
        if FOLDER not in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if line.lstrip().startswith(("#", "//", ";")):
                continue
            for name in _names(line):
                yield SecretUse(name, place.labelled(f"its line {number} names it"))


def _certain(words: tuple[str, ...]) -> set[str]:
    """Return the names whose absence certainly fails the command: read or tested by itself."""
    if not any(FOLDER in word for word in words):
        return set()
    from bootready.knowledge.process.shell import decisive_commands, line_of

    line = line_of(words)
    plain = [[word for word in words if word != "CMD"]]
    commands = plain if line is None else decisive_commands(line)
    sure = set[str]()
    for command in commands:
        if command[:1] in (["cat"], ["test"], ["["]) and "!" not in command and "-o" not in command:
            for word in command[1:]:
                sure.update(_PATH.findall(word) if _PATH.fullmatch(word.strip("\"'")) else ())
    return sure


def _names(text: str) -> list[str]:
    return [] if "run/secrets/" not in text else _PATH.findall(text)
