"""A page that follows a boot: what a browser shows of a channel, and whom the server answers."""

from __future__ import annotations

import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest

from bootready.boot.watch.compose_lines import Step
from bootready.model.boot import Phase, ServiceState
from bootready.page.channel import Channel, Page
from bootready.page.live import live_page
from bootready.page.server import serving
from bootready.page.view import PageView
from browser_support import chromium, listen

STILL = Page("<!doctype html><title>still</title>", "default-src 'none'")


def ask(
    address: str, path: str | None = None, method: str = "GET", **headers: str
) -> tuple[int, str]:
    """Return the status and the text of an answer; underscores in names of headers are dashes."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, parts.path if path is None else path, headers=given)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_who_has_the_address_is_answered_on_the_loopback_interface_alone():
    with serving(Channel(), lambda: STILL) as address:
        parts = urlsplit(address)
        assert parts.hostname == "127.0.0.1"
        assert len(parts.path) > 24
        assert ask(address) == (200, STILL.text)
        assert ask(address, Host=f"localhost:{parts.port}")[0] == 200
        assert ask(address, Origin=f"http://{parts.netloc}")[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_and_a_name_that_leads_here_are_refused(headers):
    with serving(Channel(), lambda: STILL) as address:
        for path in (None, f"{urlsplit(address).path}events"):
            status, text = ask(address, path, **headers)
            assert status in {400, 403}
            assert STILL.text not in text


def test_a_wrong_token_other_paths_and_other_methods_are_refused():
    with serving(Channel(), lambda: STILL) as address:
        path = urlsplit(address).path
        wrong = path[:-2] + ("a" if path[-2] != "a" else "b") + "/"
        for other in (
            "/",
            "/events",
            wrong,
            f"{wrong}events",
            f"{path}..",
            f"{path}other",
            "/%00/",
        ):
            assert ask(address, other)[0] in {403, 404}
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            assert ask(address, method=method)[0] == 405


def test_who_writes_never_waits_for_a_browser_that_does_not_read():
    """A connection that asks for the states and never reads one."""
    channel = Channel()
    with serving(channel, lambda: STILL) as address:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("GET", f"{parts.path}events")
        connection.getresponse()
        large = "x" * 100_000

        def write() -> None:
            for number in range(2_000):
                channel.put(said=f"{number} {large}")

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        writer.join(60)
        assert not writer.is_alive()
        assert ask(address)[0] == 200
        connection.close()


def test_a_reader_is_told_the_newest_state_and_that_it_was_the_last():
    channel = Channel()
    channel.put(said="one")
    channel.put(said="two", services=[])
    assert json.loads(channel.read().text) == {"said": "two", "services": []}
    before = channel.read()
    channel.put(said="two")
    assert channel.read() == before
    told: list[int] = []
    with channel.listening(lambda: told.append(1)):
        channel.put(said="three")
        channel.end()
    channel.put(said="four")
    assert told == [1, 1]
    assert channel.read().over


SERVICES = """\
name: shop
services:
  web: {image: 'nginx:1', depends_on: {db: {condition: service_healthy}}}
  db: {image: 'postgres:17', environment: {POSTGRES_PASSWORD: rose-91}}
"""


@pytest.fixture
def shop(tmp_path):
    from bootready.cli.words.options import Parser, add_project_options, request_from
    from bootready.pipeline.report import report

    (tmp_path / "compose.yaml").write_text(SERVICES, encoding="utf-8")
    parser = Parser()
    add_project_options(parser)
    request = request_from(parser.parse_args(["-C", str(tmp_path)]), ())
    found = report(request, {}, engine=False)
    return live_page(found.stack, found.source)


def state(service: str, phase: str, *waiting_for: str) -> dict:
    return {
        "service": service,
        "phase": phase,
        "said": phase,
        "waiting_for": list(waiting_for),
        "started": None,
        "ready": None,
    }


def bar(service: str, *, started: float | None = None, after: str = "") -> dict:
    waits = [{"service": after, "condition": "service_healthy", "until": None}] if after else []
    return {
        "service": service,
        "phase": "waiting" if after else "starting",
        "created": 0.1,
        "started": started,
        "ready": None,
        "waits": waits,
        "critical": not after,
    }


def finding(severity: str, message: str) -> dict:
    empty = dict.fromkeys(("place", "hint", "remedy", "command", "change"), "")
    return {**empty, "check": "x", "severity": severity, "message": message, "confirmed": False}


def running(service: str, port: int = 0) -> dict:
    ports = [{"port": port, "inside": 80, "href": f"http://127.0.0.1:{port}/"}] if port else []
    memory = {"memory": 64 * 2**20, "limit": 128 * 2**20}
    return {"service": service, "status": "Up 2 seconds", "ports": ports, **memory}


def broken_rules(browser, address: str) -> list[str]:
    """The rules of accessibility that the page breaks; axe is a script that its policy refuses."""
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(bypass_csp=True)
    page.goto(address)
    page.locator("#live-diagnoses", has_text="cause").wait_for()
    return [one["id"] for one in Axe().run(page).response["violations"]]


@pytest.mark.slow
def test_a_browser_shows_a_boot_as_it_happens_and_keeps_what_it_saw_last(shop):
    channel = Channel()
    hostile = "<img src=x onerror=alert(1)>"
    pull = {"image": "postgres:17", "words": "12.3 of 40.1 MB", "part": 0.3}
    pull |= {"rate": 1_500_000, "left": 19}
    said: list[str] = []
    with chromium() as browser, serving(channel, lambda: shop) as address:
        page = browser.new_page()
        listen(page, said)
        page.goto(address)
        channel.put(
            said="booting: 0 of 2 services up",
            services=[state("web", "waiting", "db"), state("db", "starting")],
            log={"service": "db", "lines": [hostile, "initialising"]},
            pulls=[pull],
            timeline={"path": ["db"], "bars": [bar("db", started=0.5), bar("web", after="db")]},
            connections=[
                {"service": "web", "target": "db", "port": 5432, "reach": "down", "why": hostile}
            ],
            findings=[finding("error", hostile), finding("warning", "of old")],
        )
        page.locator("#live-said", has_text="booting: 0 of 2").wait_for()
        assert page.locator(".box[data-name=db]").first.get_attribute("data-now") == "starting"
        assert page.locator(".chip[data-name=db]").get_attribute("data-now") == "starting"
        assert page.locator("#graph .edge.awaited").get_attribute("data-b") == "db"
        assert hostile in page.locator("#live-log pre").inner_text()
        words = page.locator("#live-pulls li").inner_text().split()
        assert " ".join(words) == ("pulling postgres:17 12.3 of 40.1 MB, 1.5 MB/s, about 19 s left")
        assert page.locator("#times-rows tr").all_inner_texts()[0].split()[:2] == ["…", "db"]
        assert page.locator("#times-rows .critical .who").inner_text().split() == ["…", "db"]
        assert hostile in page.locator("#reach-bad li.waits").inner_text()
        rest = page.locator("#reach-rest summary")
        for kinds, words in (
            (("open", "answers"), "those that answer: 2"),
            (("open", "unknown"), "those that answer: 1, not known: 1"),
            (("unknown", "unknown"), "not known: 2"),
        ):
            link = {"service": "web", "target": "db", "port": 5432, "why": ""}
            channel.put(connections=[{**link, "reach": one} for one in kinds])
            rest.get_by_text(words, exact=True).wait_for(state="attached")
        assert hostile in page.locator("#checks-rows .finding.error").inner_text()
        assert page.locator("#checks-rows summary").inner_text() == "1 more"
        channel.put(
            said="not ready",
            services=[state("web", "waiting", "db"), state("db", "failed")],
            diagnoses=[{"service": "db", "remedy": "do this", "text": f"cause {hostile}"}],
            endpoints=[
                {"service": "web", "name": "home", "target": hostile, "answered": False, "said": ""}
            ],
            running=[running("web", 8080), running("db")],
            savings=[{"service": "db", "seconds": 5.6, "words": hostile}],
            pulls=[],
        )
        page.locator("#live-diagnoses", has_text="cause").wait_for()
        assert hostile in page.locator("#live-endpoints").inner_text()
        assert page.locator("img").count() == 0
        link = page.locator("#times-rows a[target]")
        assert link.get_attribute("href") == "http://127.0.0.1:8080/"
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert "64 MiB of 128 MiB" in page.locator("#times-rows").inner_text()
        assert f"up to 5.6 s db: {hostile}" in page.locator("#times-savings").inner_text()
        assert broken_rules(browser, address) == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.locator(".steps .chip[data-name=db] .now-failed").inner_text() == "✕"
        channel.end()
        page.locator("#live-time", has_text="has ended").wait_for()
        assert page.locator(".box[data-name=db]").first.get_attribute("data-now") == "failed"
        assert said == []


@pytest.fixture
def project(tmp_path):
    from bootready.model.request import Request
    from bootready.pipeline import load

    (tmp_path / "compose.yaml").write_text(SERVICES, encoding="utf-8")
    return load(Request(directory=str(tmp_path)), {})


def test_a_boot_is_shown_to_the_page_and_to_the_terminal(project):
    """The view that a boot is told: what it hands on, and what it tells the channel."""
    channel, inner = Channel(), Recorded()
    view = PageView(inner, channel, project)
    view.told(Step("Image postgres:17", "Pulling"))
    view.told(Step("a1", "Downloading", parent="Image postgres:17", current=5_000, total=9_000))
    starting = ServiceState("db", Phase.STARTING, "starting", started=1.0)
    waiting = ServiceState("web", Phase.WAITING, "created", waiting_for=("db",))
    view.states({"db": starting, "web": waiting}, 2.0)
    view.engine_silent(3.0, 60.0)
    said = json.loads(channel.read().text)
    assert [one["words"] for one in said["pulls"]] == ["5.0 of 9.0 kB"]
    assert [one["service"] for one in said["timeline"]["bars"]] == ["db", "web"]
    assert [one["phase"] for one in said["services"]] == ["starting", "waiting"]
    assert said["said"] == "the engine has not answered for 3 s"
    assert view.watched == "db"
    assert inner.called == ["told", "told", "states", "engine_silent"]
    assert view.interval == inner.interval
    with channel.listening(lambda: None):
        assert view.interval <= 0.2


class Recorded:
    """A view that remembers what it was told."""

    interval = 1.0

    def __init__(self) -> None:
        self.called: list[str] = []

    def __getattr__(self, name: str):
        return lambda *_: self.called.append(name)
