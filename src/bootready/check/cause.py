"""Findings -> those that are causes: one that another already explains is folded into it.

One missing directory is a certificate that is not there, a bind source that nothing creates and a
mount without its file. The person hears of it once, where the remedy is.
"""

from __future__ import annotations

from bootready.model.finding import Finding
from bootready.typed import Iterable, Iterator

_MOUNTS = ("bind-source-missing", "bind-source-uncreatable", "bind-source-wrong-kind")

EXPLAINS: dict[str, tuple[str, ...]] = {
    "certificate-missing": _MOUNTS,
    "bind-source-emptied": (*_MOUNTS, "variable-unset"),
    "bind-source-wrong-kind": ("bind-source-missing",),
    "published-port-emptied": ("variable-unset",),
    "required-variable-unset": ("secret-file-missing", "config-file-missing", *_MOUNTS),
    "env-file-blanked": ("variable-unset", "value-blank"),
    "option-without-value": ("variable-unset", "value-blank"),
    "path-of-windows": (*_MOUNTS, "bind-directory-unwritable"),
    "dollar-unescaped": ("variable-unset", "healthcheck-never-passes"),
    "secret-is-directory": ("secret-empty", "secret-file-unreadable"),
}
"""Which finding explains which others, at the same place or about the same file."""

_EXPLAINED = frozenset(name for names in EXPLAINS.values() for name in names)

_DEPTH = 4
"""``services.web.volumes[0]`` is one thing, whatever part of it a finding points at."""


def without_consequences(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that no other explains; what explains one is at least as grave as it."""
    known = list(findings)
    if not any(finding.check_id in EXPLAINS for finding in known):
        return known
    causes: dict[tuple[str, object], list[int]] = {}
    for number, finding in enumerate(known):
        if finding.check_id in EXPLAINS:
            for key in _about(finding):
                causes.setdefault(key, []).append(number)
    graver: dict[int, Finding] = {}
    left = []
    for number, finding in enumerate(known):
        cause = _cause_of(finding, known, causes)
        if cause is None:
            left.append(number)
        elif finding.severity.rank < graver.get(cause, known[cause]).severity.rank:
            graver[cause] = known[cause]._replace(
                severity=finding.severity,
                consequence=known[cause].consequence or _words(finding),
            )
    return [graver.get(number, known[number]) for number in left]


def _cause_of(
    finding: Finding, known: list[Finding], causes: dict[tuple[str, object], list[int]]
) -> int | None:
    if finding.check_id not in _EXPLAINED:
        return None
    for key in _about(finding):
        for number in causes.get(key, ()):
            if finding.check_id in EXPLAINS[known[number].check_id]:
                return number
    return None


def _about(finding: Finding) -> Iterator[tuple[str, object]]:
    """Yield what a finding is about: the part of the model, and the files that would mend it.

    One that was seen in several places is about all of them; it has no single consequence.
    """
    if finding.primary is not None and finding.primary.path and finding.places == 1:
        yield "place", finding.primary.path[:_DEPTH]
    for action in finding.remedy.actions if finding.remedy else ():
        path = getattr(action, "path", None) or getattr(action, "directory", None)
        if path:
            yield "path", str(path)


def _words(finding: Finding) -> str:
    return finding.message.partition(": ")[2] or finding.message
