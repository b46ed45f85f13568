"""Images that come slowly, or stop coming, from a registry of the test: the limit is not theirs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine_support import find_busybox, require_busybox, require_compose
from registry_support import Refuses, Registry, registry

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
from registries import ask_registries
from stacks import Silent, take_down, write

import bootready.boot.up
from bootready.boot.up import Options
from bootready.boot.watch.pulls import Pulls
from bootready.model.boot import BootOutcome
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.pipeline.up import up

pytestmark = pytest.mark.engine


LIMIT = 60.0
LATER = LIMIT + 30
"""Seconds that pass at once where a test says so: beyond the limit, within that of a pull."""


class Clock:
    """The clock of the boot, which a test can put forward."""

    ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead


class Watching(Silent):
    """A view that puts the clock forward once bytes were told, and lets the registry go on."""

    interval = 0.2

    def __init__(self, clock: Clock, served: Registry, *, go: bool) -> None:
        self.clock, self.served, self.go = clock, served, go
        self.pulls = Pulls()
        self.most = 0

    def told(self, told: object) -> None:
        self.pulls.take(told)  # type: ignore[arg-type]
        self.most = max([self.most, *(pull.current for pull in self.pulls.pulling())])

    def states(self, states: object, seconds: float) -> None:
        if self.most and self.pulls.active and not self.served.go.is_set():
            self.clock.ahead += LATER
            if self.go:
                self.served.go.set()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(bootready.boot.up, "time", made)
    return made


@pytest.fixture(params=[5, 2])
def program(request: pytest.FixtureRequest) -> str:
    require_busybox()
    return " ".join(require_compose(request.param).command)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Registry]:
    busybox = find_busybox(tmp_path).read_bytes()
    with registry(held=True, busybox=busybox) as made:
        yield made


def boot(directory: Path, served: Registry, compose: str, view: Silent) -> BootOutcome:
    image = f"{served.host}/a/b:1"
    write(directory, {"compose.yaml": f"services: {{a: {{image: '{image}', init: true}}}}\n"})
    name = f"bootready-pull-{os.getpid()}"
    request = Request(directory=str(directory), project_name=name)
    environ = {**os.environ, "BOOTREADY_COMPOSE": compose}
    try:
        wishes = Options(timeout=LIMIT, settle=0.2)
        return up(load(request, environ), request, environ, wishes, view, 1.0)
    finally:
        served.go.set()
        take_down(directory, name, compose)
        subprocess.run(["docker", "rmi", "-f", image], capture_output=True, check=False)


def test_the_limit_begins_when_the_last_image_is_there(tmp_path, served, program, clock):
    """The second half of a layer comes long after the limit, and then the boot has all of it."""
    view = Watching(clock, served, go=True)
    outcome = boot(tmp_path, served, program, view)
    assert outcome.ready, outcome.diagnoses
    assert outcome.seconds > outcome.pull_seconds > LATER
    assert view.most > 0


def test_a_pull_that_stands_still_is_named(tmp_path, served, program, clock):
    outcome = boot(tmp_path, served, program, Watching(clock, served, go=False))
    assert outcome.timed_out
    [found] = outcome.diagnoses
    assert found.symptom == "pull-stalled"
    assert " of " in found.evidence[0]
    assert outcome.pull_seconds > LATER


@pytest.mark.parametrize(
    ("refuses", "words"),
    [
        (Refuses(429, "TOOMANYREQUESTS", "slow down"), "toomanyrequests: slow down"),
        (Refuses(404, "MANIFEST_UNKNOWN", "manifest unknown"), "manifest"),
        (Refuses(401, "UNAUTHORIZED", "authentication required"), "unauthorized"),
        (Refuses(403, "DENIED", "requested access to the resource is denied"), "denied"),
    ],
    ids=lambda value: value.code if isinstance(value, Refuses) else "",
)
def test_the_engine_tells_a_refusal_from_silence(refuses, words):
    """Its words are those that `make up` looks for, beside a registry that answers and none."""
    require_busybox()
    with registry(refuses) as closed, registry(held=True) as opened:
        names = [f"{closed.host}/a/b:1", f"{opened.host}/a/b:1", "127.0.0.1:1/a/b:1"]
        answers = ask_registries(names)
    assert words in answers[closed.host].refusal
    assert answers[opened.host].reachable
    assert not answers[opened.host].refusal
    assert not answers["127.0.0.1:1"].reachable
    assert "refused" in answers["127.0.0.1:1"].silence
