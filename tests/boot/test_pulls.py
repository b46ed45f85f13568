"""Lines that Compose v5.6.1 and v2.40.3 wrote while they pulled -> what is pulled, for how long."""

import io
import json

import pytest

from bootready.boot.progress import JsonView, LiveView, PlainView
from bootready.boot.watch.compose_lines import Step, parse_line
from bootready.boot.watch.pulls import Pull, Pulls, Speeds

V5 = [
    (0, '{"id":"Image r/a:1","status":"Working","text":"Pulling"}'),
    (0, '{"id":"Image r/b:1","status":"Working","text":"Pulling"}'),
    (1, '{"id":"l1","parent_id":"Image r/a:1","status":"Working","text":"Pulling fs layer"}'),
    (
        2,
        (
            '{"id":"l1","parent_id":"Image r/a:1","status":"Working","text":"Downloading",'
            '"details":"13.4MB","current":13402112,"total":30005513,"percent":44}'
        ),
    ),
    (
        8,
        (
            '{"id":"l2","parent_id":"Image r/b:1","status":"Working","text":"Downloading",'
            '"details":"1kB","current":1000,"total":4000,"percent":25}'
        ),
    ),
    (9, '{"id":"Image r/b:1","status":"Done","text":"Pulled"}'),
    (
        20,
        (
            '{"id":"l1","parent_id":"Image r/a:1","status":"Working","text":"Extracting",'
            '"details":"1B","current":1,"total":30005513,"percent":1}'
        ),
    ),
]
V2 = [
    (0, '{"id":"web","text":"Pulling"}'),
    (1, '{"id":"l1","parent_id":"web","text":"Pulling fs layer"}'),
    (
        2,
        (
            '{"id":"l1","parent_id":"web","text":"Downloading","status":"[=> ] 4.9MB/30.01MB",'
            '"current":4913152,"total":30005513,"percent":16}'
        ),
    ),
]


def told(lines, until=99.0):
    pulls = Pulls()
    for moment, line in lines:
        if moment <= until:
            pulls.take(parse_line(line), float(moment))
    return pulls


def test_the_bytes_of_each_image_are_counted():
    pulls = told(V5, until=8)
    assert list(pulls.pulling()) == [Pull("r/a:1", 13402112, 30005513), Pull("r/b:1", 1000, 4000)]
    assert [pull.words for pull in pulls.pulling()] == ["13.4 of 30.0 MB", "1.0 of 4.0 kB"]
    assert list(told(V2).pulling()) == [Pull("web", 4913152, 30005513)]


def test_what_is_unpacked_has_arrived():
    [only] = told(V5).pulling()
    assert only.current == only.total == 30005513


@pytest.mark.parametrize(
    ("last", "spent"),
    [
        ('{"id":"Image r/a:1","status":"Done","text":"Pulled"}', 30.0),
        ('{"id":"Network x_default","status":"Working","text":"Creating"}', 30.0),
        ('{"id":"Image r/a:1","status":"Error","text":"Error","details":"no such host"}', 30.0),
        ('{"id":"Image r/a:1","status":"Warning","text":"pull access denied"}', 30.0),
        ('{"id":"other","status":"Working","text":"Creating"}', 40.0),
    ],
)
def test_the_time_ends_with_the_last_image(last, spent):
    pulls = told([*V5, (30, last)])
    assert pulls.spent(40.0) == spent
    assert pulls.active is (spent > 30)
    pulls.end(40.0)
    assert pulls.spent(90.0) == spent
    assert pulls.still(90.0) == 0.0


def test_v2_ends_a_pull_that_failed_by_the_name_of_its_service():
    pulls = told([*V2, (3, '{"id":"web","text":"Error","status":"Get: no such host"}')])
    assert pulls.spent(9.0) == 3.0


def test_two_times_of_pulling_are_added_up():
    again = (50, '{"id":"Image r/c:1","status":"Working","text":"Pulling"}')
    ended = (30, '{"id":"Image r/a:1","status":"Done","text":"Pulled"}')
    assert told([*V5, ended, again]).spent(55.0) == 35.0


@pytest.mark.parametrize(
    ("words", "current", "still"),
    [
        ("Downloading", 13402112, 98.0),
        ("Downloading", 13402113, 10.0),
        ("Retrying in 5 seconds", 0, 98.0),
        ("Verifying Checksum", 0, 10.0),
        ("Extracting", 5, 10.0),
    ],
)
def test_only_what_moves_is_progress(words, current, still):
    pulls = told(V5, until=2)
    pulls.take(Step("l1", words, "Image r/a:1", current, 30005513), 90.0)
    assert pulls.still(100.0) == still


def test_unpacking_that_goes_on_is_progress():
    pulls = told(V5)
    pulls.take(Step("l1", "Extracting", "Image r/a:1", 9, 30005513), 90.0)
    assert pulls.still(100.0) == 10.0
    pulls.take(Step("l1", "Extracting", "Image r/a:1", 9, 30005513), 95.0)
    assert pulls.still(100.0) == 10.0


def test_every_view_says_how_far_the_pulls_are():
    plain, live, lines = io.StringIO(), io.StringIO(), io.StringIO()
    for view in (PlainView(plain), LiveView(live), JsonView(lines)):
        for moment, line in V5[:5]:
            view.told(parse_line(line))
            view.states({}, float(moment))
        view.states({}, 11.0)
        view.states({}, 12.0)
        view.close()
    assert plain.getvalue().count("pulling: r/a:1 13.4 of 30.0 MB, r/b:1 1.0 of 4.0 kB") == 1
    assert "r/a:1: pulling 13.4 of 30.0 MB" in live.getvalue()
    events = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [one["current"] for one in events if one["image"] == "r/a:1"] == [0, 13402112]
    assert {one["event"] for one in events} == {"pull"}


def test_the_speed_of_a_pull_is_that_of_its_last_seconds():
    speeds = Speeds()
    assert speeds.take(Pull("a", 0, 0), 0.0) == (None, None)
    assert speeds.take(Pull("a", 1_000, 9_000), 0.1) == (None, None)
    assert speeds.take(Pull("a", 2_000, 10_000), 1.0) == (2_000, 4.0)
    assert speeds.take(Pull("b", 5, 10), 1.0) == (None, None)
    for second in range(2, 30):
        last = speeds.take(Pull("a", 2_000, 10_000), float(second))
    assert last == (0.0, None)  # it stands still: nobody knows how long it takes
    assert speeds.take(Pull("a", 10_000, 10_000), 30.0).left == 0.0
