"""Containers that ended -> what is said of them: stopped, idle, or crashing between restarts."""

from bootready import load
from bootready.boot.diagnose.run import Seen, diagnose
from bootready.boot.watch.judge import judge
from bootready.engine.address import Address
from bootready.engine.api import Api
from bootready.engine.container import parse_container
from bootready.model.boot import ServiceState

NOW = 1795824120.0
TEXT = """
services:
  a:
    image: x
    healthcheck: {test: [CMD, "true"]}
"""


def said(tmp_path, **state):
    """Return what is diagnosed of the one service whose container is in this state."""
    (tmp_path / "compose.yaml").write_text(TEXT)
    project = load(tmp_path, environ={})
    restarts = state.pop("RestartCount", 0)
    container = parse_container(
        {
            "Id": "1",
            "Name": "/p-a-1",
            "Created": "2026-11-28T00:00:00Z",
            "RestartCount": restarts,
            "State": state,
            "Config": {"Labels": {"com.docker.compose.service": "a"}},
        }
    )
    deaths = {"a": container._replace(exit_code=3, status="exited")} if restarts else {}
    judged = judge(project.services[0], [container], NOW, 2.0, one_shot=False)
    states = {"a": ServiceState("a", *judged, started=1.0, restarts=restarts)}
    [found] = diagnose(
        Seen(project, states, {"a": (container,)}, deaths),
        Api(Address("unix:///nonexistent.sock", path="/nonexistent.sock")),
    )
    return found


def test_what_ran_for_long_and_ended_well_was_stopped(tmp_path):
    found = said(
        tmp_path,
        Status="exited",
        ExitCode=0,
        StartedAt="2026-11-28T00:00:00Z",
        FinishedAt="2026-11-28T00:20:00Z",
    )
    assert found.headline == "was stopped after 1200 s (exit 0)"


def test_what_ended_well_at_once_had_nothing_to_do(tmp_path):
    found = said(
        tmp_path,
        Status="exited",
        ExitCode=0,
        StartedAt="2026-11-28T00:00:00Z",
        FinishedAt="2026-11-28T00:00:01Z",
    )
    assert found.headline == "exited with 0, but it should keep running"


def test_what_was_restarted_crashes_though_it_runs_at_the_moment(tmp_path):
    """Compose ends at the first crash, and the engine starts the container again meanwhile."""
    found = said(
        tmp_path,
        Status="running",
        ExitCode=0,
        RestartCount=2,
        Health={"Status": "starting"},
        StartedAt="2026-11-28T00:00:00Z",
    )
    assert found.symptom != "never-started"
    assert found.service == "a"
    assert found.headline == "crashes repeatedly: exit 3, 2 restarts"
