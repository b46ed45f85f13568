"""The tables of words that a project's bootready.toml names -> their rows."""

from __future__ import annotations

import os
import tomllib

from bootready.boot.diagnose.signatures import words_with
from bootready.errors import UsageError
from bootready.host.regular import read_regular
from bootready.knowledge.words.known import kinds
from bootready.knowledge.words.lookup import Words
from bootready.knowledge.words.rows import Row, rows_of

TABLES = 10
_SETTINGS = "bootready.toml"
_LONGEST = 300_000
"""Bytes of a table: 500 rows, as many as the half of all that are known, have less."""


def own_rows(directory: str) -> tuple[Row, ...]:
    """Return the rows of `[diagnose] words` in the project's settings; none without them.

    A table is a file of the project. Raises UsageError for what cannot be read or is not a table.
    """
    found: list[Row] = []
    for name in _names(directory):
        path = os.path.realpath(os.path.join(directory, name))
        root = os.path.realpath(directory)
        if os.path.isabs(name) or not path.startswith(root.rstrip("/") + "/"):
            raise UsageError(f"{_SETTINGS}: '{name}' in `diagnose.words` is outside the project")
        try:
            text = read_regular(path, _LONGEST).decode()
            found += rows_of(text, kinds(), origin=name)
        except OSError as error:
            raise UsageError(f"{name}: {error.strerror}") from None
        except ValueError as error:
            raise UsageError(f"{name}: {error}", "docs/reference/writing-words.md") from None
    return tuple(found)


def words_of(directory: str) -> tuple[Words, str]:
    """Return all tables, and what is wrong with those of the project, '' if nothing is.

    A stack that failed is diagnosed all the same.
    """
    try:
        return words_with(own_rows(directory)), ""
    except UsageError as error:
        return words_with(), f"its own tables of words are not used: {error.message}"


def _names(directory: str) -> list[str]:
    path = os.path.join(directory, _SETTINGS)
    if not os.path.lexists(path):
        return []
    try:
        table = tomllib.loads(read_regular(path, 1_000_000).decode()).get("diagnose", {})
    except OSError as error:
        raise UsageError(f"{_SETTINGS}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{_SETTINGS}: {error}") from None
    names = table.get("words", []) if isinstance(table, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise UsageError(f"{_SETTINGS}: `diagnose.words` must be a list of files")
    strange = sorted(set(table) - {"words"})
    if strange:
        raise UsageError(f"{_SETTINGS}: `diagnose.{strange[0]}` is not a setting")
    if len(names) > TABLES:
        raise UsageError(f"{_SETTINGS}: `diagnose.words` may name {TABLES} files")
    return names
