"""The measured boot faults: what `check` sees of them, and that controls stay silent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine_support import require_busybox

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import scoreboard

BLIND = frozenset({"image-missing"})
"""An image that is not here may be in its registry, which is never asked: a warning, no error."""


@pytest.mark.engine
def test_faults_are_seen_before_boot():
    """Every case that can be seen is; one that is seen from now on must leave the list."""
    directory = scoreboard.cases_directory()
    if directory is None:
        pytest.skip("the cases are not here: set BOOTREADY_SHARED")
    require_busybox()
    missed = {row.case for row in scoreboard.rows(directory) if not row.enough}
    assert missed == BLIND
