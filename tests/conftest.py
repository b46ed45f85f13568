"""Fixtures for all tests: a scrubbed environment, and golden files with `--update-golden`."""

from __future__ import annotations

import difflib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

ON_CI = bool(os.environ.get("CI"))

SCRUBBED = ("COMPOSE_", "DOCKER_", "NO_COLOR", "CI", "FORCE_COLOR", "CAROOT", "GITHUB_")

Golden = Callable[[str, Path], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write what was produced into golden files"
    )


def pytest_configure(config: pytest.Config) -> None:
    # What pytest makes of these files is kept, also where PYTHONDONTWRITEBYTECODE is set: each
    # worker would make it again. Programs that tests start see the variable as it is.
    sys.dont_write_bytecode = False
    # A shell that starts the tests in the background has Ctrl-C ignored, and so would they have
    # every program that they interrupt.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Away from the person's own; one for all tests, whose projects have paths of their own.
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="bootready-tests-")
    if config.getoption("--update-golden") and ON_CI:
        raise pytest.UsageError("--update-golden is refused on CI: golden files are reviewed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("PYTEST_XDIST_WORKER"):
        from scheduling import longest_first

        items[:] = longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from scheduling import Lanes

    config.option.loadscopereorder = False  # the order is that of the collection
    return Lanes(config, log)


LEFT_OUT = pytest.StashKey[int]()
"""How many tests `-m 'not slow'` has left out, in this process or its workers."""


def pytest_deselected(items: list[pytest.Item]) -> None:
    for item in items:
        left_out = item.get_closest_marker("slow") is not None
        item.config.stash[LEFT_OUT] = item.config.stash.get(LEFT_OUT, 0) + left_out


def pytest_sessionfinish(session: pytest.Session) -> None:
    if output := getattr(session.config, "workeroutput", None):
        output["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    told = getattr(node, "workeroutput", {}).get("left_out", 0)
    node.config.stash[LEFT_OUT] = told  # every worker has left out the same


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    left = config.stash.get(LEFT_OUT, 0)
    if left and config.getoption("markexpr") == "not slow":
        terminalreporter.line(
            f"left to `make test-all`: {left} tests of over ten seconds, alone or with all their"
            " cases; left to `make nightly`: the long runs of some"
        )


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)


@pytest.fixture(autouse=True)
def scrubbed_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out of the environment what would change an outcome.

    Engine and Compose tests keep it: they talk to the engine that the environment names.
    """
    real = request.node.get_closest_marker("engine") or request.node.get_closest_marker("compose")
    for name in list(os.environ):
        if name.startswith("COMPOSE_") or (not real and name.startswith(SCRUBBED)):
            monkeypatch.delenv(name)


@pytest.fixture
def state_home(tmp_path_factory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for what bootready believes of projects, for this test alone."""
    home = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    return home


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare text with a golden file, or write it with ``--update-golden``."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(produced: str, path: Path) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(produced, encoding="utf-8")
            return
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        if produced != expected:
            difference = "".join(
                difflib.unified_diff(
                    expected.splitlines(keepends=True),
                    produced.splitlines(keepends=True),
                    str(path),
                    "produced",
                )
            )
            pytest.fail(f"{difference}\n(pytest --update-golden accepts it)", pytrace=False)

    return compare
