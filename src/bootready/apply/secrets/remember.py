"""Values that a running stack was seen to take -> their keyed hashes in the state directory.

The checks `database-password-changed` and `encryption-key-changed` compare them with what the files
say later (`check/changed_values.py`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from bootready.apply.files.ground import ground_of
from bootready.apply.files.journal import opened
from bootready.host.regular import read_regular
from bootready.knowledge.secrets.first_values import FirstValue

_LIMIT = 1_000_000
"""Bytes; no password is longer."""


def remember(directory: str, values: Iterable[FirstValue]) -> None:
    """Keep the hashes of `values`, each with this moment: they were just seen to work."""
    values = tuple(values)
    if not values:
        return
    with opened(ground_of(directory), directory) as journal:
        known = journal.load("passwords")
        for one in values:
            content = one.text.encode()
            if one.file:
                try:
                    content = read_regular(one.file, _LIMIT)
                except OSError:
                    continue
            digest = journal.digest(content.rstrip(b"\r\n"))
            known[one.key] = f"{digest} {int(time.time())}"
        journal.keep("passwords", json.dumps(known, indent=1, sort_keys=True) + "\n")
