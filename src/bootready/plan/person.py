"""An example of an env file -> the same with the user and group id of who prepares.

Examples write 1000, the first user that most systems create, where they mean "you". A service that
is told to run as somebody else cannot write to directories that an ordinary user has made.
"""

from __future__ import annotations

import re

from bootready.regex import regex

_GUESSED = "1000"
_LINE = regex(
    r"^(?P<before>\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)=)(?P<quote>[\"']?)1000(?P=quote)(?=\s*$)",
    re.MULTILINE,
)
_USER = regex(r"(?:^|_)P?UID$|(?:^|_)USER_?ID$", re.IGNORECASE)
_GROUP = regex(r"(?:^|_)P?GID$|(?:^|_)GROUP_?ID$", re.IGNORECASE)


def as_person(text: str, uid: int, gid: int) -> str:
    """Return `text` with `uid` and `gid` in the variables for which it guesses 1000.

    Root prepares for others and keeps the guess, as does whoever it fits.
    """

    def own(match: re.Match[str]) -> str:
        name = match["name"]
        mine = uid if _USER.search(name) else gid if _GROUP.search(name) else None
        if mine is None or str(mine) == _GUESSED:
            return match[0]
        return f"{match['before']}{mine}"

    return text if uid == 0 else _LINE.sub(own, text)
