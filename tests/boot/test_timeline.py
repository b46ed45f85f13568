"""States after a boot -> the time line, and the chain that took the time."""

from bootready.boot.timeline import critical_path
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
