"""A check of the catalogue -> its page, Markdown: what `explain` prints and `docs/` holds."""

from __future__ import annotations

from bootready.check.api import Check


def check_page(check: Check, examples: str = "") -> str:
    """Return the page of a check; `examples` (Markdown) stand at its end."""
    needs = ", ".join(need.value for need in check.needs)
    rows = [
        ("severity", check.severity.value),
        ("needs", needs),
        ("since", check.since),
        ("topic", check.topic.replace("_", " ")),
    ]
    if check.uses:
        rows.insert(2, ("also uses", ", ".join(need.value for need in check.uses)))
    if check.reference:
        rows.append(("reference", f"<{check.reference}>"))
    if check.former_ids:
        rows.append(("former ids", ", ".join(check.former_ids)))
    table = "\n".join(f"| {key} | {value} |" for key, value in rows)
    parts = [
        f"# {check.id}",
        f"{check.summary[:1].upper()}{check.summary[1:]}.",
        f"| | |\n| --- | --- |\n{table}",
    ]
    parts += [check.page, *([examples] if examples else [])]
    return "\n\n".join(parts) + "\n"


def check_object(check: Check) -> dict[str, object]:
    """Return a check as JSON can hold it, without its page."""
    return {
        "id": check.id,
        "topic": check.topic,
        "severity": check.severity.value,
        "summary": check.summary,
        "needs": [need.name.lower() for need in check.needs],
        "since": check.since,
        "reference": check.reference,
        "former_ids": list(check.former_ids),
    }
