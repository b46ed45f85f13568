"""Stack -> JSON for programs: the verdict as `check --format json` says it, and the services."""

from __future__ import annotations

from bootready.model.position import render_path
from bootready.model.printable import safe_json
from bootready.report.formats.json import relative, verdict_object
from bootready.report.formats.text import Source
from bootready.report.project.view import ServiceCard, Stack
from bootready.report.talks import Talk


def render_json(stack: Stack, source: Source) -> str:
    """Return one object: that of `check`, with what else the picture shows."""
    return safe_json(report_object(stack, source), readable=True) + "\n"


def report_object(stack: Stack, source: Source) -> dict[str, object]:
    """Return the same as plain values."""
    return {
        **verdict_object(stack.verdict, source, stack.project),
        "services": [_service(card) for card in stack.cards],
        "dependencies": [edge._asdict() for edge in stack.edges],
        "connections": [_connection(talk, source) for talk in stack.talks],
        "disabled": list(stack.disabled),
        "compose_files": list(stack.files),
    }


def _connection(talk: Talk, source: Source) -> dict[str, object]:
    places = [
        {
            "by": words,
            "file": relative(place.span.file, source.directory),
            "line": place.span.line,
            "path": render_path(place.path),
        }
        for words, place in talk.places
    ]
    whole = talk._asdict()
    return {**whole, "ports": list(talk.ports), "places": places}


def _service(card: ServiceCard) -> dict[str, object]:
    fields: dict[str, object] = dict(card._asdict())
    fields["worst"] = card.worst.value if card.worst else None
    return fields
