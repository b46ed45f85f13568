"""A boot outcome -> the report that people read at the end, and the same as plain values."""

from __future__ import annotations

import os
from collections.abc import Mapping

from bootready.model.boot import BootOutcome, Diagnosis, Endpoint, Phase, ServiceState
from bootready.model.lines import lines_of
from bootready.model.near import named
from bootready.model.node import Plain
from bootready.model.position import Location
from bootready.model.printable import printable, printable_lines
from bootready.report.excerpt import quotable, shown_line
from bootready.report.timeline import timeline_values

NAMED = 8
"""Services that a sentence names."""
SHOWN_COST = 0.1
"""Seconds; what a missing healthcheck costs beyond them is said."""


def render_boot(outcome: BootOutcome, sources: Mapping[str, str], directory: str) -> str:
    """Return the verdict, every diagnosis with its evidence, and the table of endpoints."""
    blocks = [render_diagnosis(one, sources, directory) for one in outcome.diagnoses]
    if outcome.endpoints:
        blocks.append(render_endpoints(outcome.endpoints, directory))
    blocks.append(_verdict(outcome))
    return printable_lines("\n".join(blocks)) + "\n"


def render_diagnosis(one: Diagnosis, sources: Mapping[str, str], directory: str) -> str:
    """Return one diagnosis: the root service first, then place, cause, remedy and evidence."""
    one = one._replace(
        headline=printable(one.headline),
        cause=printable(one.cause),
        remedy=printable(one.remedy),
        evidence=tuple(map(printable, one.evidence)),
        log=tuple(map(printable, one.log)),
    )
    who = f"service '{one.service}': " if one.service else ""
    lines = [f"not ready[{one.symptom}]: {who}{one.headline}"]
    if one.location is not None:
        lines += _excerpt(one.location, sources, directory)
    lines += [f"   = see also: {_place(place, directory)}" for place in one.related]
    if not one.headline.endswith(one.cause):
        lines.append(f"   = cause: {one.cause}")
    lines.append(f"   = remedy: {one.remedy}")
    lines += [f"   = {fact}" for fact in one.evidence]
    if one.held_back:
        lines.append(f"   = not started because of it: {named(one.held_back)}")
    if one.log:
        lines.append("   = last lines it wrote:")
        lines += [f"       {line[:300]}" for line in one.log]
    return "\n".join(lines) + "\n"


def render_endpoints(endpoints: tuple[Endpoint, ...], directory: str) -> str:
    """Return the table of what was asked, and what it said."""
    rows = [(one.service, one.name, one.target, one) for one in endpoints]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = []
    for service, name, target, one in rows:
        mark = "ok  " if one.answered else "FAIL"
        text = f"{service:<{widths[0]}}  {name:<{widths[1]}}  {target:<{widths[2]}}"
        lines.append(f"  {mark}  {text}  {one.detail}".rstrip())
        if not one.answered and one.location is not None:
            lines.append(f"        --> {_place(one.location, directory)}")
        if not one.answered and one.hint:
            lines.append(f"        = remedy: {one.hint}")
    return "\n".join(lines) + "\n"


def boot_values(outcome: BootOutcome) -> dict[str, Plain]:
    """Return the outcome as JSON can hold it."""
    return {
        "event": "end",
        "project": outcome.project,
        "ready": outcome.ready,
        "changed": outcome.changed,
        "ran_again": list(outcome.ran_again),
        "seconds": round(outcome.seconds, 3),
        "compose_seconds": round(outcome.compose_seconds, 3),
        "pull_seconds": round(outcome.pull_seconds, 3),
        "timed_out": outcome.timed_out,
        "interrupted": outcome.interrupted,
        "settle": outcome.settle,
        "services": [_state_values(state) for state in outcome.states],
        "diagnoses": [_diagnosis_values(one) for one in outcome.diagnoses],
        "endpoints": [_endpoint_values(one) for one in outcome.endpoints],
        "warnings": list(outcome.warnings),
        "timeline": timeline_values(outcome),
    }


def _verdict(outcome: BootOutcome) -> str:
    good = sum(state.phase.good for state in outcome.states)
    total = len(outcome.states)
    asked = len(outcome.endpoints)
    if outcome.ready:
        seen = f"{_counted(total, 'service')} up"
        seen += f", {_counted(asked, 'endpoint')} answered" if asked else ""
        if not outcome.changed:
            again = f" ({', '.join(outcome.ran_again)} ran again)" if outcome.ran_again else ""
            return f"ready: {seen}; everything was already up, nothing was changed{again}"
        return f"ready: {seen}, in {outcome.seconds:.1f} s{_pulled(outcome)}{_unchecked(outcome)}"
    if outcome.interrupted:
        alive = [one for one in outcome.states if one.phase.good or one.phase is Phase.STARTING]
        names = ", ".join(f"{one.service} ({one.word})" for one in alive[:NAMED]) or "nothing"
        more = f" and {len(alive) - NAMED} more of {total}" if len(alive) > NAMED else ""
        return f"interrupted after {outcome.seconds:.1f} s; running: {names}{more}"
    if not outcome.states:
        return "not ready: the project has no service to start, nothing was examined"
    silent = sum(not endpoint.answered for endpoint in outcome.endpoints)
    words = f"not ready: {good} of {total} services up"
    if asked:
        words += f", {silent} of {asked} endpoints did not answer"
    late = ", the time ran out" if outcome.timed_out else ""
    return f"{words}{late}, after {outcome.seconds:.1f} s{_pulled(outcome)}"


def _pulled(outcome: BootOutcome) -> str:
    """Return how much of the time went into pulling images, '' where that is nothing."""
    seconds = round(outcome.pull_seconds, 1)
    return f", {seconds} s of it to pull images" if seconds else ""


def _unchecked(outcome: BootOutcome) -> str:
    """Return what is not known of services without a healthcheck: they may still end later."""
    running = [one for one in outcome.states if one.phase is Phase.READY and one.word == "running"]
    if not running:
        return ""
    words = "has no healthcheck and was" if len(running) == 1 else "have no healthcheck and were"
    cost = outcome.settle_seconds
    more = f", which took {cost:.1f} s of it" if cost >= SHOWN_COST else ""
    return f" ({len(running)} {words} watched for {outcome.settle:g} s{more})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _excerpt(location: Location, sources: Mapping[str, str], directory: str) -> list[str]:
    span = location.span
    lines = [f"  --> {_place(location, directory)}"]
    source = lines_of(sources.get(span.file, ""))
    if 0 < span.line <= len(source) and quotable(span.file, directory):
        text = shown_line(source, span.line, span.file, location.path)
        lines.append(f"{span.line:>4} | {printable(text)}")
    return lines


def _place(location: Location, directory: str) -> str:
    span = location.span
    file = os.path.relpath(span.file, directory) if os.path.isabs(span.file) else span.file
    return f"{span.file if file.startswith('..') else file}:{span.line}:{span.column}"


def _state_values(state: ServiceState) -> Plain:
    where: dict[str, Plain] = {"nodes": list(state.nodes)} if state.nodes else {}
    return where | {
        "service": state.service,
        "phase": state.phase.value,
        "word": state.word,
        "created": state.created,
        "started": state.started,
        "ready": state.ready,
        "restarts": state.restarts,
    }


def _diagnosis_values(one: Diagnosis) -> Plain:
    span = one.location.span if one.location else None
    return {
        "symptom": one.symptom,
        "service": one.service,
        "headline": one.headline,
        "cause": one.cause,
        "remedy": one.remedy,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "evidence": list(one.evidence),
        "log": list(one.log),
        "held_back": list(one.held_back),
        "seconds": round(one.seconds, 3),
    }


def _endpoint_values(one: Endpoint) -> Plain:
    return {
        "service": one.service,
        "name": one.name,
        "target": one.target,
        "answered": one.answered,
        "detail": one.detail,
        "declared": one.declared,
        "hint": one.hint,
        "seconds": round(one.seconds, 3),
    }
