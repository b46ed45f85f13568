"""An image reference -> what is known of that image: programs, users, ports, from its sources.

One data file per family beside this module, read by people and changed by people. A fact is known
of a range of versions only, and each range names its sources.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

_LISTS = ("entrypoint", "command", "volumes", "ports", "absent")


class Source(NamedTuple):
    """Where a fact was read: a file of a repository at a commit or tag, or a page, and when."""

    where: str
    path: str
    ref: str
    read: str


class ImageKnowledge(NamedTuple):
    """What the images of one family have, from version `since` until before `before`."""

    family: str
    names: tuple[str, ...]
    since: str
    before: str
    programs: frozenset[str]
    """Names of the programs, without directory; `sh` is among them where there is a shell."""
    absent: tuple[str, ...]
    """Programs that people expect in it, and that its build leaves out or removes."""
    user: str
    users: Mapping[str, int]
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    stop_signal: str
    volumes: tuple[str, ...]
    ports: tuple[str, ...]
    sources: tuple[Source, ...]

    def has(self, program: str) -> bool:
        """Tell whether a program, named or by its path, is in the image."""
        return program.rpartition("/")[2] in self.programs


def known_families() -> tuple[ImageKnowledge, ...]:
    """Return everything that is known, by family and version.

    Raises:
        ValueError: a data file is broken; the message names the file and the fact.

    """
    directory = files(__name__)
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in directory.iterdir()
        if entry.name.endswith(".toml")
    }
    return read_families(texts)


def read_families(texts: Mapping[str, str]) -> tuple[ImageKnowledge, ...]:
    """Return what the data files say, each given by name and text; bases are not images themselves.

    Raises:
        ValueError: a file is broken; the message names the file and the fact.

    """
    parsed = {name: _parse(name, text) for name, text in sorted(texts.items())}
    bases = {
        name.removesuffix(".toml"): frozenset(_strings(name, data, "programs"))
        for name, data in parsed.items()
        if "names" not in data
    }
    return tuple(
        _knowledge(name, data, entry, bases)
        for name, data in parsed.items()
        if "names" in data
        for entry in _tables(name, data, "versions")
    )


def known_image(reference: str, known: tuple[ImageKnowledge, ...]) -> ImageKnowledge | None:
    """Return what is known of an image by its reference, None where its name or version is not."""
    name, _, tag = reference.partition("@")[0].rpartition(":")
    if "/" in tag or not name:
        return None
    for short in ("docker.io/library/", "docker.io/"):
        name = name.removeprefix(short)
    version = re.match(r"v?(\d+(?:\.\d+)*)", tag)
    for one in known:
        if name in one.names and version and _within(version[1], one):
            return one
    return None


def _within(version: str, one: ImageKnowledge) -> bool:
    return _number(one.since) <= _number(version) < _number(one.before)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _parse(name: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error


def _knowledge(
    name: str,
    data: Mapping[str, object],
    entry: Mapping[str, object],
    bases: Mapping[str, frozenset[str]],
) -> ImageKnowledge:
    base = str(entry.get("base", ""))
    if base and base not in bases:
        raise ValueError(f"{name}: unknown base '{base}'")
    sources = tuple(
        Source(*(_string(name, one, key) for key in Source._fields))
        for one in _tables(name, entry, "sources")
    )
    if not sources:
        raise ValueError(f"{name}: a range of versions has no source")
    for bound in ("since", "before"):
        if not re.fullmatch(r"\d+(\.\d+)*", _string(name, entry, bound)):
            raise ValueError(f"{name}: `{bound}` is not a version")
    lists = {key: tuple(_strings(name, entry, key)) for key in _LISTS}
    programs = bases.get(base, frozenset()) | frozenset(_strings(name, entry, "programs"))
    return ImageKnowledge(
        family=name.removesuffix(".toml"),
        names=tuple(_strings(name, data, "names")),
        since=_string(name, entry, "since"),
        before=_string(name, entry, "before"),
        programs=programs - frozenset(lists["absent"]),
        user=_string(name, entry, "user"),
        users=_users(name, entry),
        stop_signal=str(entry.get("stop_signal", "SIGTERM")),
        sources=sources,
        **lists,
    )


def _tables(name: str, data: Mapping[str, object], key: str) -> list[dict[str, object]]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name}: `{key}` must be an array of tables")
    return value


def _users(name: str, data: Mapping[str, object]) -> dict[str, int]:
    value = data.get("users", {})
    if not isinstance(value, dict) or not all(isinstance(one, int) for one in value.values()):
        raise ValueError(f"{name}: `users` must be a table of numbers")
    return value


def _string(name: str, data: Mapping[str, object], key: str) -> str:
    match data.get(key):
        case str(value):
            return value
        case _:
            raise ValueError(f"{name}: `{key}` must be a string")


def _strings(name: str, data: Mapping[str, object], key: str) -> list[str]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name}: `{key}` must be an array of strings")
    return [str(one) for one in value]
