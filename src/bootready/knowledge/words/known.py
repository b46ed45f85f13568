"""The tables of the package -> rows, read when the first line is asked about and kept."""

from __future__ import annotations

import pkgutil
from functools import cache

from bootready.knowledge.words.rows import Kind, Row, kinds_of, rows_of

GENERAL = "general"
"""The table of what no program in particular says."""


def tables() -> tuple[str, ...]:
    """Return the names of the tables of the package, in the order in which they are asked."""
    from importlib.resources import files

    found = [one.name for one in files(__package__).joinpath("tables").iterdir()]
    names = [name.removesuffix(".toml") for name in found if name.endswith(".toml")]
    return tuple(sorted(names, key=lambda name: (name == GENERAL, name)))


def table(name: str) -> str:
    """Return the text of a table of the package."""
    data = pkgutil.get_data(__package__, f"tables/{name}.toml")
    return (data or b"").decode()


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of failures, by id."""
    data = pkgutil.get_data(__package__, "kinds.toml")
    return kinds_of((data or b"").decode())


@cache
def known_rows() -> tuple[Row, ...]:
    """Return every row of the package, tables in alphabetical order and `general` last."""
    return tuple(
        row for name in tables() for row in rows_of(table(name), kinds(), general=name == GENERAL)
    )
