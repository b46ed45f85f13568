"""Findings about addresses -> edits of the files that hold them: a host, a port, `depends_on`."""

from __future__ import annotations

import re

from bootready.model.action import Edit
from bootready.model.finding import Finding
from bootready.model.lines import lines_of
from bootready.model.lookup import at
from bootready.model.node import Scalar
from bootready.model.position import Span
from bootready.model.project import Project
from bootready.plan.image_repair import ImageEdit

_ADDRESSES = frozenset(
    [
        "address-loopback",
        "host-unresolved",
        "networks-unshared",
        "port-published-for-container",
        "port-unserved",
    ]
)


def address_edit(project: Project, finding: Finding) -> ImageEdit | None:
    """Return the edit that writes the right host or port, None where that takes judgement.

    `kind` of the finding is ``old>new``, as both stand in the address. Only a place in a Compose or
    env file is edited, and only where the old one stands there once, as it is.
    """
    old, _, new = finding.kind.partition(">")
    place = finding.primary
    if finding.check_id not in _ADDRESSES or place is None or not old or not new:
        return None
    if place.path[:1] != ("services",) or place.span.file not in project.sources:
        return None
    pattern = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w.-])")
    span = _only(project, place.span, pattern)
    title = f"write {new} instead of {old}"
    return ImageEdit(Edit(span, new), title, place.path[:4]) if span else None


def dependency_edit(project: Project, finding: Finding) -> ImageEdit | None:
    """Return the edit that lets a service wait for the one that `kind` names.

    Only where that has a healthcheck, and where the service has no `depends_on` yet.
    """
    place, target = finding.primary, project.service(finding.kind)
    if finding.check_id != "dependency-undeclared" or place is None or target is None:
        return None
    client = project.service(str(place.path[1])) if len(place.path) > 1 else None
    if client is None or client.depends_on or _waits(project, target.name, client.name):
        return None
    check, image = target.healthcheck, at(client.node, "image")
    key = client.node.keys.get("image")
    if check is None or check.disabled or key is None or not isinstance(image, Scalar):
        return None
    lines = lines_of(project.sources.get(key.file, ""))
    line = lines[key.line - 1] if 0 < key.line <= len(lines) else ""
    if not line.lstrip().startswith("image:") or image.span.line != key.line:
        return None
    indent = " " * (len(line) - len(line.lstrip()))
    rows = ("depends_on:", f"  {target.name}:", "    condition: service_healthy")
    text = "".join(f"{indent}{row}\n" for row in rows)
    ended = key.line < len(lines) or project.sources[key.file].endswith("\n")
    after = key.line + 1 if ended else key.line
    edit = Edit(Span(key.file, after, 1, after, 1), text)
    title = f"let it wait for '{target.name}'"
    return ImageEdit(edit, title, ("services", client.name, "depends_on"))


def _waits(project: Project, name: str, other: str) -> bool:
    """Tell whether service `name` waits for `other`, directly or through others."""
    seen: set[str] = set()
    left = [name]
    while left:
        service = project.service(left.pop())
        needed = {one.service for one in service.depends_on} if service else set()
        left += needed - seen
        seen |= needed
    return other in seen


def _only(project: Project, span: Span, pattern: re.Pattern[str]) -> Span | None:
    """Return the place of the only match of `pattern` in the value at `span`."""
    lines = lines_of(project.sources.get(span.file, ""))
    if not 0 < span.line <= len(lines) or span.end_line > span.line + 50:
        return None
    found = []
    for number in range(span.line, min(max(span.end_line, span.line), len(lines)) + 1):
        line = lines[number - 1]
        start = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line > 0 else len(line)
        found += [
            Span(span.file, number, one.start() + 1, number, one.end() + 1)
            for one in pattern.finditer(line, start, max(end, start))
        ]
    return found[0] if len(found) == 1 else None
