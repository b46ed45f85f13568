"""Compose and a project name for each test; what the project made is taken down at the end."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine_support import require_busybox, require_compose

sys.path.insert(0, str(Path(__file__).parent))
from stacks import take_down


@pytest.fixture
def compose() -> str:
    require_busybox()
    return " ".join(require_compose(5).command)


@pytest.fixture
def project(tmp_path: Path, compose: str) -> Iterator[str]:
    name = f"bootready-case-{secrets.token_hex(3)}"
    yield name
    take_down(tmp_path, name, compose)
