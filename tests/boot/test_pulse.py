"""An engine that stops answering during a boot: what was missed is asked again, in its order."""

import pytest

from bootready.boot.up import PATIENCE, Options, _Boot
from bootready.boot.verify.meanwhile import Meanwhile
from bootready.boot.watch.board import Board
from bootready.boot.watch.events import Happened
from bootready.errors import EngineError
from bootready.model.request import Request
from bootready.pipeline import load


class Deaf:
    """An engine that answers only while `answers` is set; it notes what it is asked."""

    def __init__(self):
        self.answers, self.asked = False, []

    def inspect(self, identity):
        if not self.answers:
            raise EngineError("timed out")
        self.asked.append(identity)
        raise EngineError("No such container", exit_code=404)


@pytest.fixture
def run(tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x}}")
    project = load(Request(directory=str(tmp_path)), {})
    board = Board(project, project.services, 0.0, 2.0)
    return _Boot(project, Deaf(), board, Options(), Meanwhile(lambda spent: None))


def event(identity):
    return Happened({"Actor": {"ID": identity}, "Action": "start", "timeNano": 1})


def test_what_was_missed_is_asked_in_its_order(run):
    run.take(event("one"))
    run.api.answers = True
    run.take(event("two"))
    assert run.api.asked == [], "not before the first"
    assert not run.over(run.board.states(0.0))
    run.hear(9.0)
    assert run.api.asked == [], "it is silent"
    run.hear(0.0)
    assert run.api.asked == ["one", "two"]
    assert run.missed == []


def test_an_engine_that_stays_silent_is_lost(run):
    run.hear(PATIENCE - 1)
    assert run.lost is None
    run.hear(PATIENCE + 1)
    assert "did not answer for 60 s" in run.lost.error.message
    assert run.over(run.board.states(0.0))


def test_a_refusal_is_an_answer(run):
    def refuse():
        raise EngineError("server error", exit_code=500)

    with pytest.raises(EngineError, match="server error"):
        run._look(refuse)
