"""Stack -> a Mermaid flowchart: for a README or a pull request, which GitHub draws itself."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.model.finding import Severity
from bootready.model.printable import printable
from bootready.report.project.view import Edge, Stack
from bootready.report.talks import Talk

_CLASSES = {
    "error": "fill:#fde8e8,stroke:#c81e1e,color:#771d1d",
    "warning": "fill:#fdf6e3,stroke:#b7791f,color:#633112",
    "note": "fill:#e8f1fd,stroke:#1e5fc8,color:#1d3a77",
}
_MARKS = {Severity.ERROR: "✕ ", Severity.WARNING: "! ", Severity.NOTE: "i "}


def render_mermaid(stack: Stack) -> str:
    """Return the graph; arrows point at what a service waits for, dotted for any start.

    Thick ones point at whom it talks to, with protocol and port.
    """
    return "\n".join(["flowchart LR", *graph_lines(stack), *class_lines([(stack, "")])]) + "\n"


def graph_lines(stack: Stack, prefix: str = "") -> list[str]:
    """Return the services and arrows of one project; `prefix` begins the names of its nodes."""
    ids = _ids(stack, prefix)
    lines = []
    for card in stack.cards:
        mark = _MARKS.get(card.worst, "") if card.worst else ""
        text = f'["{mark}{node_text(card.name)}"]'
        shape = f"({text})" if card.ports else text
        lines.append(f"  {ids[card.name]}{shape}")
    lines += [_edge(edge, ids) for edge in stack.edges]
    return lines + [_talk(talk, ids) for talk in stack.talks]


def class_lines(stacks: Iterable[tuple[Stack, str]]) -> list[str]:
    """Return the colours of the services of projects, each with the prefix of its nodes."""
    members: dict[str, list[str]] = {severity: [] for severity in _CLASSES}
    for stack, prefix in stacks:
        ids = _ids(stack, prefix)
        for card in stack.cards:
            if card.worst:
                members[card.worst.value].append(ids[card.name])
    lines = []
    for severity, style in _CLASSES.items():
        if members[severity]:
            names = ",".join(members[severity])
            lines += [f"  classDef {severity} {style}", f"  class {names} {severity}"]
    return lines


def _ids(stack: Stack, prefix: str) -> dict[str, str]:
    return {card.name: f"{prefix}s{number}" for number, card in enumerate(stack.cards)}


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    words = {"service_healthy": "healthy", "service_completed_successfully": "done"}
    label = words.get(edge.condition)
    arrow = f"-->|{label}|" if label else "-.->"
    return f"  {ids[edge.service]} {arrow} {ids[edge.needs]}"


def _talk(talk: Talk, ids: dict[str, str]) -> str:
    ports = " ".join(map(str, talk.ports))
    label = " ".join(filter(None, (talk.protocol, ports))) or "talks"
    return f"  {ids[talk.service]} ==>|{label}| {ids[talk.target]}"


def node_text(name: str) -> str:
    """Return a name as the text of a node may hold it."""
    name = printable(name)
    return name.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;")
