"""A service whose probe gave up while it was still starting -> the budget and what it needs."""

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom

_DEFAULT_INTERVAL = 30.0
_DEFAULT_RETRIES = 3


@symptom(summary="the service needs longer than its healthcheck allows", rank=50)
def slow_start(evidence: Evidence) -> Explanation | None:
    """The process runs, has not crashed and has just written something: it is slow, not broken."""
    container = evidence.container
    if container is None or evidence.died or not container.health:
        return None
    check = evidence.service.healthcheck if evidence.service else None
    if not (is_busy(evidence) or (container.health == "starting" and evidence.timed_out)):
        return None
    interval = check.interval if check and check.interval is not None else _DEFAULT_INTERVAL
    retries = check.retries if check and check.retries else _DEFAULT_RETRIES
    period = check.start_period if check and check.start_period else 0.0
    budget = period + interval * retries
    probe = evidence.probe
    said = (f"probe: exit {probe.exit_code}: {probe.output or '(no output)'}",) if probe else ()
    if container.health == "starting":
        return Explanation(
            headline="was still starting when the time ran out",
            cause="its healthcheck had neither passed nor failed by then",
            remedy="give it longer with --timeout; if it never passes, look at its probe and log",
            location=attribute(evidence.service, "healthcheck"),
            evidence=said,
        )
    return Explanation(
        headline=f"is still starting after the {budget:g} s that its healthcheck allows",
        cause=f"the service needs longer to start than start_period + retries x interval "
        f"({period:g} + {retries} x {interval:g} s)",
        remedy="raise `healthcheck.start_period` to more than the start-up time",
        location=attribute(evidence.service, "healthcheck"),
        evidence=said,
    )


def is_busy(evidence: Evidence) -> bool:
    """Tell whether the last lines of the log say that the program is still at its start."""
    words = "\n".join(evidence.log[-5:]).lower()
    return any(
        word in words
        for word in ("starting", "loading", "initializ", "migrat", "waiting", "recover", "warming")
    )
