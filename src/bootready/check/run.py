"""Checks and evidence -> a verdict: every check runs, or says why it could not."""

from __future__ import annotations

from bootready.check.api import Check, Context, Entry, Report, Unasked
from bootready.check.cause import without_consequences
from bootready.check.discover import Details, attributes_of, has_work, load
from bootready.check.rollup import in_order, roll_up
from bootready.check.silence import Silence, apply_silences
from bootready.errors import BootreadyError
from bootready.model.finding import Finding, Needs, Remedy, Severity, Skipped, Verdict
from bootready.model.position import Location
from bootready.typed import TYPE_CHECKING, Iterable, NamedTuple, Sequence, cast

if TYPE_CHECKING:
    from bootready.model.evidence import Engine, Host


class Evidence(NamedTuple):
    """What there is to look at; a missing kind has its reason in `missing`."""

    context: Context
    missing: dict[Needs, str]


class Withheld:
    """Stands for evidence that a check did not declare: using it is a mistake of its author."""

    def __init__(self, check_id: str, needs: Needs) -> None:
        self._check_id = check_id
        self._needs = needs

    def __getattr__(self, name: str) -> object:
        raise BootreadyError(
            f"check '{self._check_id}': asks {self._needs.value} for '{name}' without declaring it"
        )


class Roster(NamedTuple):
    """Which checks run, which cannot and why, and the topic of each that was asked for."""

    working: tuple[Check, ...]
    skipped: dict[str, str]
    topics: dict[str, str]

    @property
    def ran(self) -> frozenset[str]:
        """The ids of those that looked, or had nothing to look at."""
        return frozenset(self.topics) - frozenset(self.skipped)


def run_entries(
    entries: Sequence[Entry], evidence: Evidence, silences: Sequence[Silence] = ()
) -> Verdict:
    """Run the checks of these index entries; only the modules that have work are imported.

    One with nothing to look at in this project has run: it found nothing.
    """
    attributes = attributes_of(evidence.context.project)
    details = Details(evidence.context, attributes)
    working = []
    skipped: dict[str, str] = {}
    for entry in entries:
        if not has_work(entry, attributes, details):
            continue
        reason = _missing(tuple(Needs[name] for name in entry.needs), evidence)
        if reason:
            skipped[entry.id] = reason
        else:
            working.append(load(entry))
    topics = {entry.id: entry.topic for entry in entries}
    return _verdict(Roster(tuple(working), skipped, topics), evidence, silences)


def run_checks(
    checks: Iterable[Check], evidence: Evidence, silences: Sequence[Silence] = ()
) -> Verdict:
    """Run these checks, in any order; the verdict's order depends on what was found only."""
    known = tuple(checks)
    reasons = {check.id: _missing(check.needs, evidence) for check in known}
    skipped = {check_id: reason for check_id, reason in reasons.items() if reason}
    working = tuple(check for check in known if check.id not in skipped)
    topics = {check.id: check.topic for check in known}
    return _verdict(Roster(working, skipped, topics), evidence, silences)


def _verdict(roster: Roster, evidence: Evidence, silences: Sequence[Silence]) -> Verdict:
    found: list[Finding] = []
    partly: set[Skipped] = set()
    for check in roster.working:
        reporter = Reporter(check, partly)
        found += run_check(check, evidence, reporter)
    left, silenced, remarks = apply_silences(found, silences, roster.ran)
    left += [remark for remark in remarks if remark.check_id in roster.ran]
    causes = without_consequences(left)
    project = evidence.context.project
    return Verdict(
        findings=tuple(in_order(roll_up(causes), roster.topics)),
        silenced=tuple(in_order(silenced, roster.topics)),
        skipped=(
            *(Skipped(name, roster.skipped[name]) for name in sorted(roster.skipped)),
            *sorted(partly),
        ),
        files=len(project.files),
        services=len(project.services),
        references=len(project.uses),
        checks=len(roster.ran),
        apart=tuple(in_order(causes, roster.topics)),
    )


_KINDS: dict[str | int, str] = {
    "services": "service",
    "networks": "network",
    "volumes": "volume",
    "secrets": "secret",
    "configs": "config",
}


class Reporter:
    """Makes the findings of one check, and gathers in `partly` what it could not see."""

    def __init__(self, check: Check, partly: set[Skipped]) -> None:
        self._check = check
        self._partly = partly

    def __call__(
        self,
        primary: Location | None,
        message: str,
        *,
        related: Sequence[Location] = (),
        hint: str = "",
        remedy: Remedy | None = None,
        severity: Severity | None = None,
        consequence: str = "",
        kind: str = "",
        variable: str = "",
        varies: str = "",
    ) -> Finding:
        """Return the finding; see `check.api.Report`."""
        from bootready.knowledge.secrets.forms import masked

        return Finding(
            check_id=self._check.id,
            severity=severity or self._check.severity,
            message=masked(message),
            primary=primary,
            related=tuple(related),
            hint=hint,
            remedy=remedy,
            consequence=consequence,
            kind=kind,
            about=("variable", variable) if variable else _subject(primary),
            varies=varies,
        )

    def unseen(self, reason: str) -> None:
        """Say that evidence is missing for a part of what the check looks at."""
        self._partly.add(Skipped(self._check.id, reason))


def _subject(primary: Location | None) -> tuple[str, str]:
    path = primary.path if primary else ()
    return (_KINDS.get(path[0], ""), str(path[1])) if len(path) > 1 else ("", "")


def run_check(check: Check, evidence: Evidence, report: Report) -> list[Finding]:
    """Return what one check finds, given only the evidence that it declared."""
    project, host, engine, registry, cluster = evidence.context
    declared = {*check.needs, *check.uses}
    if declared.isdisjoint({Needs.HOST, Needs.FILES}):
        host = cast("Host", Withheld(check.id, Needs.HOST))
    if Needs.ENGINE not in declared:
        engine = cast("Engine", Withheld(check.id, Needs.ENGINE))
    if Needs.REGISTRY not in declared:
        registry = Unasked()
    if not declared & {Needs.MANAGER, Needs.PROBE}:
        cluster = None
    return list(check.function(Context(project, host, engine, registry, cluster), report))


def _missing(needs: Sequence[Needs], evidence: Evidence) -> str:
    for need in needs:
        if need in evidence.missing:
            return f"needs {need.value}: {evidence.missing[need]}"
    return ""
