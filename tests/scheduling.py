"""Test files -> the order and the workers on which they run beside each other (pytest-xdist).

Files that boot the core stack mostly wait: two lanes of them run from the start, each lane on one
worker, and what needs the processor runs beside them. Without `-n` nothing of this is used.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadScopeScheduling

LANES = {
    "tests/engine/operations/test_operations.py": "core stack, operated",
    "tests/engine/test_core_stack.py": "core stack, booted",
    "tests/engine/test_core_stack_hardened.py": "core stack, booted",
    "tests/engine/test_rotate.py": "core stack, operated",
    "tests/contract/test_document_commands.py": "core stack, booted",
    "tests/engine/swarm/test_stack_deploys.py": "swarm",
    "tests/engine/swarm/test_up.py": "swarm",
}
"""Files of one lane never run at the same time."""


class Lanes(LoadScopeScheduling):
    """Gives a worker a file at a time, or a lane."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return LANES.get(path, path)


def longest_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the tests by file: lanes, files with a slow test, the others."""
    ranks: dict[str, int] = {}
    for item in items:
        path = item.nodeid.partition("::")[0]
        rank = 0 if path in LANES else 1 if item.get_closest_marker("slow") else 2
        ranks[path] = min(rank, ranks.get(path, 2))
    return sorted(items, key=lambda item: ranks[item.nodeid.partition("::")[0]])
