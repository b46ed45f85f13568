"""The measured boot faults: what `check` sees of them, and that controls stay silent."""

from __future__ import annotations

import subprocess
import sys
import time
from ipaddress import ip_network
from pathlib import Path

import pytest

from engine_support import require_busybox

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import scoreboard

BLIND = frozenset({"image-missing"})
"""An image that is not here may be in its registry, which is never asked: a warning, no error."""
ASKED_FOR = ip_network("172.30.0.0/16")
"""The subnets that the cases name; the engine gives them to networks of other tests, too."""


@pytest.mark.engine
def test_faults_are_seen_before_boot():
    """Every case that can be seen is; one that is seen from now on must leave the list."""
    directory = scoreboard.cases_directory()
    if directory is None:
        pytest.skip("the cases are not here: set BOOTREADY_SHARED")
    require_busybox()
    _wait_until_free()
    missed = {row.case for row in scoreboard.rows(directory) if not row.enough}
    assert missed == BLIND


def _wait_until_free():
    """Return when no network of the engine lies in the subnets of the cases, or fail with it."""
    deadline = time.monotonic() + 120
    while held := [one for one in _subnets() if one.overlaps(ASKED_FOR)]:
        assert time.monotonic() < deadline, f"networks of this engine hold {held}"
        time.sleep(0.5)


def _subnets():
    """The IPv4 subnets of the engine's networks; one that goes away while we ask is left out."""
    names = _docker("network", "ls", "--quiet").split()
    form = "{{range .IPAM.Config}}{{println .Subnet}}{{end}}"
    told = [_docker("network", "inspect", "--format", form, name) for name in names]
    return [ip_network(one) for text in told for one in text.split() if ":" not in one]


def _docker(*words):
    done = subprocess.run(("docker", *words), check=False, capture_output=True, text=True)
    return done.stdout
