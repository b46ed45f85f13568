"""Recorded answers of the engine -> phases of a service."""

import calendar
import time

import pytest

from bootready.boot.watch.judge import judge
from bootready.engine.container import parse_container
from bootready.engine.moment import parse_time
from bootready.model.boot import Phase, Status
from bootready.model.node import Mapping
from bootready.model.position import Location, Span
from bootready.model.project import Service

SPAN = Span("/compose.yaml", 1, 1, 1, 2)
NOW = parse_time("2026-11-24T00:00:10Z")


def service():
    values = dict.fromkeys(Service._fields)
    tuples = ("group_add", "profiles", "environment", "mounts", "secrets", "configs", "ports")
    values |= dict.fromkeys((*tuples, "networks", "depends_on"), ())
    values |= {"name": "a", "location": Location(SPAN), "node": Mapping({}, {}, SPAN), "labels": {}}
    return Service(**values)


def container(started="2026-11-24T00:00:00.5Z", policy="no", **state):
    return parse_container(
        {
            "Id": "1",
            "Name": "/p-a-1",
            "Created": "2026-11-24T00:00:00Z",
            "State": {"StartedAt": started, **state},
            "Config": {"Labels": {"com.docker.compose.service": "a"}},
            "HostConfig": {"RestartPolicy": {"Name": policy}},
        }
    )


@pytest.mark.parametrize(
    ("state", "one_shot", "phase"),
    [
        ({"Status": "created"}, False, Phase.WAITING),
        ({"Status": "created", "Error": "port taken"}, False, Phase.FAILED),
        ({"Status": "running", "Health": {"Status": "starting"}}, False, Phase.STARTING),
        ({"Status": "running", "Health": {"Status": "healthy"}}, False, Phase.READY),
        ({"Status": "running", "Health": {"Status": "unhealthy"}}, False, Phase.FAILED),
        ({"Status": "running"}, False, Phase.READY),
        ({"Status": "restarting", "ExitCode": 1}, False, Phase.STARTING),
        ({"Status": "exited", "ExitCode": 0}, True, Phase.DONE),
        ({"Status": "exited", "ExitCode": 0}, False, Phase.FAILED),
        ({"Status": "exited", "ExitCode": 3}, True, Phase.FAILED),
        ({"Status": "paused"}, False, Phase.FAILED),
    ],
)
def test_the_engines_word_decides(state, one_shot, phase):
    verdict = judge(service(), [container(**state)], NOW, 2.0, one_shot=one_shot)
    assert verdict[0] is phase


def test_without_a_healthcheck_it_has_to_settle():
    young = container(started="2026-11-24T00:00:09Z", Status="running")
    assert judge(service(), [young], NOW, 2.0, one_shot=False)[0] is Phase.STARTING


def test_no_container_is_never_ready():
    assert judge(service(), [], NOW, 2.0, one_shot=True)[0] is Phase.WAITING


def test_the_worst_replica_decides():
    good = container(Status="running", Health={"Status": "healthy"})
    bad = container(Status="exited", ExitCode=1)
    assert judge(service(), [good, bad], NOW, 2.0, one_shot=False)[0] is Phase.FAILED


def test_times_of_the_engine_are_read():
    assert parse_time("1970-01-01T00:00:01.5Z") == 1.5
    assert parse_time("1970-01-01T01:00:00+01:00") == 0.0
    assert parse_time("0001-01-01T00:00:00Z") == 0.0
    assert parse_time("yesterday") == 0.0


@pytest.mark.parametrize("day", ["1969-12-31", "2000-02-29", "2024-02-29", "2024-03-01"])
def test_days_are_counted_as_the_calendar_has_them(day):
    told = time.strptime(f"{day} 23:59:59", "%Y-%m-%d %H:%M:%S")
    assert parse_time(f"{day}T23:59:59Z") == calendar.timegm(told)


def test_what_others_await_to_end_is_not_ready_while_it_runs():
    running = container(Status="running")
    ended = container(Status="exited", ExitCode=0)
    assert judge(service(), [running], NOW, 2.0, one_shot=True, must_end=True)[0] is Phase.STARTING
    assert judge(service(), [ended], NOW, 2.0, one_shot=True, must_end=True)[0] is Phase.DONE


def test_health_alone_does_not_make_a_container_ready_that_dies():
    state = {"Status": "running", "Health": {"Status": "healthy"}}
    young = container(started="2026-11-24T00:00:05Z", **state)
    judged = judge(service(), [young], NOW, 12.0, one_shot=False, falls=True)
    assert (judged.phase, judged.status) == (Phase.STARTING, Status.RUNNING)
    assert judge(service(), [young], NOW, 12.0, one_shot=False).phase is Phase.READY
