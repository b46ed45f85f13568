"""A stack that runs -> memory, ports and connections as the page shows them; and since when."""

from __future__ import annotations

import pytest

from bootready.boot.verify.listening import Socket
from bootready.boot.verify.reached import Reach, Seen, Wanted, reached
from bootready.engine.container import Binding
from bootready.engine.stats import Listed, Memory, parse_memory
from bootready.errors import EngineError
from bootready.host.network import parse_established
from bootready.model.boot import BootOutcome, Phase, ServiceState
from bootready.model.request import Request
from bootready.page.since import PAUSE, Since
from bootready.page.stack import Stack, running_values
from bootready.pipeline import load

FILES = """\
name: shop
services:
  web: {image: 'nginx:1', depends_on: [db]}
  db:
    image: 'postgres:17'
    environment: {POSTGRES_PASSWORD: rose-91}
    healthcheck: {test: 'true', interval: 10s}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "compose.yaml").write_text(FILES, encoding="utf-8")
    return load(Request(directory=str(tmp_path)), {})


def test_memory_is_counted_without_pages_that_could_be_dropped():
    second = {"usage": 900, "limit": 5_000, "stats": {"inactive_file": 300}}
    assert parse_memory({"memory_stats": second}) == Memory(600, 5_000)
    first = {"usage": 900, "limit": 1 << 63, "stats": {"total_inactive_file": 200}}
    assert parse_memory({"memory_stats": first}) == Memory(700, 0)
    assert parse_memory({"memory_stats": second}, whole=5_000) == Memory(600, 0)
    assert parse_memory({"memory_stats": {}}) is None


def listed(identity: str, *bindings: Binding, state: str = "running") -> Listed:
    return Listed(identity, "web", state, "Up 2 seconds", bindings, ())


def test_ports_of_pages_lead_to_the_loopback_interface_and_no_others(project):
    memory = {"a": Memory(100, 0), "b": Memory(50, 200)}
    containers = [
        listed("a", Binding("0.0.0.0", 8080, 80, "tcp"), Binding("::", 8080, 80, "tcp")),
        listed("b", Binding("127.0.0.1", 8443, 443, "tcp"), Binding("10.0.0.7", 81, 80, "tcp")),
    ]
    values = running_values(project, "web", containers, memory)
    assert values["memory"] == 150
    assert values["limit"] is None  # one of the two has none
    assert [one["href"] for one in values["ports"]] == [
        "http://127.0.0.1:8080/",
        "https://127.0.0.1:8443/",
        "",
    ]
    away = running_values(project, "web", containers, memory, elsewhere=True)
    assert away["ports"] == []
    store = [listed("c", Binding("127.0.0.1", 5432, 5432, "tcp"))]
    assert [one["href"] for one in running_values(project, "db", store, {})["ports"]] == [""]


class Answering:
    """An engine that answers what it is asked for with what it was given."""

    class address:  # noqa: N801 - as `Api.address` is called
        is_elsewhere = False

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get(self, path: str, **_query: object) -> object:
        self.asked.append(path)
        if path not in self.answers:
            raise EngineError("no such container")
        return self.answers[path]


def entry(identity: str, service: str, state: str = "running") -> dict:
    port = {"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}
    return {
        "Id": identity,
        "State": state,
        "Status": "Up",
        "Labels": {"com.docker.compose.service": service},
        "Ports": [port, {"PrivatePort": 9000, "Type": "tcp"}],
    }


def test_of_many_containers_some_are_weighed_at_each_look_and_all_in_turn(project):
    stats = {"memory_stats": {"usage": 7}}
    ids = [f"c{number}" for number in range(30)]
    answers: dict[str, object] = {f"/containers/{one}/stats": stats for one in ids}
    answers["/containers/json"] = [*(entry(one, "web") for one in ids), entry("x", "old", "exited")]
    answers["/info"] = {"MemTotal": 100}
    api, stack = Answering(answers), Stack(project)
    for expected in (None, 24 * 7, 30 * 7):
        (web,) = stack.look(api)["running"]
        assert web["memory"] == expected
        stack.weigh(api)
    assert [one["href"] for one in web["ports"]] == ["http://127.0.0.1:8080/"]
    del answers["/containers/c0/stats"]  # it has ended
    stack.weigh(api)
    assert api.asked.count("/containers/json") == 3


def test_a_connection_answers_is_open_or_is_refused_with_the_reason():
    every = Socket("0.0.0.0", 5432)
    seen = {
        "web": Seen(running=True, addresses=("10.213.250.2",)),
        "api": Seen(running=True, addresses=("10.213.250.3",)),
        "db": Seen(True, (every,), frozenset({(5432, "10.213.250.2")})),
        "cache": Seen(True, (Socket("127.0.0.1", 6379), Socket("::", 6380))),
        "empty": Seen(True, ()),
        "gone": Seen(running=False),
        "hidden": Seen(running=True),
    }
    wanted = [
        Wanted("web", "db", 5432),
        Wanted("api", "db", 5432),
        Wanted("web", "cache", 6379),
        Wanted("web", "cache", 1),
        Wanted("web", "empty", 80),
        Wanted("web", "gone", 80),
        Wanted("web", "hidden", 80),
        Wanted("web", "db", 0),
        Wanted("web", "absent", 80),
    ]
    found = reached(wanted, seen)
    assert [one.reach for one in found] == [
        Reach.OPEN,
        Reach.ANSWERS,
        Reach.REFUSED,
        Reach.REFUSED,
        Reach.REFUSED,
        Reach.DOWN,
        Reach.UNKNOWN,
        Reach.UNKNOWN,
        Reach.DOWN,
    ]
    assert found[2].why == "it listens only on 127.0.0.1:6379, which no other container reaches"
    assert found[3].why == "nothing listens on port 1; it listens on [::]:6380"
    assert found[4].why == "nothing listens on port 80; it listens on no port"


def test_open_connections_are_read_from_the_table_of_the_kernel():
    """One of IPv4, one of IPv4 in the table of IPv6, and one that only listens."""
    rest = "00000000:00000000 00:00000000 00000000 0 0 1 1 0 20 4 30 10 -1"
    mapped = "0000000000000000FFFF0000"
    text = (
        "sl local_address rem_address st\n"
        f"0: 02FAD50A:1538 03FAD50A:9C40 01 {rest}\n"
        f"1: {mapped}02FAD50A:1539 {mapped}04FAD50A:9C41 01 {rest}\n"
        f"2: 00000000:1538 00000000:0000 0A {rest}\n"
    )
    assert parse_established(text) == ((5432, "10.213.250.3"), (5433, "10.213.250.4"))


def up(service: str, started: float, ready: float | None, word: str = "running") -> ServiceState:
    return ServiceState(
        service, Phase.READY, word, created=started - 1, started=started, ready=ready
    )


def looked(*states: ServiceState) -> BootOutcome:
    return BootOutcome("shop", states, (), (), (), 0.1, 0.0, changed=False)


def test_times_count_from_the_last_boot_and_what_is_older_has_none(project):
    old = up("db", 1_000.0, 1_000.0)
    new = up("web", 1_000.0 + 2 * PAUSE, 1_000.0 + 2 * PAUSE)
    began, outcome = Since().boot(project, looked(old, new), 5_000.0)
    assert began == 1_000.0 + 2 * PAUSE - 1
    assert [(one.started, one.ready) for one in outcome.states] == [(None, None), (1.0, 1.0)]
    assert Since().boot(project, looked(), 5_000.0)[0] == 0.0


def test_when_a_service_was_healthy_is_what_was_seen_first(project):
    """The engine remembers five probes, so that the first of them is later at every look."""
    since = Since()
    seen = [up("db", 1_000.0, moment, "healthy") for moment in (1_012.0, 1_052.0, 1_092.0)]
    times = [since.boot(project, looked(one), one.ready + 1)[1].states[0].ready for one in seen]
    assert times == [13.0, 13.0, 13.0]
    late = Since().boot(project, looked(seen[0]), 1_012.0 + 40)[1].states[0]
    assert (late.started, late.ready) == (1.0, None)  # it may have been healthy before that
