"""Events of containers -> their ended lives, and how long a container is watched before belief."""

import pytest

from bootready.boot.watch.lives import FORGETS, LONGEST, Lives
from bootready.engine.container import Container, parse_container
from bootready.model.node import Plain


def event(action: str, moment: float, **attributes: str) -> Plain:
    return {
        "Action": action,
        "timeNano": int(moment * 1e9),
        "Actor": {"ID": "1", "Attributes": dict(attributes)},
    }


def lives(*events: Plain) -> Lives:
    found = Lives()
    for one in events:
        found.take(one)
    return found


def restarted(policy: str = "always", restarts: int = 0) -> Container:
    answer = {"Id": "1", "RestartCount": restarts, "State": {"Status": "running"}}
    return parse_container(answer | {"HostConfig": {"RestartPolicy": {"Name": policy}}})


LOOP = (event("start", 100.0), event("die", 114.0, exitCode="3"), event("start", 114.2))


def test_a_life_has_its_length_and_its_end() -> None:
    [life] = lives(*LOOP).of(restarted())
    assert (life.seconds, life.ended, life.exit_code) == (14.0, 114.0, 3)
    died = lives(*LOOP).as_it_died(restarted())
    assert died is not None
    assert died.exit_code == 3, "a container that runs again says 0"


@pytest.mark.parametrize("late", [False, True])
def test_a_container_that_runs_again_was_out_of_memory(late: bool) -> None:
    """The engine forgets it with the next start, and may tell it only after the death."""
    killed, ended = event("oom", 114.1 if late else 113.9), event("die", 114.0, exitCode="137")
    told = (ended, killed) if late else (killed, ended)
    again = lives(event("start", 100.0), *told, event("start", 115.0))
    died = again.as_it_died(restarted())
    assert died is not None
    assert died.out_of_memory
    again.take(event("die", 120.0, exitCode="1"))
    died = again.as_it_died(restarted())
    assert died is not None
    assert not died.out_of_memory, "of another life"


def test_an_event_told_twice_counts_once() -> None:
    assert len(lives(*LOOP, *LOOP).of(restarted())) == 1


def test_what_a_person_stopped_did_not_die() -> None:
    assert (
        lives(*LOOP, event("die", 120.0, exitCode="0"), event("stop", 120.1)).of(restarted()) == ()
    )


@pytest.mark.parametrize(
    ("events", "policy", "restarts", "seconds"),
    [
        pytest.param((), "always", 0, 2.0, id="it never died"),
        pytest.param(LOOP, "no", 0, 2.0, id="nothing starts it again"),
        pytest.param(LOOP, "always", 1, 23.0, id="longer than its last life"),
        pytest.param(LOOP[1:], "always", 1, 32.0, id="its start was not seen"),
        pytest.param((), "on-failure", 4, 32.0, id="its deaths were not seen"),
        pytest.param(
            (event("start", 1.0), event("die", 1.5, exitCode="1")), "always", 1, FORGETS, id="brief"
        ),
        pytest.param(
            (event("start", 1.0), event("die", 99.0, exitCode="1")), "always", 1, LONGEST, id="long"
        ),
    ],
)
def test_settling(events: tuple[Plain, ...], policy: str, restarts: int, seconds: float) -> None:
    assert lives(*events).settling(restarted(policy, restarts), 2.0) == seconds
