"""One swarm for all tests here: both files are of one lane (tests/scheduling.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from manager import one_manager


@pytest.fixture(scope="session")
def manager() -> Iterator[dict[str, str]]:
    with one_manager() as environment:
        yield environment
