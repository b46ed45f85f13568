"""Three machines for the files of this directory, made when the first test needs them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine_support import require_busybox
from machines import Cluster, machines


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A swarm of three managers with the small image on each; a dead node is noticed in seconds."""
    image = require_busybox()
    with machines() as made:
        made.load(image)
        made.join()
        made[1].docker("swarm", "update", "--dispatcher-heartbeat", "3s")
        yield made
