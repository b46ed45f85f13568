"""Findings -> the same ones, one per cause, with a count, root causes and the gravest first."""

from __future__ import annotations

from bootready.model.finding import Finding, Remedy
from bootready.model.position import Location
from bootready.model.project import start_of
from bootready.regex import regex
from bootready.typed import Iterable, Mapping, Sequence

TOPICS = (
    "compose_file",
    "environment",
    "host",
    "secrets",
    "certificates",
    "volumes",
    "networks",
    "ports",
    "images",
    "build",
    "wiring",
    "dependencies",
    "healthchecks",
    "resources",
    "swarm",
    "git",
)
"""What is wrong in an earlier one explains what is wrong in a later one."""

_OF_ONE = regex(r"\b(?:its?|has)\b|^[a-z]+[^s\W]s ")
"""What is said of one subject only: ``its healthcheck``, ``restarts forever``."""
NAMES = {"variable": 8}
"""So many subjects of a kind are named in brief; of any other kind three, or two of more."""


def roll_up(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding per cause: equal but for the subject, they become one with a count."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        kind, rest = _said(finding)
        rest = _without(finding, rest)
        key = (finding.check_id, finding.severity.value, kind, rest, finding.kind)
        groups.setdefault(key, []).append(finding)
    return [
        group[0] if len(group) == 1 else _joined(group, kind, rest)
        for (_, _, kind, rest, _), group in groups.items()
    ]


def _without(finding: Finding, text: str) -> str:
    """Return what is said without the name in which findings of one cause differ."""
    return text.replace(f" '{finding.varies}'", "") if finding.varies else text


def _said(finding: Finding) -> tuple[str, str]:
    """Return the kind of the subject, and what is said of it; '' if it is not named first."""
    kind, name = finding.about
    start = f"{kind} '{name}': "
    if kind and finding.message.startswith(start):
        return kind, finding.message[len(start) :]
    return "", finding.message


def in_order(findings: Iterable[Finding], topics: Mapping[str, str]) -> list[Finding]:
    """Return the findings by severity, then root causes first, then by place.

    `topics` maps check ids to topics.
    """
    rank = {topic: number for number, topic in enumerate(TOPICS)}

    def key(finding: Finding) -> tuple[int, int, str, tuple[str, int, int], str]:
        place = start_of(finding.primary.span) if finding.primary else ("", 0, 0)
        topic = rank.get(topics.get(finding.check_id, ""), len(TOPICS))
        return finding.severity.rank, topic, finding.check_id, place, finding.message

    return sorted(findings, key=key)


def _joined(group: Sequence[Finding], kind: str, rest: str) -> Finding:
    ordered = sorted(group, key=_start)
    first = ordered[0]
    places = tuple(finding.primary for finding in ordered[1:] if finding.primary)
    names = _names(ordered)
    each = ", each" if len(names) > 1 and _OF_ONE.search(rest) else ""
    message = f"{_all_of(names, kind)}{each}: {rest}" if names else rest
    brief = f"{_first_of(names, kind)}{each}: {rest}" if names else rest
    return first._replace(
        message=message,
        brief="" if brief == message else brief,
        related=tuple(dict.fromkeys((*first.related, *places))),
        hint=_joined_hint(ordered),
        places=sum(finding.places for finding in ordered),
        remedy=_joined_remedy([finding.remedy for finding in ordered]),
        subjects=tuple(
            dict.fromkeys(place.path[:2] for one in ordered for place in labelled_places(one))
        ),
    )


def _start(finding: Finding) -> tuple[str, int, int]:
    return start_of(finding.primary.span) if finding.primary else ("", 0, 0)


def _names(group: Sequence[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.about[1] for finding in group if _said(finding)[0]))


def _all_of(names: Sequence[str], kind: str) -> str:
    """Return every subject, as formats for programs name them."""
    if len(names) == 1:
        return f"{kind} '{names[0]}'"
    *head, last = [f"'{name}'" for name in names]
    return f"{kind}s {', '.join(head)} and {last}"


def _first_of(names: Sequence[str], kind: str) -> str:
    """Return as many subjects as a person reads, and the number of the others."""
    most = NAMES.get(kind, 3)
    if len(names) <= most:
        return _all_of(names, kind)
    head = [f"'{name}'" for name in names[: most - 1]]
    return f"{kind}s {', '.join(head)} and {len(names) - most + 1:,} more"


def _joined_hint(group: Sequence[Finding]) -> str:
    """Return the hint of all, with a word for the name in which they differ."""
    first = group[0]
    if not first.varies or all(finding.hint == first.hint for finding in group):
        return first.hint
    return f"for each of them: {first.hint.replace(first.varies, 'NAME')}"


def _joined_remedy(remedies: Sequence[Remedy | None]) -> Remedy | None:
    known = [remedy for remedy in remedies if remedy is not None]
    if not known:
        return None
    actions = tuple(dict.fromkeys(action for remedy in known for action in remedy.actions))
    titles = tuple(dict.fromkeys(remedy.title for remedy in known))
    more = f", and {len(titles) - 1} more" if len(titles) > 1 else ""
    return known[0]._replace(title=f"{titles[0]}{more}", actions=actions)


def labelled_places(finding: Finding) -> tuple[Location, ...]:
    """Return all places of a finding that are kept, the primary one first."""
    return ((finding.primary,) if finding.primary else ()) + finding.related
