"""States of services -> a picture that fits the terminal, however long the names are."""

import io
import os

import pytest

from bootready.boot.progress import LiveView, PlainView
from bootready.model.boot import Endpoint, Phase, ServiceState

LONG = "a-service-with-a-really-long-name-that-somebody-thought-was-descriptive"


def states(number):
    names = [LONG, *(f"s{n}" for n in range(number - 1))]
    phases = [Phase.STARTING, Phase.WAITING, Phase.READY]
    return {
        name: ServiceState(name, phases[n % 3], "word", started=None if n % 3 == 1 else 1.0)
        for n, name in enumerate(names)
    }


@pytest.fixture
def terminal(monkeypatch):
    def resize(columns, rows):
        monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, rows)))

    return resize


@pytest.mark.parametrize(("columns", "rows"), [(200, 60), (80, 24), (60, 10), (50, 6)])
def test_the_picture_fits_and_the_state_is_seen(terminal, columns, rows):
    terminal(columns, rows)
    stream = io.StringIO()
    LiveView(stream).states(states(40), 7.0)
    lines = stream.getvalue().splitlines()
    plain = [line.split("m", 1)[1].removesuffix("\x1b[0m") for line in lines]
    assert len(lines) <= rows
    assert all(len(line) < columns for line in plain)
    assert "word" in plain[1], "a long name does not push the state out"
    head = "booting: 13 of 40 services up, 7 s: 14 starting, 13 waiting"
    assert plain[0] == (head if len(head) < columns else f"{head[: columns - 2]}…")
    assert ("more: " in plain[-1]) is (rows < 40)


def test_a_line_says_which_endpoints_the_verdict_waits_for(terminal):
    terminal(100, 24)
    asked = [
        Endpoint("web", "port 80", "127.0.0.1:80", answered=True, detail=""),
        Endpoint("api", "port 81", "127.0.0.1:81", answered=False, detail=""),
    ]
    live, plain = io.StringIO(), io.StringIO()
    for view in (LiveView(live), PlainView(plain)):
        view.asking(asked, 2.0, 60.0)
        view.asking(asked, 3.0, 60.0)
        view.close()
    words = "1 of 2 answered, 2 of at most 60 s; waiting for: api at 127.0.0.1:81"
    assert plain.getvalue().count(words) == 1
    assert words in live.getvalue()
    assert live.getvalue().endswith("\x1b[1F\x1b[J\x1b[0m\x1b[?25h"), "the line goes at the end"
