"""A tag and a family -> the version and variant that it stands for, and what holds of it.

``8`` is the newest 8.x there is: numbers that a tag leaves out count as the highest. What `latest`
and other moving tags meant when the family was read is in its data file; they only ever move on,
so that what holds from some version on holds of them.
"""

from __future__ import annotations

import re

from bootready.knowledge.images.facts import Family, Scope
from bootready.typed import NamedTuple

_HIGHEST = 1 << 40
_DISTRIBUTIONS = (
    *("alpine", "slim", "buster", "bullseye", "bookworm", "trixie", "stretch", "jessie"),
    *("focal", "jammy", "noble", "debian", "ubuntu", "oracle", "amd64", "arm64", "linux"),
)
_NUMBERED = frozenset({"", "rc", "alpha", "beta", "p", "r", "build", "php", "jdk", "jre"})
"""Words before a number that say nothing of what is in the image."""


class Version(NamedTuple):
    """What a tag stands for. `care` says why what depends on the version is not sure, or ''."""

    numbers: tuple[int, ...]
    variants: tuple[str, ...]
    care: str

    def is_variant(self, names: tuple[str, ...]) -> bool:
        """Tell whether one of `names` is a variant of this tag; of negated ones all must hold."""
        if not names:
            return True
        wanted = [name for name in names if not name.startswith("!")]
        if any(self._has(name[1:]) for name in names if name.startswith("!")):
            return False
        return not wanted or any(self._has(name) for name in wanted)

    def _has(self, name: str) -> bool:
        return any(word.startswith(name) for word in self.variants)


class Holds(NamedTuple):
    """Whether a fact holds of a version; `care` says why that is not certain."""

    holds: bool
    care: str


def version_of(tag: str, digest: str, family: Family) -> Version:
    """Return the version of a tag, as far as the family's knowledge goes."""
    if not tag and digest:
        return _known(family, "latest", (), "a digest does not tell the version")
    tag = tag or "latest"
    if family.version:
        found = re.search(family.version, tag)
        if found:
            numbers = tuple(int(part) for part in found.groups() if part)
            rest = tag[: found.start()] + tag[found.end() :]
            return _judged(numbers, _words(rest), family)
    for moving in _prefixes(tag):
        if moving in family.tags:
            return _known(family, moving, _words(tag), "")
    start = tag.removeprefix("v")
    rest = start.lstrip("0123456789.")
    parts = start[: len(start) - len(rest)].split(".")
    if all(parts):
        return _judged(tuple(map(int, parts)), _words(rest), family)
    words = _words(tag)
    if all(_distribution(word) or _is_one(word, family.variants) for word in words):
        return _known(family, "latest", words, "")
    return _known(family, "latest", words, f"unknown tag '{tag}'")


def holds(scope: Scope, version: Version) -> Holds:
    """Tell whether a fact holds of a version, by its numbers and variants alone."""
    if not version.is_variant(scope.variants):
        return Holds(holds=False, care="")
    bounded = scope.since or scope.before
    if scope.since and version.numbers < numbers_of(scope.since):
        return Holds(holds=False, care="")
    if scope.before and version.numbers >= numbers_of(scope.before):
        return Holds(holds=False, care="")
    return Holds(holds=True, care=version.care if bounded or scope.variants else "")


def numbers_of(version: str) -> tuple[int, ...]:
    """Return the numbers of a version as written in a data file."""
    return tuple(map(int, version.split(".")))


def _known(family: Family, moving: str, words: tuple[str, ...], care: str) -> Version:
    meant = family.tags.get(moving, "")
    if not meant:
        return Version((_HIGHEST,), words, care or f"the tag '{moving}' may be any version")
    numbers = numbers_of(meant)
    return Version((*numbers, _HIGHEST), words, care)


def _judged(numbers: tuple[int, ...], words: tuple[str, ...], family: Family) -> Version:
    care = ""
    newest = numbers_of(family.newest) if family.newest else ()
    if newest and numbers[: len(newest)] > newest:
        care = f"newer than the newest version known here, {family.newest}"
    strange = [w for w in words if not _distribution(w) and not _is_one(w, family.variants)]
    if strange and not care:
        care = f"unknown variant '{strange[0]}'"
    return Version((*numbers, _HIGHEST), words, care)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace("_", "-").replace("+", "-").split("-") if word)


def _prefixes(tag: str) -> list[str]:
    words = tag.split("-")
    return ["-".join(words[:end]) for end in range(len(words), 0, -1)]


def _distribution(word: str) -> bool:
    return (
        _is_one(word, _DISTRIBUTIONS)
        or word.rstrip("0123456789.") in _NUMBERED
        or (6 < len(word) <= 40 and not word.strip("0123456789abcdef"))
    )


def _is_one(word: str, names: tuple[str, ...]) -> bool:
    return any(word.startswith(name) for name in names)
