"""A boot outcome -> its time line: what was created, started and ready when, and the slow path."""

from __future__ import annotations

from bootready.model.boot import BootOutcome, ServiceState
from bootready.model.near import named
from bootready.model.node import Plain

WIDTH = 40
"""Columns of the bars."""


def render_timeline(outcome: BootOutcome) -> str:
    """Return a row per service in the order in which they were ready, then the critical path.

    In a bar, ``.`` is created and waiting, ``=`` started and not yet ready.
    """
    states = sorted(outcome.states, key=lambda state: _or(state.ready, float("inf")))
    names = max([len("service"), *(len(state.service) for state in states)])
    end = max([0.1, *(_or(state.ready, outcome.seconds) for state in states)])
    lines = [f"{'service':<{names}}  created  started    ready  {f'0 .. {end:.1f} s':<{WIDTH}}"]
    for state in states:
        times = "  ".join(_time(one) for one in (state.created, state.started, state.ready))
        lines.append(f"{state.service:<{names}}  {times}  {_bar(state, end)}".rstrip())
    if outcome.settle_seconds:
        unchecked = [one.service for one in outcome.states if one.word == "running"]
        lines.append(
            f"without a healthcheck: {named(unchecked)}, watched for {outcome.settle:g} s, which"
            f" took {outcome.settle_seconds:.1f} s after all else was up"
        )
    if outcome.critical_path:
        lines.append(f"critical path: {' -> '.join(outcome.critical_path)}")
    slowest = max(outcome.states, key=lambda state: state.probe_seconds, default=None)
    if slowest is not None and slowest.probe_seconds:
        lines.append(f"slowest probe: {slowest.service}, {slowest.probe_seconds:.2f} s a run")
    whole = f"whole boot: {outcome.seconds:.1f} s, of which Compose {outcome.compose_seconds:.1f} s"
    if outcome.pull_seconds:
        whole += f", and of that {outcome.pull_seconds:.1f} s to pull images"
    lines.append(whole)
    return "\n".join(lines) + "\n"


def timeline_values(outcome: BootOutcome) -> dict[str, Plain]:
    """Return the time line as JSON can hold it; times in seconds since the boot began."""
    slowest = max(outcome.states, key=lambda state: state.probe_seconds, default=None)
    return {
        "seconds": round(outcome.seconds, 3),
        "compose_seconds": round(outcome.compose_seconds, 3),
        "pull_seconds": round(outcome.pull_seconds, 3),
        "settle_seconds": round(outcome.settle_seconds, 3),
        "critical_path": list(outcome.critical_path),
        "slowest_probe": slowest.service if slowest and slowest.probe_seconds else None,
        "services": {
            state.service: {
                "created": _rounded(state.created),
                "started": _rounded(state.started),
                "ready": _rounded(state.ready),
                "probe_seconds": round(state.probe_seconds, 3),
            }
            for state in outcome.states
        },
    }


def _bar(state: ServiceState, end: float) -> str:
    def column(moment: float | None) -> int:
        return round(min(_or(moment, end), end) / end * WIDTH)

    created, started, ready = (column(one) for one in (state.created, state.started, state.ready))
    if state.created is None:
        return ""
    return " " * created + "." * (started - created) + "=" * max(0, ready - started)


def _time(moment: float | None) -> str:
    return f"{moment:7.2f}" if moment is not None else "      -"


def _or(moment: float | None, otherwise: float) -> float:
    return moment if moment is not None else otherwise


def _rounded(moment: float | None) -> float | None:
    return round(moment, 3) if moment is not None else None
