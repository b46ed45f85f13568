"""A process that ended -> the meaning of its exit code, and whether it does so again and again."""

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.boot.diagnose.telling import first_complaint, telling
from bootready.model.position import Location

SHOWN = 300
"""Characters of a line."""

MEANINGS = {
    0: "it exited as if its work were done",
    1: "it reported an error of its own",
    2: "it was called wrongly, or reported an error of its own",
    125: "the engine could not run it",
    126: "the program is not executable",
    127: "the program was not found",
    132: "it ran an instruction that this processor does not have (SIGILL)",
    134: "it aborted (SIGABRT)",
    135: "it made an invalid memory access (SIGBUS)",
    137: "it was killed from outside (SIGKILL)",
    139: "it crashed (SIGSEGV)",
    143: "it was asked to stop from outside (SIGTERM)",
}

_ILLEGAL = 132

LONG = 60.0
"""Seconds after which an exit without an error is no longer a failed start."""


_PROCESSOR = (
    "use a machine (or, of a virtual one, the CPU type `host`) whose processor has what the program"
    " was built for, often AVX, or an older image: mongo:4.4 for mongo:5 and later"
)
_REPEATS = "correct what its last lines name; `restart` only repeats the failure"
_ONCE = (
    "write `restart: on-failure` (or none) for a service that runs once; let any other run in the "
    "foreground"
)
_SILENT = "run it in the foreground to see more: docker compose run --rm"


@symptom(summary="the process ended", rank=80)
def process_ended(evidence: Evidence) -> Explanation | None:
    """The last resort for a dead container: its exit code and its last words."""
    container = evidence.container
    if container is None or not evidence.died:
        return None
    code = container.exit_code
    meaning = MEANINGS.get(code, "it reported an error of its own")
    last, first = telling(evidence.log)[:SHOWN], first_complaint(evidence.log)[:SHOWN]
    said = f"; it says: {last}" if last else "; it wrote nothing readable"
    facts = (
        f"exit code: {code} ({meaning})",
        *((f"restarts: {container.restarts}",) if container.restarts else ()),
        *((f"first complaint: {first}",) if first and first != last else ()),
    )
    place = attribute(evidence.service, "command", "entrypoint", "image")
    if code in {137, 143}:
        return Explanation(
            headline=f"was killed from outside (exit {code})",
            cause="something outside the container killed it; the engine noted no lack of memory",
            remedy="boot again; if it repeats, find out what killed it: docker events,"
            " journalctl -k",
            location=place,
            evidence=facts,
        )
    if container.restarts > 1 or container.status == "restarting":
        return Explanation(
            headline=f"{'crashes' if code else 'exits'} repeatedly: exit {code}, "
            f"{container.restarts} restarts",
            cause=f"the process exits soon after each start: {meaning}{said}",
            remedy=_PROCESSOR if code == _ILLEGAL else _REPEATS if code else _ONCE,
            location=place,
            evidence=facts,
        )
    if code == 0:
        return _without_an_error(container.finished - container.started, place, facts)
    return Explanation(
        headline=f"exited with {code}",
        cause=f"{meaning}{said}",
        remedy=_PROCESSOR
        if code == _ILLEGAL
        else "correct what its last lines name, then boot again"
        if last
        else f"{_SILENT} {evidence.name}",
        location=place,
        evidence=facts,
    )


def _without_an_error(lasted: float, place: Location | None, facts: tuple[str, ...]) -> Explanation:
    """Return what an exit code of 0 means after so many seconds."""
    if lasted >= LONG:
        return Explanation(
            headline=f"was stopped after {lasted:.0f} s (exit 0)",
            cause="it was running and exited cleanly, so something stopped it, or its work was"
            " done",
            remedy="start it again: docker compose up -d; if it stopped by itself, its last lines"
            " say why",
            location=place,
            evidence=facts,
        )
    return Explanation(
        headline="exited with 0, but it should keep running",
        cause="the process exited immediately, without an error: it may have moved to the"
        " background, or had nothing to do",
        remedy="let the program run in the foreground, or remove `ports` and `healthcheck` from a"
        " service that only runs once",
        location=place,
        evidence=facts,
    )
