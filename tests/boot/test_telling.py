"""Lines of programs -> the one to quote, readable in a terminal."""

from bootready.boot.diagnose.telling import first_complaint, readable, telling


def test_the_newest_complaint_is_told_before_farewells():
    lines = ["starting", "error: no table", "error: giving up", "closing pool", "bye"]
    assert telling(lines) == "error: giving up"
    assert first_complaint(lines) == "error: no table"


def test_a_traceback_is_told_by_its_last_line():
    lines = [
        "Traceback (most recent call last):",
        '  File "/m.py", line 1, in <module>',
        '    raise ValueError("no such thing")',
        "ValueError: no such thing",
        "error: workers failed to stop",
    ]
    assert telling(lines) == "ValueError: no such thing"


def test_without_a_complaint_the_last_line_is_told():
    assert telling(["one", "two", ""]) == "two"
    assert telling([]) == ""
    assert first_complaint(["one"]) == ""


def test_control_characters_do_not_reach_the_terminal():
    assert readable("\x1b[31mERR\x1b[0m \x1b]0;title\x07done\r") == "ERR done"
    assert readable("set: pipefail\r: invalid") == "set: pipefail\\r: invalid"
    assert readable("a\tb\x1b[2Jü") == "a    bü"
