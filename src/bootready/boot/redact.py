"""A text from a container or the engine -> the same text with every known secret masked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bootready.model.project import Project

MASK = "****"

_SENSITIVE = re.compile(
    r"pass(word|wd|phrase)?($|_)|passw|secret|token|api_?key|private_?key|credential|webhook|dsn"
    r"|(^|_)(key|auth|pwd|pw)$",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(\w+://[^\s:/@]+:)[^\s@/]+(@)")
_ASSIGNED = re.compile(
    r"((?:password|passwd|secret|token|api[_-]?key)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&]+",
    re.IGNORECASE,
)
_SHORTEST = 4
"""Characters; masking shorter values would mask half of every log."""


class Redactor:
    """Masks the secrets of one project, and what looks like a password in any text."""

    def __init__(self, values: Iterable[str]) -> None:
        known = {value for value in values if len(value) >= _SHORTEST}
        self._values = sorted(known, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return `text` with every secret replaced by MASK."""
        for value in self._values:
            text = text.replace(value, MASK)
        text = _USERINFO.sub(rf"\g<1>{MASK}\g<2>", text)
        return _ASSIGNED.sub(rf"\g<1>{MASK}", text)


def sensitive(name: str) -> bool:
    """Tell whether a variable of that name is meant to hold a secret."""
    if name in {"PWD", "OLDPWD"} or name.upper().endswith(("_FILE", "_PATH")):
        return False
    return _SENSITIVE.search(name) is not None


def redactor_of(project: Project) -> Redactor:
    """Return what masks the secrets of `project`: its secret files and its sensitive variables."""
    values: set[str] = set()
    for secret in project.secrets:
        if secret.file:
            values.update(_parts(_read(secret.file)))
        if secret.environment and secret.environment in project.variables:
            values.update(_parts(project.variables[secret.environment].value))
    for name, variable in project.variables.items():
        if sensitive(name):
            values.update(_parts(variable.value))
    for service in project.services:
        for entry in service.environment:
            if entry.value and sensitive(entry.name):
                values.update(_parts(entry.value))
    return Redactor(values)


def _parts(value: str) -> set[str]:
    """Return the value as a whole and line by line: a log rarely repeats a line break."""
    lines = {line.strip() for line in value.splitlines()}
    return {value.strip(), *(line for line in lines if not line.startswith("-----"))}


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(100_000)
    except OSError:
        return ""
