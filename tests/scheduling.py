"""Tests -> the order and the workers in which they run beside each other (pytest-xdist).

Files that boot the core stack, or fixtures with names and ports of their own, mostly wait: lanes of
them run from the start, each lane on one worker. Beside them, what waits for an engine takes turns
with what needs the processor. Without `-n` nothing of this is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, zip_longest

import pytest
from xdist.scheduler import LoadScopeScheduling

LANES = {
    "tests/engine/operations/test_hardened.py": "core stack, operated",
    "tests/engine/operations/test_operations.py": "core stack, operated",
    "tests/engine/test_core_stack.py": "core stack, booted",
    "tests/engine/test_rotate.py": "core stack, booted",
    "tests/contract/test_document_commands_booted.py": "core stack, booted",
    "tests/catalogue/test_proofs.py": "fixtures, booted",
    "tests/catalogue/test_remedies.py": "fixtures, booted",
    "tests/engine/swarm/test_stack_deploys.py": "core stack, operated",
    "tests/engine/swarm/test_faulty_stacks.py": "core stack, operated",
    "tests/engine/swarm/test_prepare.py": "core stack, operated",
    "tests/engine/swarm/test_up.py": "core stack, operated",
}
"""Files of one lane never run at the same time; all of them on one worker. There are fewer lanes
than workers: what needs the processor runs from the start, and does not wait until a lane ends.
"""

APART = {
    "tests/apply/test_kill.py",
    "tests/bounds/test_memory.py",
    "tests/engine/diagnose/test_diagnose.py",
}
"""Long files whose tests have nothing in common: each test goes to whichever worker is free."""


class Lanes(LoadScopeScheduling):
    """Gives a worker a file at a time, or a lane, or a test of a file that is taken apart."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """Return the name of what stays on one worker."""
    path = nodeid.partition("::")[0]
    return nodeid if path in APART else LANES.get(path, path)


def longest_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the tests by scope: lanes, then those with a slow test and the others.

    Among these, one that waits for an engine and one that does not take turns.
    """
    scopes: dict[str, list[pytest.Item]] = {}
    for item in items:
        scopes.setdefault(scope_of(item.nodeid), []).append(item)
    lanes = [scopes.pop(lane) for lane in dict.fromkeys(LANES.values()) if lane in scopes]
    slow_first = sorted(scopes.values(), key=lambda scope: not _any(scope, "slow"))
    waiting = [scope for scope in slow_first if _any(scope, "engine")]
    working = [scope for scope in slow_first if not _any(scope, "engine")]
    turns = chain.from_iterable(zip_longest(waiting, working, fillvalue=[]))
    return list(chain.from_iterable((*lanes, *turns)))


def _any(scope: list[pytest.Item], mark: str) -> bool:
    return any(item.get_closest_marker(mark) for item in scope)
