"""Examples of env files: the names under which projects keep them, and what their lines set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

ENV_TEMPLATES = (
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".env.default",
    ".env.defaults",
    "env.example",
    "example.env",
    "env.sample",
    "sample.env",
    "env.template",
    "template.env",
    "env.dist",
    "default.env",
    ".example.env",
    "dot.env",
    "dotenv.example",
    ".env-example",
    ".env_example",
    ".env-sample",
    ".env-template",
    "env-example",
    "env_example",
    "env_template",
    "env-template",
    "env.default",
    "env.tmpl",
    ".env.tmpl",
    ".env.tpl",
    "dot.env.template",
    "dot.env.example",
    "dotenv.template",
    "dotenv.sample",
    ".env.local.example",
    ".env.docker.example",
    ".env.example.docker",
    "docker.env.example",
    "compose.env.example",
    "stack.env.example",
    ".env.production.example",
    ".env.prod.example",
    ".env.example.prod",
    ".env.development.example",
    ".env.dev.example",
)
"""Names met in public repositories and their usual spellings, the commonest first."""

_FOLDERS = ("examples", "example", "samples", "sample", "templates", "defaults", "dist")
"""Folders beside a file that hold examples under its own name."""
_MARK = r"(?:example|sample|template|tmpl|tpl|dist|defaults?|dot(?=[._-]?env))"
"""Words in the name of an example."""
_MARK_WORDS = ("example", "sample", "template", "tmpl", "tpl", "dist", "default", "dot")
_MARKED = regex(_MARK, re.IGNORECASE, needs=_MARK_WORDS)
_MARKED_ALONE = regex(
    rf"[._-]?(?<![A-Za-z0-9]){_MARK}(?![A-Za-z0-9])[._-]?", re.IGNORECASE, needs=_MARK_WORDS
)
_WORDS = ("example", "sample", "template", "dist", "default", "defaults")
_ASSIGNMENT = regex(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*(.*)$")


class Setting(NamedTuple):
    """One variable of an env file: the line (or lines) that sets it, and the comment above it."""

    name: str
    text: str
    comment: str
    line: int
    is_empty: bool


def templates_for(path: str) -> tuple[str, ...]:
    """Return where the example of the env file `path` may be, best first: beside it, by name."""
    directory, slash, name = path.rpartition("/")
    if name == ".env":
        return tuple(f"{directory}{slash}{one}" for one in ENV_TEMPLATES)
    stem, dot, extension = name.rpartition(".")
    names = [f"{name}{mark}{word}" for word in _WORDS for mark in (".", "_", "-")]
    if stem:
        names += [f"{stem}.{word}{dot}{extension}" for word in _WORDS]
    names += [f"{word}.{name.lstrip('.')}" for word in _WORDS]
    names += [f"{folder}/{name}" for folder in _FOLDERS]
    above = directory.rpartition("/")[0]
    beside = [f"{above}/{folder}/{name}" for folder in _FOLDERS] if above else []
    return (*(f"{directory}{slash}{one}" for one in names), *beside)


def example_of(host: Host, path: str) -> tuple[str, str] | None:
    """Return the example of the file `path` and its text: beside it, or in a folder of examples."""
    folder, _, name = path.rpartition("/")
    for place in (folder, *(f"{folder}/{one}" for one in _FOLDERS)):
        for entry in host.entries(place):
            if is_example(entry, name) or (place != folder and entry == name):
                found = f"{place}/{entry}"
                text = None if host.leaves_repository(found) else host.read_text(found)
                if text is not None:
                    return found, text
    return None


def is_example(entry: str, name: str) -> bool:
    """Tell whether a file called `entry` is the example of one called `name`."""
    if entry == name or _MARKED.search(entry) is None:
        return False
    bare = re.sub(rf"[._-]?{_MARK}[._-]?", "", entry, count=1, flags=re.IGNORECASE)
    return re.sub(r"[._-]", "", bare) == re.sub(r"[._-]", "", name)


_CONFIGURES = regex(
    r"(?!(?:docker-)?compose\b)[\w-][\w.-]*\.(?:ya?ml|json5?|toml|ini|conf|cfg|config|properties|xml|env"
    r"|php|py|rb|js|ts|mjs|cjs|hcl|tfvars|exs)|\.env",
    re.IGNORECASE,
)
"""Names of files that programs are configured by, but for those that Compose reads by itself."""


def original_of(entry: str) -> str:
    """Return the name of the file that `entry` is the example of, '' where it is none."""
    found = _MARKED_ALONE.search(entry)
    if found is None:
        return ""
    before, after = entry[: found.start()], entry[found.end() :]
    name = f"{before}.{after}" if before and after else before or after
    return name if configures(name) else ""


def configures(name: str) -> bool:
    """Tell whether a file called `name` is one that programs are configured by."""
    return _CONFIGURES.fullmatch(name) is not None


def settings_in(text: str) -> dict[str, Setting]:
    """Return what an env file sets, by name, the last line that sets a name winning."""
    return {setting.name: setting for setting in _settings(text.splitlines())}


def value_of(setting: Setting) -> str:
    """Return the value of a setting as it is written, without quotes and the comment after it."""
    value = setting.text.partition("=")[2].strip()
    quote = value[:1]
    if quote in {"'", '"'}:
        return value[1:].partition(quote)[0]
    return "" if quote == "#" else value.partition(" #")[0].rstrip()


def _settings(lines: list[str]) -> Iterator[Setting]:
    comment: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        found = _ASSIGNMENT.match(line)
        if found:
            count = _lines_of(found[2], lines[number + 1 :])
            text = "\n".join(lines[number : number + count])
            empty = found[2].partition(" #")[0].strip() in {"", '""', "''"} or found[2][:1] == "#"
            yield Setting(found[1], text, "\n".join(comment), number + 1, empty)
            number += count
            comment = []
            continue
        comment = [*comment, line] if line.lstrip().startswith("#") else []
        number += 1


def _lines_of(value: str, following: list[str]) -> int:
    """Return over how many lines a value goes: more than one only where a quote stays open."""
    quote = value[:1]
    if quote not in {"'", '"'} or _closes(value[1:], quote):
        return 1
    for count, line in enumerate(following, 2):
        if _closes(line, quote):
            return count
    return 1


def _closes(text: str, quote: str) -> bool:
    return re.search(rf"(?<!\\){quote}", text) is not None
