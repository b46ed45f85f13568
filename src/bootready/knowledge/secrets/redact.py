"""A text from a container or the engine -> the same text with every known secret masked.

Known are the contents of secret files and the values of variables, keys and options whose name says
that they are secret; what only looks like a secret is masked as everywhere.
"""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Callable, Iterable, Iterator

from bootready.knowledge.secrets.forms import (
    MASK,
    ORDINARY,
    masked,
    masked_hosts,
    masked_lines,
    masked_words,
)
from bootready.knowledge.secrets.names import names_a_secret
from bootready.model.lines import cut
from bootready.model.node import Plain, plain
from bootready.model.project import Project

_SHORTEST = 4
"""Characters; masking shorter values would mask half of every log."""
_LONGEST_SPLIT = 200
"""Characters; what is longer is a key or a file, and not typed into a URL."""


class Redactor:
    """Masks the secrets of one project, and what looks like a password in any text."""

    def __init__(self, values: Iterable[str], set_by_files: Iterable[tuple[str, str]] = ()) -> None:
        """`set_by_files` are variables with the value that an env file gives them."""
        self._pairs = frozenset(set_by_files)
        known = {shape for value in values for part in _pieces(value) for shape in _spellings(part)}
        self._values = sorted(known, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return `text` with every secret replaced by MASK."""
        for value in self._values:
            text = text.replace(value, MASK)
        return masked(cut(text))

    def lines(self, text: str) -> str:
        """Return `text` masked in such a way that its lines keep their numbers."""
        for value in self._values:
            text = text.replace(value, MASK + "\n" * value.count("\n"))
        return masked_lines(cut(text))

    def value(self, value: Plain) -> Plain:
        """Return a JSON value with its secrets masked: known ones, and those under telling keys."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, list):
            return [self.value(self._unset(item)) for item in _masked_words(value)]
        if isinstance(value, dict):
            return {
                self(key): MASK if self._hides(key, item) else self.value(_within(key, item))
                for key, item in value.items()
            }
        return value

    def _hides(self, key: str, value: Plain) -> bool:
        return _hides(key, value) or (isinstance(value, str) and (key, value) in self._pairs)

    def _unset(self, item: Plain) -> Plain:
        """Return an item ``NAME=value`` without the value, if an env file set it."""
        name, sign, value = item.partition("=") if isinstance(item, str) else ("", "", "")
        return f"{name}={MASK}" if sign and (name, value) in self._pairs else item


def _spellings(value: str) -> Iterator[str]:
    """Yield a secret as it is, and as URLs and base64 write it; nothing where it is too short."""
    if len(value) < _SHORTEST or value.lower() in ORDINARY or value.startswith("/run/secrets/"):
        return
    yield value
    yield urllib.parse.quote(value, safe="")
    yield base64.b64encode(value.encode()).decode().rstrip("=")


def _pieces(value: str) -> Iterator[str]:
    """Yield a secret, and what a program makes of it that reads a URL with it in it.

    ``postgres://app:p@ss:w0rd/1@db`` is split at signs that mean something in a URL. A piece that
    is a word of every log stays readable.
    """
    yield value
    if "://" in value or value[:1] in {"/", "."} or len(value) > _LONGEST_SPLIT:
        return
    for piece in re.split(r"[@:/?#]", value):
        if len(piece) >= _SHORTEST and piece != value and not piece.isdigit() and _is_own(piece):
            yield piece


def _is_own(piece: str) -> bool:
    """Tell whether a piece of a secret is not a word that a log has without it."""
    return not (piece.isalpha() and (piece.islower() or piece.istitle() or piece.isupper()))


def _hides(key: str, value: Plain) -> bool:
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return is_plain and names_a_secret(key)


def _within(key: str, value: Plain) -> Plain:
    """Return a value with its items masked, if what it is called tells of secrets or of hosts."""
    if not isinstance(value, list) or key == "secrets":
        return value
    if key.lower().replace("_", "") == "extrahosts":
        return [masked_hosts(one) if isinstance(one, str) else one for one in value]
    return [MASK if _hides(key, one) else one for one in value]


def _masked_words(items: list[Plain]) -> Iterator[Plain]:
    """Yield the items of a list, masked if ``NAME=`` or an option before it is telling."""
    words = masked_words([one if isinstance(one, str) else "" for one in items])
    for one, shown in zip(items, words, strict=True):
        yield shown if isinstance(one, str) else one


def _told_by_name(value: Plain) -> Iterator[str]:
    """Yield the values in a model whose key, ``NAME=`` or option says that they are secret."""
    if isinstance(value, dict):
        for key, item in value.items():
            if _hides(key, item):
                yield str(item)
            else:
                yield from _told_by_name(item)
    if isinstance(value, list):
        for word, shown in zip(value, _masked_words(value), strict=True):
            if isinstance(word, str) and word != shown:
                yield from _hidden_part(word, str(shown))
            else:
                yield from _told_by_name(word)


def _hidden_part(word: str, shown: str) -> Iterator[str]:
    """Yield what of a word was masked, if that is its end."""
    start = shown.removesuffix(MASK)
    if shown.endswith(MASK) and word.startswith(start):
        yield word[len(start) :]


def redactor_of(
    project: Project,
    contents: Iterable[str],
    is_public: Callable[[str, str], bool] = lambda _value, _file: False,
) -> Redactor:
    """Return what masks the secrets of `project`: `contents` are those of its secret files.

    `is_public` tells of a value and the file that it stands in whether everybody knows it: to mask
    a placeholder would hide the word in every log, ``database "postgres" does not exist``.
    """
    values: set[str] = set()
    own = {part for content in contents for part in _parts(content)}
    for secret in project.secrets:
        if secret.environment and secret.environment in project.variables:
            values.update(_parts(project.variables[secret.environment].value))
    for name, variable in project.variables.items():
        if names_a_secret(name):
            values.update(_parts(variable.value))
    for service in project.services:
        for entry in service.environment:
            if entry.value and names_a_secret(entry.name):
                values.update(_parts(entry.value))
    for use in project.uses:
        if use.reference.operator in {"-", ":-"} and names_a_secret(use.reference.name):
            values.update(_parts(use.reference.argument))
    nodes = [one.node for one in project.services]
    nodes += [one.node for one in project.volumes]
    nodes += [one.node for one in project.networks]
    for told in _told_by_name([plain(node) for node in nodes]):
        values.update(_parts(told))
    values = own | (values - _public(project, is_public))
    by_files = {
        (entry.name, entry.value)
        for service in project.services
        for entry in service.environment
        if entry.env_file and entry.value
    }
    return Redactor(values, by_files)


def _public(project: Project, is_public: Callable[[str, str], bool]) -> set[str]:
    """Return the values that are public wherever they stand."""
    written = [(one.value.strip(), one.source) for one in project.variables.values()]
    written += [
        ((entry.value or "").strip(), entry.location.span.file)
        for service in project.services
        for entry in service.environment
    ]
    written += [(use.reference.argument.strip(), use.reference.span.file) for use in project.uses]
    private = {value for value, file in written if not is_public(value, file)}
    return {value for value, _ in written} - private


def _parts(value: str) -> set[str]:
    """Return the value as a whole and line by line: a log rarely repeats a line break."""
    lines = {line.strip() for line in value.splitlines()}
    return {value.strip(), *(line for line in lines if not line.startswith("-----"))}
