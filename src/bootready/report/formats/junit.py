"""A verdict -> JUnit XML: a test case per finding and per skipped check."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from bootready.model.finding import Finding, Verdict
from bootready.model.printable import printable
from bootready.regex import regex
from bootready.report.excerpt import place
from bootready.report.formats.following import following, following_line
from bootready.report.formats.text import Source, finding_text, verdict_line
from bootready.report.shown import shown_finding

_FORBIDDEN = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, not even escaped; a name in a project may have one."""


def render_junit(verdict: Verdict, source: Source, project: str = "") -> str:
    """Return one test suite; findings as grave as the failing severity are failures."""
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{declaration}\n{suite_of(verdict, source, project)}\n"


def suite_of(verdict: Verdict, source: Source, project: str = "", package: str = "") -> str:
    """Return the element of one test suite; files are named as in the repository.

    `package` is the directory of the project there, where the report has several.
    """
    source = source.seen_by_programs()
    cases = [_case(finding, source) for finding in verdict.findings]
    cases += [
        f"  <testcase classname={quoteattr(entry.check_id)} name={quoteattr(entry.check_id)}>"
        f"<skipped message={quoteattr(printable(entry.reason))}/></testcase>"
        for entry in verdict.skipped
    ]
    if not cases:
        cases = [f'  <testcase classname="bootready" name={quoteattr(verdict_line(verdict))}/>']
    failures = sum(_fails(finding, source) for finding in verdict.findings)
    name = f"bootready {printable(project)}".strip()
    where = f" package={quoteattr(printable(package))}" if package else ""
    head = (
        f'<testsuite name={quoteattr(name)}{where} tests="{len(cases)}"'
        f' errors="0" failures="{failures}" skipped="{len(verdict.skipped)}">'
    )
    step = following_line(following(verdict, source))
    words = "\n".join(filter(None, [verdict_line(verdict, source.failing), step]))
    last = f"  <system-out>{escape(words)}</system-out>"
    return _FORBIDDEN.sub("?", "\n".join([head, *cases, last, "</testsuite>"]))


def _case(finding: Finding, source: Source) -> str:
    finding = shown_finding(finding)
    where = place(finding.primary.span, source.directory) if finding.primary else ""
    name = f"{finding.message} ({where})" if where else finding.message
    tag = "failure" if _fails(finding, source) else "system-out"
    attribute = f" message={quoteattr(finding.message)}" if tag == "failure" else ""
    body = escape(finding_text(finding, source))
    return (
        f"  <testcase classname={quoteattr(finding.check_id)} name={quoteattr(name)}>"
        f"<{tag}{attribute}>{body}</{tag}></testcase>"
    )


def _fails(finding: Finding, source: Source) -> bool:
    return finding.severity.rank <= source.failing.rank
