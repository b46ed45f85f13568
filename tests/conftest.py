"""Fixtures for all tests: a scrubbed environment, and golden files with `--update-golden`."""

from __future__ import annotations

import difflib
import os
import shutil
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
