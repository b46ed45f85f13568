"""Outcomes of boots -> the last line that people read."""

from bootready.model.boot import BootOutcome, Diagnosis, Endpoint, Phase, ServiceState
from bootready.report.boot import render_boot, render_diagnosis


def verdict(*states: ServiceState, endpoints: tuple[Endpoint, ...] = (), **more: object) -> str:
    outcome = BootOutcome("x", states, (), endpoints, (), 3.2, 3.0, True, settle=2.0)
    return render_boot(outcome._replace(**more), {}, "/").splitlines()[-1]


def test_what_was_not_looked_at_is_said():
    checked = ServiceState("db", Phase.READY, "healthy")
    running = ServiceState("web", Phase.READY, "running")
    assert verdict(checked) == "ready: 1 service up, in 3.2 s"
    assert verdict(checked, running) == (
        "ready: 2 services up, in 3.2 s (1 has no healthcheck and was watched for 2 s)"
    )


def test_many_that_run_after_ctrl_c_are_counted():
    states = [ServiceState(f"s{n}", Phase.STARTING, "running") for n in range(12)]
    words = verdict(*states, interrupted=True)
    assert words.startswith("interrupted after 3.2 s; running: s0 (running), s1 (running)")
    assert words.endswith("s7 (running) and 4 more of 12")


def test_a_cause_that_the_headline_tells_is_not_told_twice():
    seen = Diagnosis("x", "web", "exited with 1: the disk is full", "the disk is full", "free some")
    lines = render_diagnosis(seen, {}, "/").splitlines()
    assert lines == [f"not ready[x]: service 'web': {seen.headline}", "   = remedy: free some"]
    told = render_diagnosis(seen._replace(cause="no space is left"), {}, "/")
    assert "   = cause: no space is left\n" in told
