"""A text from a container or the engine -> the same text with every known secret masked.

Known are the contents of secret files, the values of variables, keys and options whose name says
that they are secret, and what looks like a credential wherever it stands: keys, tokens, passwords
in addresses.
"""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Iterable, Iterator

from bootready.model.node import Plain, plain
from bootready.model.project import Project

MASK = "****"

_SENSITIVE = re.compile(
    r"pass(word|wd|phrase)?($|_)|passw|secret|token|api_?key|private_?key|credential|webhook|dsn"
    r"|(^|_)(key|auth|sk|salt)$|pwd?$|cookie|passcode",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(\w+://[^\s:/@]*:)[^\s@/]+(@)")
_WORD = r"pass(?:word|wd|phrase|code)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
_FILE = r"(?![\w.-]*(?:file|path)\b)"
"""What names the file of a secret is no secret."""
_ASSIGNED = re.compile(
    rf"((?:(?:{_WORD})(?:[_.-]{_FILE}[\w.-]*)?|[_-]pass|\bpass|pwd)"
    r"[\"']?(?:\s+is)?\s*[=:]\s*[\"']?)[^\s\"',;&]+",
    re.IGNORECASE,
)
_OPTION = re.compile(
    rf"((?<!\w)--?[\w-]*(?:{_WORD}|pass)(?:-{_FILE}[\w-]*)?[\"']?[ =,]+[\"']?)(?![=,-])[^\s\"']+",
    re.IGNORECASE,
)
_CLIENTS = re.compile(
    r"(\b(?:mysql|mariadb)\w*\b[^\n;|&]*? -p|\b(?:redis|valkey)-cli\b[^\n;|&]*? -a ?[\"']?"
    r"|\b(?:curl|wget)\b[^\n;|&]*? (?:-u|--user)[ =]?[\"']?[^\s:\"']+:"
    r"|\b(?:requirepass|masterauth)[ \t]+[\"']?|\b(?:Set-)?Cookie: *[^=\s]+=)[^\s\"';]+"
)
"""Clients that take a password by a letter, and what servers and browsers call theirs."""
_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}"
    r"|\bxox[abprs]-[\w-]{10,}|\b[sr]k_(?:live|test)_\w{8,}|\bsk-[\w-]{20,}|\bglpat-[\w-]{16,}"
    r"|\bnpm_\w{30,}|\bAIza[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bbot\d{6,}:[\w-]{30,}"
    r"|(?<=hooks\.slack\.com/)[\w/-]{8,}|(?<=/api/webhooks/)[\w/-]{8,}"
    r"|\$(?:2[aby]|apr1|5|6|argon2\w*)\$[\w./$,=+-]{8,}|(?<=Bearer )[\w.~+/=-]{8,}"
    r"|(?<=Basic )[\w+/=]{8,}",
    re.DOTALL,
)
_SQL = re.compile(r"(?:.*/)?(?:mysql|mariadb)[\w-]*")
_REDIS = re.compile(r"(?:.*/)?(?:redis|valkey)-cli")
_SHORTEST = 4
"""Characters; masking shorter values would mask half of every log."""
_ORDINARY = {"true", "false", "none", "null", "auto", "required", "enabled", "disabled", "default"}
"""Values of settings with a telling name (ENABLE_AUTH=true) that are no secrets."""


class Redactor:
    """Masks the secrets of one project, and what looks like a password in any text."""

    def __init__(self, values: Iterable[str]) -> None:
        known = {shape for value in values for shape in _spellings(value)}
        self._values = sorted(known, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return `text` with every secret replaced by MASK."""
        for value in self._values:
            text = text.replace(value, MASK)
        text = _SHAPES.sub(MASK, text)
        text = _OPTION.sub(rf"\g<1>{MASK}", text)
        text = _CLIENTS.sub(rf"\g<1>{MASK}", text)
        text = _USERINFO.sub(rf"\g<1>{MASK}\g<2>", text)
        return _ASSIGNED.sub(rf"\g<1>{MASK}", text)

    def lines(self, text: str) -> str:
        """Return `text` masked in such a way that its lines keep their numbers."""
        whole = _SHAPES.sub(lambda found: MASK + "\n" * found[0].count("\n"), text)
        return "\n".join(self(line) for line in whole.split("\n"))

    def value(self, value: Plain) -> Plain:
        """Return a JSON value with its secrets masked: known ones, and those under telling keys."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, list):
            return [self.value(item) for item in _masked_words(value)]
        if isinstance(value, dict):
            return {
                self(key): MASK if _hides(key, item) else self.value(item)
                for key, item in value.items()
            }
        return value


def _spellings(value: str) -> Iterator[str]:
    """Yield a secret as it is, and as URLs and base64 write it; nothing where it is too short."""
    if len(value) < _SHORTEST or value.lower() in _ORDINARY or value.startswith("/run/secrets/"):
        return
    yield value
    yield urllib.parse.quote(value, safe="")
    yield base64.b64encode(value.encode()).decode().rstrip("=")


def _hides(key: str, value: Plain) -> bool:
    return sensitive(key) and isinstance(value, str | int | float) and not isinstance(value, bool)


def _masked_words(words: list[Plain]) -> Iterator[Plain]:
    """Yield the items of a list, masked where ``NAME=`` or an option before it is telling."""
    before = ""
    sql = any(isinstance(one, str) and _SQL.fullmatch(one) for one in words)
    redis = any(isinstance(one, str) and _REDIS.fullmatch(one) for one in words)
    for word in words:
        if not isinstance(word, str):
            yield word
            continue
        name, sign, _ = word.partition("=")
        if before.startswith("-") and "=" not in before and _tells(before):
            yield word if word.startswith("-") else MASK
        elif sql and word.startswith("-p") and len(word) > 2:
            yield f"-p{MASK}"
        elif redis and before == "-a":
            yield MASK
        elif sign and _tells(name):
            yield f"{name}={MASK}"
        else:
            yield word
        before = word


def _tells(name: str) -> bool:
    return " " not in name and sensitive(name.strip("-").replace("-", "_").rpartition(".")[2])


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
                yield word if shown == MASK else word.partition("=")[2] or word[2:]
            else:
                yield from _told_by_name(word)


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
    nodes = [one.node for one in project.services]
    nodes += [one.node for one in project.volumes]
    nodes += [one.node for one in project.networks]
    for told in _told_by_name([plain(node) for node in nodes]):
        values.update(_parts(told))
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
