"""Findings about images -> edits of Compose files that need no judgement.

A mount where the image refuses it moves to where the image keeps its data now; a probe calls the
program that the image has in place of the one that it lacks; a service that others wait for gets
the healthcheck that is known for its image.
"""

from __future__ import annotations

import json
import re

from bootready.knowledge.images.conditions import seen_of
from bootready.knowledge.images.facts import Probe
from bootready.knowledge.images.known import KnownService, known_image
from bootready.model.action import Edit
from bootready.model.finding import Finding
from bootready.model.lines import lines_of
from bootready.model.lookup import at
from bootready.model.node import Mapping
from bootready.model.position import Span, YamlPath
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import NamedTuple

_CURL = regex(r"curl((?:\s+(?:-[fsSLk]+|--fail|--silent|--show-error))*)\s+(https?://[^\s'\"|&;]+)")


class ImageEdit(NamedTuple):
    """An edit, what it does in words, and the paths of the model that it changes."""

    edit: Edit
    title: str
    path: YamlPath


def image_edit(project: Project, finding: Finding) -> ImageEdit | None:
    """Return the edit that repairs a finding about an image, None where that takes judgement."""
    if finding.primary is None:
        return None
    if finding.check_id == "image-data-directory-moved" and finding.kind:
        return _moved(project, finding)
    if finding.check_id == "healthcheck-program-absent" and finding.kind.partition(">")[2]:
        return _replaced(project, finding)
    if finding.check_id == "dependency-without-healthcheck":
        return _probed(project, finding)
    return None


def _moved(project: Project, finding: Finding) -> ImageEdit | None:
    old, _, new = finding.kind.partition(">")
    place = finding.primary
    if place is None or not old or not new:
        return None
    pattern = re.compile(rf"(?<![\w./-]){re.escape(old)}/?(?![\w./-])")
    span = _found(project, place.span, pattern)
    path = place.path[:4]
    return span and ImageEdit(Edit(span, new), f"mount the volume at {new}", path)


def _replaced(project: Project, finding: Finding) -> ImageEdit | None:
    old, _, new = finding.kind.partition(">")
    path = finding.primary.path[:4] if finding.primary else ()
    node = at(project.model, *path)
    if node is None:
        return None
    title = f"probe with {new}, which the image has"
    if old != "curl" or new != "wget":
        span = _found(project, node.span, re.compile(rf"(?<![\w./-]){re.escape(old)}(?![\w./-])"))
        return span and ImageEdit(Edit(span, new), title, path)
    service = project.service(str(path[1]))
    test = service.healthcheck.test if service and service.healthcheck else ()
    words = _with_wget(test)
    text = json.dumps(list(words)).replace("$", "$$") if words else ""
    return ImageEdit(Edit(node.span, text), title, path) if text else None


def _with_wget(test: tuple[str, ...]) -> tuple[str, ...]:
    """Return a test with wget in place of curl, () where curl does more than ask."""
    if test[:1] == ("CMD-SHELL",):
        line, count = _CURL.subn(r"wget -q --spider \2", test[1])
        return ("CMD-SHELL", line) if count == 1 and "curl" not in line else ()
    found = _CURL.fullmatch(" ".join(test[1:]))
    return ("CMD", "wget", "-q", "--spider", found[2]) if found else ()


def _probed(project: Project, finding: Finding) -> ImageEdit | None:
    """Return the edit that writes the known healthcheck of the service that is waited for."""
    path = finding.primary.path if finding.primary else ()
    if path[2:3] != ("depends_on",) or len(path) < 4:
        return None
    name = path[3] if isinstance(path[3], str) else ""
    service = project.service(name)
    if service is None or not service.image or service.build is not None or service.healthcheck:
        return None
    probe = _known_probe(project, service)
    key = service.node.keys.get("image") if isinstance(service.node, Mapping) else None
    line = _line(project, key) if key else ""
    if probe is None or key is None or not line.lstrip().startswith("image:"):
        return None
    indent = " " * (len(line) - len(line.lstrip()))
    rows = [
        "healthcheck:",
        f"  test: {json.dumps(list(probe.test))}",
        f"  interval: {probe.interval}s",
        f"  timeout: {probe.timeout}s",
        f"  retries: {probe.retries}",
        f"  start_period: {probe.start_period}s",
    ]
    text = "".join(f"{indent}{row}\n" for row in rows)
    # Below the image, above it where that is the last line and no newline ends it.
    last = len(project.sources[key.file].splitlines())
    after = (
        key.line + 1 if key.line < last or project.sources[key.file].endswith("\n") else key.line
    )
    span = Span(key.file, after, 1, after, 1)
    return ImageEdit(
        Edit(span, text),
        "add the healthcheck known for its image",
        ("services", name, "healthcheck"),
    )


def _known_probe(project: Project, service: Service) -> Probe | None:
    image = known_image(service.image or "")
    if image is None or image.care:
        return None
    known = KnownService(service, image, seen_of(project, service, image.contents().command))
    if not known.runs_program:
        return None
    probes = known.facts(image.family.probes)
    return next((probe for probe, care in probes if not care), None)


def _found(project: Project, span: Span, pattern: re.Pattern[str]) -> Span | None:
    """Return the place of the only match of `pattern` in the lines of a span."""
    lines = lines_of(project.sources.get(span.file, ""))
    found = [
        Span(span.file, number, match.start() + 1, number, match.end() + 1)
        for number in range(span.line, min(max(span.end_line, span.line), len(lines)) + 1)
        for match in pattern.finditer(lines[number - 1])
    ]
    return found[0] if len(found) == 1 else None


def _line(project: Project, span: Span) -> str:
    lines = lines_of(project.sources.get(span.file, ""))
    return lines[span.line - 1] if 0 < span.line <= len(lines) else ""
