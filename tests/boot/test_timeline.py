"""States after a boot -> the time line, and the chain that took the time."""

import pytest

from bootready.boot.timeline import Wait, bars, critical_path, end_if, present_path, savings
from bootready.model.boot import BootOutcome, Phase, ServiceState
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.report.timeline import render_timeline, timeline_values

TEXT = """
services:
  db: {image: a}
  cache: {image: a}
  app:
    image: a
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_started}}
  web: {image: a, depends_on: [app]}
"""


def state(name, started, ready, probe=0.0):
    return ServiceState(
        name,
        Phase.READY,
        "healthy",
        created=0.1,
        started=started,
        ready=ready,
        probe_seconds=probe,
    )


def outcome(tmp_path):
    (tmp_path / "compose.yaml").write_text(TEXT)
    project = load(Request(directory=str(tmp_path)), {})
    states = (
        state("db", 0.5, 4.0, 0.75),
        state("cache", 0.5, 6.0),
        state("app", 4.1, 8.0),
        state("web", 4.5, 6.5),
    )
    path = critical_path(project, {one.service: one for one in states})
    return BootOutcome("x", states, (), (), (), 8.2, 7.9, True, critical_path=path)


def test_the_path_ends_with_the_last_and_goes_back_over_what_it_waited_for(tmp_path):
    assert outcome(tmp_path).critical_path == ("db", "app")


def test_nothing_ready_has_no_path(tmp_path):
    (tmp_path / "compose.yaml").write_text(TEXT)
    project = load(Request(directory=str(tmp_path)), {})
    assert critical_path(project, {}) == ()


def test_the_time_line_as_text(tmp_path):
    text = render_timeline(outcome(tmp_path))
    assert "critical path: db -> app" in text
    assert "slowest probe: db, 0.75 s a run" in text
    order = [line.split()[0] for line in text.splitlines()[1:5]]
    assert order == ["db", "cache", "web", "app"]


def test_the_time_line_as_values(tmp_path):
    values = timeline_values(outcome(tmp_path))
    assert values["critical_path"] == ["db", "app"]
    assert values["services"]["app"]["ready"] == 8.0


CHAIN = """
services:
  db:
    image: a
    healthcheck: {test: 'true', interval: 10s}
  cache: {image: a}
  app:
    image: a
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_started}}
  web: {image: a, depends_on: [app]}
"""


def booted(tmp_path, *states, text=CHAIN, **more):
    (tmp_path / "compose.yaml").write_text(text)
    project = load(Request(directory=str(tmp_path)), {})
    return project, BootOutcome("x", states, (), (), (), 20.0, 19.0, True, **more)


def test_a_bar_tells_what_it_waited_for_and_the_last_to_be_there_first(tmp_path):
    project, outcome = booted(
        tmp_path,
        state("db", 0.5, 10.5),
        state("cache", 0.5, 2.0),
        state("app", 10.6, 12.0),
        state("web", 10.7, 11.0),
    )
    line = bars(project, {one.service: one for one in outcome.states})
    assert [bar.service for bar in line] == ["cache", "db", "app", "web"]
    assert [bar.service for bar in line if bar.critical] == ["db", "app"]
    assert line[2].waits == (
        Wait("db", "service_healthy", 10.5),
        Wait("cache", "service_started", 0.5),
    )


def test_during_a_boot_the_path_ends_with_what_is_awaited_for_longest_and_failures_come_first(
    tmp_path,
):
    project, _ = booted(tmp_path)
    states = {
        "db": state("db", 0.5, 3.0),
        "cache": ServiceState("cache", Phase.STARTING, "running", started=0.6),
        "app": ServiceState("app", Phase.STARTING, "starting", started=3.1),
        "web": ServiceState("web", Phase.WAITING, "created", created=0.2, waiting_for=("app",)),
    }
    assert present_path(project, states) == ("db", "app")  # nobody waits for the cache
    states["web"] = states["web"]._replace(phase=Phase.STARTING, started=3.5, waiting_for=())
    assert present_path(project, states) == ("cache",)
    states["web"] = states["web"]._replace(phase=Phase.WAITING, started=None)
    states["cache"] = ServiceState("cache", Phase.FAILED, "exited (1)", started=0.6)
    line = bars(project, states)
    assert not any(bar.critical for bar in line)
    known = states | {"cache": state("cache", 0.6, 0.7), "app": state("app", 3.1, 4.0)}
    del known["web"]
    assert present_path(project, known) == ("db", "app")
    unseen = known["db"]._replace(ready=None)  # it was up before anybody looked
    assert present_path(project, known | {"db": unseen}) == ()
    assert [bar.service for bar in line] == ["cache", "db", "app", "web"]
    assert line[-1].waits == (Wait("app", "service_started", 3.1),)


def test_what_the_next_boot_could_save_is_what_would_move_its_end(tmp_path):
    """The database is asked every 10 s: it may have been up since its first second."""
    project, outcome = booted(
        tmp_path,
        state("db", 0.5, 10.5),
        state("cache", 0.5, 9.0),
        state("app", 10.6, 14.6),
        state("web", 10.7, 11.0),
        pull_seconds=5.0,
        settle_seconds=0.1,
    )
    states = {one.service: one for one in outcome.states}
    assert end_if(project, states, "", 0.0) == pytest.approx(14.6)
    assert end_if(project, states, "db", 9.0) == 9.0  # the cache is the last then
    found = savings(project, outcome)
    assert [(one.service, round(one.seconds, 1)) for one in found] == [
        ("db", 5.6),
        ("", 5.0),
        ("app", 3.6),
    ]
    assert "`start_interval` of 1s" in found[0].words


def test_a_short_service_beside_the_path_saves_nothing_and_a_boot_that_failed_tells_none(tmp_path):
    project, outcome = booted(tmp_path, state("db", 0.5, 4.0), state("cache", 0.5, 3.9))
    states = {one.service: one for one in outcome.states}
    assert end_if(project, states, "cache", 3.0) == 4.0
    assert end_if(project, states, "db", 3.0) == pytest.approx(3.9)
    assert savings(project, outcome) == ()  # 0.1 s is not worth a word
    failed = ServiceState("app", Phase.FAILED, "exited (1)", started=4.0)
    assert savings(project, outcome._replace(states=(*outcome.states, failed))) == ()


def test_a_start_interval_of_its_own_is_not_advised_once_more(tmp_path):
    text = CHAIN.replace("interval: 10s", "interval: 10s, start_interval: 1s, start_period: 30s")
    project, outcome = booted(tmp_path, state("db", 0.5, 10.5), text=text)
    assert [one.words for one in savings(project, outcome)] == ["it took 10.0 s to be up by itself"]
