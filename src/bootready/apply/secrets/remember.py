"""Passwords that databases were seen to take -> their keyed hashes in the state directory.

The check `database-password-changed` compares them with what the files say later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from bootready.apply.files.ground import ground_of
from bootready.apply.files.journal import opened
from bootready.host.regular import read_regular
from bootready.knowledge.secrets.databases import Password

_LIMIT = 1_000_000
"""Bytes; no password is longer."""


def remember(directory: str, passwords: Iterable[Password]) -> None:
    """Keep the hashes of `passwords`, which a running stack has just been seen to take."""
    passwords = tuple(passwords)
    if not passwords:
        return
    with opened(ground_of(directory), directory) as journal:
        known = journal.load("passwords")
        for password in passwords:
            content = password.text.encode()
            if password.file:
                try:
                    content = read_regular(password.file, _LIMIT)
                except OSError:
                    continue
            known[password.key] = journal.digest(content.rstrip(b"\r\n"))
        journal.keep("passwords", json.dumps(known, indent=1, sort_keys=True) + "\n")
