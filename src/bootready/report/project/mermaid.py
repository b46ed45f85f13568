"""Stack -> a Mermaid flowchart: for a README or a pull request, which GitHub draws itself."""

from __future__ import annotations

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
    ids = {card.name: f"s{number}" for number, card in enumerate(stack.cards)}
    lines = ["flowchart LR"]
    for card in stack.cards:
        mark = _MARKS.get(card.worst, "") if card.worst else ""
        shape = f'(["{mark}{_text(card.name)}"])' if card.ports else f'["{mark}{_text(card.name)}"]'
        lines.append(f"  {ids[card.name]}{shape}")
    lines += [_edge(edge, ids) for edge in stack.edges]
    lines += [_talk(talk, ids) for talk in stack.talks]
    for severity, style in _CLASSES.items():
        members = [
            ids[card.name] for card in stack.cards if card.worst and card.worst.value == severity
        ]
        if members:
            lines += [f"  classDef {severity} {style}", f"  class {','.join(members)} {severity}"]
    return "\n".join(lines) + "\n"


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    words = {"service_healthy": "healthy", "service_completed_successfully": "done"}
    label = words.get(edge.condition)
    arrow = f"-->|{label}|" if label else "-.->"
    return f"  {ids[edge.service]} {arrow} {ids[edge.needs]}"


def _talk(talk: Talk, ids: dict[str, str]) -> str:
    ports = " ".join(map(str, talk.ports))
    label = " ".join(filter(None, (talk.protocol, ports))) or "talks"
    return f"  {ids[talk.service]} ==>|{label}| {ids[talk.target]}"


def _text(name: str) -> str:
    name = printable(name)
    return name.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;")
