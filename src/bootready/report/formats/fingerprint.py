"""Findings -> a name for each that stays the same when lines come and go.

Code scanning and GitLab tell by it whether a finding is new. See
docs/adr/0072-what-makes-a-finding-the-same.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from bootready.check.identity import identity
from bootready.model.finding import Finding
from bootready.report.formats.text import Source


def fingerprints(findings: Sequence[Finding], source: Source) -> list[str]:
    """Return 32 hexadecimal digits for each finding, different ones for each.

    Two projects of a repository have none in common, wherever it is checked out.
    """
    import hashlib

    project = source.directory[len(source.base) :]
    seen: dict[str, int] = {}
    names = []
    for finding in findings:
        text = f"{project}\0{identity(finding, source.base)}"
        seen[text] = seen.get(text, 0) + 1
        whole = f"{text}\0{seen[text]}".encode(errors="surrogateescape")
        names.append(hashlib.sha256(whole).hexdigest()[:32])
    return names
