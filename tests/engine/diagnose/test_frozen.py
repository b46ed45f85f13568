"""An engine that stops answering in the middle, as under SIGSTOP: every verb says so, and ends or
goes on; nothing is left half done.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from cases import probe, service
from stacks import Silent, write

from bootready.boot.up import Options
from bootready.boot.watch import pulse
from bootready.model.boot import BootOutcome, ServiceState
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.pipeline.up import up

pytestmark = [pytest.mark.engine, pytest.mark.slow]

VERBS = (
    ("status",),
    ("diagnose",),
    ("check",),
    ("report", "-o", "page.html"),
    ("bundle", "-o", "all.tar.gz"),
    ("up", "--timeout", "20"),
)
"""Those that ask the engine for more than whether it is there."""


class Frozen(Silent):
    """A view that stops the engine once `a` starts, and lets it go on when the verbs have ended."""

    interval = 0.2

    def __init__(self, running: threading.Event, verbs: threading.Event) -> None:
        self.running, self.verbs = running, verbs
        self.said: list[float] = []

    def states(self, states: dict[str, ServiceState], seconds: float) -> None:  # type: ignore[override]
        if states["a"].word == "starting" and not self.said:
            self.running.clear()
        if self.verbs.is_set():
            self.running.set()

    def engine_silent(self, seconds: float, limit: float) -> None:
        self.said.append(seconds)


@contextmanager
def stoppable(path: Path, running: threading.Event) -> Iterator[str]:
    """Hand on what is said to the engine and by it, while `running` is set."""
    engine = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
    opened: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def begin(target: Callable[..., None], *arguments: socket.socket) -> None:
        threads.append(threading.Thread(target=target, args=arguments, daemon=True))
        threads[-1].start()

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                running.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                running.wait()
                server = socket.socket(socket.AF_UNIX)
                opened.extend((client, server))
                server.connect(engine)
                begin(pump, client, server)
                begin(pump, server, client)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(200)
        begin(serve)
        try:
            yield f"unix://{path}"
        finally:
            running.set()
            for one in (listener, *opened):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(30)
            for one in opened:
                one.close()


def test_an_engine_that_stops_for_a_while(
    tmp_path: Path, project: str, compose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "PERIOD", 0.3)
    monkeypatch.setattr(pulse, "SAID", 1.0)
    slow = probe("[CMD, test, -f, /tmp/ok]", retries=99).replace("interval: 1s", "interval: 2s")
    text = "services:\n" + service(
        "a", slow, "secrets: [pw]", command="[sh, -c, 'sleep 3; touch /tmp/ok; sleep 600']"
    )
    text += service("b", "depends_on: {a: {condition: service_healthy}}")
    home = tmp_path / "home"
    home.mkdir()
    write(tmp_path / "p", {"compose.yaml": text + "secrets: {pw: {file: ./pw}}\n", "pw": "one"})
    before = sorted(os.listdir(tmp_path / "p"))
    running, ended, results = threading.Event(), threading.Event(), {}
    running.set()
    with stoppable(tmp_path / "s", running) as host:
        environ = {**os.environ, "DOCKER_HOST": host, "BOOTREADY_COMPOSE": compose}
        view = Frozen(running, ended)

        def boot() -> BootOutcome:
            request = Request(directory=str(tmp_path / "p"), project_name=project)
            return up(load(request, environ), request, environ, Options(timeout=120), view, 5.0)

        def ask() -> None:
            while not view.said:
                if ended.wait(0.05):
                    return
            started = [(verb, start(verb, tmp_path / "p", project, environ)) for verb in VERBS]
            for verb, process in started:
                results[verb] = (*process.communicate(timeout=120), process.returncode)
            ended.set()

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            outcome = boot()
        finally:
            ended.set()
            asking.join(150)
    assert outcome.ready, outcome.diagnoses
    assert view.said[0] > 0, "it was said that the engine does not answer"
    assert view.said[-1] == 0, "and that it does again"
    assert set(results) == set(VERBS)
    for verb, (out, err, code) in results.items():
        assert code in {0, 1, 2}, (verb, err)
        assert "Traceback" not in err, (verb, err)
        assert verb[0] == "report" or "did not answer" in out + err, (verb, out, err)
    left = set(os.listdir(tmp_path / "p")) - {*before, "page.html", "all.tar.gz"}
    assert not left
    assert (tmp_path / "p" / "pw").read_text() == "one"


def start(
    verb: tuple[str, ...], directory: Path, project: str, environ: dict[str, str]
) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "bootready", *verb, "-p", project]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        argv, cwd=directory, env=environ, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe,
        text=True,
    )  # fmt: skip
