"""Owner, mode and ACL of a file -> whether a user and its groups may read or write it."""

from __future__ import annotations

import os

from bootready.fence import is_outside
from bootready.model.fact import FileFact
from bootready.typed import Sequence

READ, WRITE, SEARCH = 4, 2, 1

# Tags of an entry in the attribute `system.posix_acl_access` (acl(5), linux/posix_acl.h).
_USER, _GROUP_OBJ, _GROUP, _MASK = 0x02, 0x04, 0x08, 0x10


def allowed(
    fact: FileFact, uid: int, gids: Sequence[int], wanted: int, acl: bytes | None = None
) -> bool:
    """Tell whether the mode bits, or the ACL where there is one, give `wanted` to that user.

    Root is not special here: the caller knows whether it kept its capabilities.
    """
    if uid == fact.uid:
        return bool(fact.mode >> 6 & wanted == wanted)
    entries = _entries(acl) if acl else []
    if not entries:
        shift = 3 if fact.gid in gids else 0
        return bool(fact.mode >> shift & wanted == wanted)
    mask = next((bits for tag, bits, _ in entries if tag == _MASK), 7)
    for tag, bits, who in entries:
        if tag == _USER and who == uid:
            return bits & mask & wanted == wanted
    groups = [
        bits & mask
        for tag, bits, who in entries
        if (tag == _GROUP_OBJ and fact.gid in gids) or (tag == _GROUP and who in gids)
    ]
    if groups:
        return any(bits & wanted == wanted for bits in groups)
    return bool(fact.mode & wanted == wanted)


def is_open_to_all(path: str) -> bool:
    """Tell whether any user may read the file `path`, by its mode and those of all directories on
    the way.
    """
    if is_outside(path):
        return False
    try:
        if not os.stat(path).st_mode & READ:
            return False
        while path != os.path.dirname(path):
            path = os.path.dirname(path)
            if not os.stat(path).st_mode & SEARCH:
                return False
    except OSError:
        return False
    return True


def _entries(acl: bytes) -> list[tuple[int, int, int]]:
    import struct

    if len(acl) < 4 or struct.unpack_from("<I", acl)[0] != 2:
        return []
    return [struct.unpack_from("<HHI", acl, position) for position in range(4, len(acl) - 7, 8)]
