"""A verdict -> the words that a person reads in a terminal: what needs attention, and no more."""

from __future__ import annotations

import os

from bootready.knowledge.secrets.forms import masked
from bootready.model.finding import Finding, Remedy, Severity, Skipped, Verdict
from bootready.model.position import Location, render_path
from bootready.model.printable import printable
from bootready.model.problem import Problem
from bootready.report.excerpt import excerpt, place, quotable
from bootready.report.next_step import NEXT_STEPS
from bootready.report.shown import shown_finding
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES = 5
"""So many places of a cause that has more are shown, unless all are asked for."""
MANY, FIRST = 12, 3
"""Of more than MANY findings of one check the FIRST ones are shown in full."""


class Source(NamedTuple):
    """What a report shows places from: the project's directory and the texts that were read."""

    directory: str = ""
    texts: Mapping[str, str] = {}
    failing: Severity = Severity.ERROR
    """Findings of this severity and graver make the project not ready."""
    root: str = ""
    """Where `prepare` writes without being told: the project's repository, or its directory."""
    here: str = ""
    """Where the command runs, '' if that does not matter."""

    @property
    def base(self) -> str:
        """What programs see paths from: the repository, as their annotations do."""
        return self.root or self.directory

    @property
    def near(self) -> str:
        """What a person sees paths from: where the command runs, if the project is there or below.

        Terminals and editors open them from there.
        """
        here = self.here
        return here if here and f"{self.directory}/".startswith(f"{here}/") else self.directory

    def seen_by_programs(self) -> Source:
        """Return the same, with the paths of text as programs see them."""
        return self._replace(here="", directory=self.base, root=self.base)


def render_verdict(verdict: Verdict, source: Source, *, verbose: bool = False) -> str:
    """Return the report: each finding with its place, then one line that says what was looked at.

    With `verbose` also notes' details, what was silenced, and each skipped check.
    """
    found = render_findings(verdict, source, verbose=verbose)
    summary = [verdict_line(verdict, source.failing)]
    summary += gone_lines(verdict, verbose=verbose)
    summary += skipped_lines(verdict.skipped, verbose=verbose)
    return "\n\n".join([*([found] if found else []), "\n".join(summary)]) + "\n"


def render_findings(verdict: Verdict, source: Source, *, verbose: bool = False) -> str:
    """Return the findings alone, '' where there are none, without a line break at the end."""
    blocks = _blocks(verdict, source, verbose=verbose)
    if verbose:
        blocks += [_silenced("silenced", finding, source) for finding in verdict.silenced]
        blocks += [_silenced("known", finding, source) for finding in verdict.known]
    return "\n\n".join(blocks)


def finding_text(finding: Finding, source: Source, *, whole: bool = True) -> str:
    """Return one finding: headline, source line with caret, consequence, hint and remedy.

    Unless the `whole` is asked for, it names as many subjects and places as a person reads.
    """
    finding = shown_finding(finding)
    if not whole:
        message, related = finding.brief or finding.message, finding.related[:PLACES]
        finding = finding._replace(message=message, related=related)
    head = f"{finding.severity.value}[{finding.check_id}]"
    lines = [f"{head}: {finding.message}"]
    if finding.primary is not None:
        lines += _where(finding.primary, source)
    lines += _related(finding, source)
    if finding.consequence:
        lines.append(f"   = {finding.consequence}")
    command = command_of(finding.remedy, source) if finding.remedy else ""
    is_said = finding.remedy and finding.hint == f"bootready {command} ({finding.remedy.title})"
    if finding.hint and not is_said:
        lines.append(f"   = hint: {finding.hint}")
    if finding.remedy is not None:
        lines.append(f"   = remedy: bootready {command}    {finding.remedy.title}")
    return "\n".join(lines)


def verdict_line(verdict: Verdict, failing: Severity = Severity.ERROR) -> str:
    """Return the last line: ready or not, the counts, and what was looked at."""
    looked = (
        f"looked at {_count(verdict.files, 'file')}, {_count(verdict.services, 'service')}"
        f" and {_count(verdict.references, 'variable reference')}"
        f" with {_count(verdict.checks, 'check')}"
    )
    if not verdict.checks or not verdict.files:
        return f"not ready: nothing was examined; {looked}"
    return f"{state_of(verdict, failing)}; {looked}"


def state_of(verdict: Verdict, failing: Severity = Severity.ERROR) -> str:
    """Return whether it is ready, and the counts: ``not ready: 2 errors, 1 note``."""
    counts = [
        _count(sum(f.severity is severity for f in verdict.findings), severity.value)
        for severity in Severity
    ]
    state = "ready" if is_ready(verdict, failing) else "not ready"
    if verdict.known:
        counts.append(f"{len(verdict.known):,} in the baseline")
    found = ", ".join(count for count in counts if not count.startswith("0 ")) or "no findings"
    return f"{state}: {found}"


def is_ready(verdict: Verdict, failing: Severity = Severity.ERROR) -> bool:
    """Tell whether something was examined and nothing as grave as `failing` was found."""
    grave = any(finding.severity.rank <= failing.rank for finding in verdict.findings)
    return bool(verdict.files and verdict.checks and not grave)


def problem_text(problem: Problem, source: Source | None = None) -> str:
    """Return a reason why the project cannot be loaded: ``file:line:col: words``, and its hint."""
    source = source or Source()
    message = printable(masked(problem.message))
    text = message
    if problem.location is not None:
        span = problem.location.span
        text = f"{place(span, source.near)}: {message}"
        if span.file in source.texts and quotable(span.file, source.directory, source.root):
            text = "\n".join([text, *excerpt(problem.location, source.texts[span.file])])
    for other in problem.related:
        text += f"\n   = {place(other.span, source.near)}: {printable(other.label)}"
    hint = printable(problem.hint) or NEXT_STEPS.get(problem.kind, "")
    return f"{text}\n   = hint: {hint}" if hint else text


def _blocks(verdict: Verdict, source: Source, *, verbose: bool) -> list[str]:
    """Return each finding; of a check with many only the first, so that all fits on a screen."""
    totals: dict[str, int] = {}
    for finding in verdict.findings:
        totals[finding.check_id] = totals.get(finding.check_id, 0) + 1
    shown: dict[str, int] = {}
    blocks: list[str] = []
    for finding in verdict.findings:
        name = finding.check_id
        shown[name] = shown.get(name, 0) + 1
        if verbose or totals[name] <= MANY or shown[name] <= FIRST:
            blocks.append(finding_text(finding, source, whole=verbose))
        elif shown[name] == FIRST + 1:
            head = f"{finding.severity.value}[{name}]"
            blocks.append(f"{head}: {totals[name] - FIRST:,} more of this kind (-v shows them)")
    return blocks


def _where(location: Location, source: Source) -> list[str]:
    lines = [f"  --> {place(location.span, source.near)}"]
    text = source.texts.get(location.span.file)
    if text is not None and quotable(location.span.file, source.directory, source.root):
        return lines + excerpt(location, text)
    path = printable(render_path(location.path))
    return [f"{lines[0]}  {location.label or path}".rstrip()] if location.label or path else lines


def _related(finding: Finding, source: Source) -> list[str]:
    if not finding.related:
        return [f"   = {finding.places:,} places"] if finding.places > 1 else []
    if finding.places > 1:
        first = finding.primary.span if finding.primary else None
        others = [where.span for where in finding.related if where.span != first]
        names = [place(span, source.near) for span in others]
        hidden = finding.places - 1 - len(finding.related)
        more = f" and {hidden:,} more" if hidden > 0 else ""
        also = ", ".join(dict.fromkeys(names))
        # Services that share an anchor share the line that was shown.
        return [f"   = also at {also}{more}"] if also else []
    return [
        f"   = {where.label or printable(render_path(where.path))}"
        f" ({place(where.span, source.near)})"
        for where in finding.related
    ]


def command_of(remedy: Remedy, source: Source) -> str:
    """Return the command that carries out `remedy`, such as ``prepare --outside``: what is outside
    of the project is left otherwise, and a guess is made on request.
    """
    if remedy.is_guess:
        return "fix --unsafe"
    if {"EditFile", "AppendLines"} & {type(action).__name__ for action in remedy.actions}:
        return "fix"
    paths = [str(getattr(action, "path", "")) for action in remedy.actions]
    root = source.root or source.directory
    away = any(os.path.isabs(path) and not path.startswith(f"{root}/") for path in paths)
    return "prepare --outside" if away and root else "prepare"


def gone_lines(verdict: Verdict, *, verbose: bool) -> list[str]:
    """Return what the baseline knows and nobody finds any more: each of it if `verbose`."""
    if not verdict.gone:
        return []
    lines = [
        f"gone[{entry.check}]: {printable(entry.finding)} ({printable(entry.place)})"
        for entry in verdict.gone
    ]
    is_one = len(lines) == 1
    words = f"{_count(len(lines), 'finding')} of the baseline {'is' if is_one else 'are'} gone"
    return [*(lines if verbose else []), f"{words}: bootready baseline --prune"]


def _silenced(word: str, finding: Finding, source: Source) -> str:
    where = f" ({place(finding.primary.span, source.near)})" if finding.primary else ""
    return f"{word}[{finding.check_id}]: {printable(finding.message)}{where}"


def skipped_lines(skipped: tuple[Skipped, ...], *, verbose: bool) -> list[str]:
    """Return what could not be looked at: each check if `verbose`, else how many for a reason."""
    if verbose:
        return [f"skipped[{entry.check_id}]: {printable(entry.reason)}" for entry in skipped]
    reasons: dict[str, int] = {}
    for entry in skipped:
        reasons[entry.reason] = reasons.get(entry.reason, 0) + 1
    return [
        f"skipped: {_count(number, 'check')}: {printable(reason)}"
        for reason, number in reasons.items()
    ]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
