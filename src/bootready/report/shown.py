"""A finding -> the same finding with nothing in its words that a screen or a CI log obeys."""

from __future__ import annotations

from bootready.model.finding import Finding
from bootready.model.position import Location
from bootready.model.printable import printable


def shown_finding(finding: Finding) -> Finding:
    """Return `finding` as every format but JSON shows it; hints may have several lines."""
    remedy = finding.remedy
    return finding._replace(
        message=printable(finding.message),
        brief=printable(finding.brief),
        consequence=printable(finding.consequence),
        hint=printable(finding.hint),
        primary=_labelled(finding.primary) if finding.primary else None,
        related=tuple(map(_labelled, finding.related)),
        remedy=remedy._replace(title=printable(remedy.title)) if remedy else None,
    )


def escaped(text: str) -> str:
    """Return `text` for an element or an attribute of HTML, on one line."""
    import html

    return html.escape(printable(text))


def _labelled(location: Location) -> Location:
    return location._replace(label=printable(location.label)) if location.label else location
