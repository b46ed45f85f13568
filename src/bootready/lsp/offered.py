"""A place in an open file -> the names that may be typed there, of the project as it last was."""

from __future__ import annotations

from bootready.check.discover import index
from bootready.model.project import Project
from bootready.regex import regex
from bootready.typed import NamedTuple

_VARIABLE = regex(r"(?<!\$)\$\{?(\w{0,200})\Z")
_IGNORED = regex(r"bootready: ignore\[(?:[\w-]+, ?)*([\w-]{0,200})\Z")
_KEYED = regex(r"[ -]*+(?P<key>[\w-]{1,100}):(?:[ ]++(?P<value>.*))?\Z")
_ITEM = regex(r"[ ]*-[ ]++(?P<value>.*)\Z")
_LEVELS = 2000
"""Lines above the place in which the key is looked for that it belongs to."""
_KINDS = {
    "depends_on": "service",
    "links": "service",
    "secrets": "secret",
    "configs": "config",
    "networks": "network",
    "volumes": "volume",
    "profiles": "profile",
}
_IN_LONG_SYNTAX = {"service": "service", "source": "", "extends": "service"}
"""Keys of the long syntax that name something: its kind, '' for that of the list it is in."""


class Offer(NamedTuple):
    """A name that may be typed, and the kind of thing that has it."""

    name: str
    kind: str
    detail: str = ""


def offered(project: Project, text: str, line: int, column: int) -> tuple[Offer, ...]:
    """Return the names that may stand at `line` and `column`, from 1; all of the kind."""
    lines = text.split("\n")
    before = lines[line - 1][: column - 1] if line <= len(lines) else ""
    if _VARIABLE.search(before):
        return _variables(project)
    if _IGNORED.search(before):
        return tuple(Offer(entry.id, "check", entry.severity) for entry in index())
    kind = _kind(lines, line - 1, before)
    return tuple(Offer(name, kind) for name in _names(project, kind))


def _variables(project: Project) -> tuple[Offer, ...]:
    """Return those that a file sets or uses; of the shell's hundred others nobody thinks here."""
    known = {name for name, one in project.variables.items() if one.line}
    names = known | {use.reference.name for use in project.uses}
    return tuple(Offer(name, "variable") for name in sorted(names))


def _names(project: Project, kind: str) -> list[str]:
    if kind == "service":
        return sorted({*(one.name for one in project.services), *project.disabled})
    if kind == "profile":
        return sorted({name for one in project.services for name in one.profiles})
    if kind in {"secret", "config"}:
        return sorted(
            one.name for one in (project.secrets if kind == "secret" else project.configs)
        )
    if kind == "network":
        return sorted(one.key for one in project.networks)
    return sorted(one.key for one in project.volumes) if kind == "volume" else []


def _kind(lines: list[str], number: int, before: str) -> str:
    """Return the kind of thing that is named at the end of `before`, '' for none that we know."""
    flow = before.rpartition("[")[0] if _is_open(before) else ""
    own = _KEYED.match(flow or before)
    if own is not None and (flow or own["value"] is not None):
        key = own["key"]
        if flow:
            return _KINDS.get(key, "") if _depth(before) else ""
        kind = _IN_LONG_SYNTAX.get(key)
        if kind is None:
            return ""
        return kind or _KINDS.get(_above(lines, number, before), "")
    if _ITEM.match(before) or not before.strip() or before.strip().isidentifier():
        return _KINDS.get(_above(lines, number, before), "") if _depth(before) > 2 else ""
    return ""


def _is_open(before: str) -> bool:
    """Tell whether the end of a line is inside a list in brackets."""
    return before.count("[") > before.count("]")


def _above(lines: list[str], number: int, before: str) -> str:
    """Return the key of the list or mapping that the line of that number belongs to."""
    depth = _depth(before)
    for line in reversed(lines[max(0, number - _LEVELS) : number]):
        found = _KEYED.match(line)
        indent = _depth(line)
        if found is None or not line.strip():
            continue
        is_item = line.lstrip().startswith("-")
        if not is_item and (indent < depth or (indent == depth and before.lstrip()[:1] == "-")):
            return found["key"]
    return ""


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
