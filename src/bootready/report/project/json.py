"""Stack -> JSON for programs: the verdict as `check --format json` says it, and the services."""

from __future__ import annotations

from bootready.model.printable import safe_json
from bootready.report.formats.json import verdict_object
from bootready.report.formats.text import Source
from bootready.report.project.view import ServiceCard, Stack


def render_json(stack: Stack, source: Source) -> str:
    """Return one object: that of `check`, with `services`, `dependencies` and `disabled`."""
    whole = {
        **verdict_object(stack.verdict, source, stack.project),
        "services": [_service(card) for card in stack.cards],
        "dependencies": [edge._asdict() for edge in stack.edges],
        "disabled": list(stack.disabled),
        "compose_files": list(stack.files),
    }
    return safe_json(whole, readable=True) + "\n"


def _service(card: ServiceCard) -> dict[str, object]:
    fields: dict[str, object] = dict(card._asdict())
    fields["worst"] = card.worst.value if card.worst else None
    return fields
