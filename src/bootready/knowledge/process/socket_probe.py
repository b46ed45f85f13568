"""The test of a database's healthcheck -> whether it asks the Unix socket instead of the port.

The official images of PostgreSQL, MySQL and MariaDB run their scripts with a temporary server that
listens on the socket only (docker-entrypoint.sh: ``listen_addresses=''``, ``--skip-networking``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bootready.regex import regex

_POSTGRES = regex(r"\b(?:pg_isready|psql)\b")
_MYSQL = regex(r"\b(?:mysqladmin|mariadb-admin|mysql|mariadb)\b")
_HOST = regex(r"(?<![\w-])(?:-h|--host)[= ]?[\"']?(?!/)[\w.$\[{:]")
_NAMED_HOST = regex(r"(?<![\w-])(?:-h|--host)[= ]?[\"']?(?!/|localhost\b)[\w.$\[{:]")
_TCP = regex(r"--protocol[= ]?tcp", re.IGNORECASE)
_URL = regex(r"postgres(?:ql)?://[^\s/]*@?[\w.]")


def asks_socket(test: Sequence[str]) -> str:
    """Return the program that asks over the socket, '' for a test that does not.

    To a client of MySQL, `localhost` means the socket.
    """
    words = " ".join(test)
    found = _POSTGRES.search(words)
    if found:
        return "" if _HOST.search(words) or _URL.search(words) else found[0]
    found = _MYSQL.search(words)
    if found:
        return "" if _NAMED_HOST.search(words) or _TCP.search(words) else found[0]
    return ""
