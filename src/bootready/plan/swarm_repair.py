"""What only Docker Swarm gives -> edits for an engine alone, made on request.

An external secret becomes a file, which `prepare` then makes, and a network that spans nodes one of
this machine. The project may be a stack that nobody starts with Compose: that is a guess.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.action import Edit, EditFile
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lines import lines_of
from bootready.model.lookup import at
from bootready.model.node import Mapping, Scalar
from bootready.model.position import Span, YamlPath
from bootready.model.project import Project
from bootready.typed import NamedTuple


class SwarmEdit(NamedTuple):
    """A finding with the edit as its remedy, and the path of the model that it changes."""

    finding: Finding
    path: YamlPath


def external_as_file(project: Project, finding: Finding) -> SwarmEdit | None:
    """Return the edit that reads an external secret or config from a file of the project."""
    path = finding.primary.path[:2] if finding.primary else ()
    item = at(project.model, *path) if len(path) == 2 else None
    if finding.check_id != "secret-external" or not isinstance(item, Mapping):
        return None
    node, key = item.entries.get("external"), item.keys.get("external")
    if not isinstance(node, Scalar) or key is None or set(item.entries) - {"external", "name"}:
        return None
    words = f"file: ./{path[0]}/{path[1]}"
    span = Span(key.file, key.line, key.column, node.span.end_line, node.span.end_column)
    if key.line != node.span.end_line or _text(project, span) != "external: true":
        return None
    return _made(finding, Edit(span, words), f"set `{words}`", path)


def overlay_as_bridge(project: Project) -> Iterator[SwarmEdit]:
    """Yield the edits that keep networks of a swarm on this machine."""
    for network in project.networks:
        node = at(network.node, "driver")
        options = at(network.node, "driver_opts")
        if network.driver != "overlay" or network.external or not network.used or options:
            continue
        if not isinstance(node, Scalar) or node.references:
            continue
        text, span = _text(project, node.span), node.span
        if text.strip("\"'") != "overlay":
            continue
        message = f"network '{network.key}': driver 'overlay' needs Swarm mode"
        finding = Finding("network-driver-unknown", Severity.ERROR, message, network.location)
        edit = Edit(span, text.replace("overlay", "bridge"))
        yield _made(finding, edit, "set `driver: bridge`", network.location.path)


def _made(finding: Finding, edit: Edit, title: str, path: YamlPath) -> SwarmEdit:
    remedy = Remedy(title, Safety.ASK, (EditFile(edit.span.file, (edit,)),))
    return SwarmEdit(finding._replace(remedy=remedy), path)


def _text(project: Project, span: Span) -> str:
    lines = lines_of(project.sources.get(span.file, ""))
    if span.line != span.end_line or not 0 < span.line <= len(lines):
        return ""
    return lines[span.line - 1][span.column - 1 : span.end_column - 1]
