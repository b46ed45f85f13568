"""Where a value was written: file, line and column, and its path in the Compose model."""

from __future__ import annotations

from bootready.typed import NamedTuple

YamlPath = tuple[str | int, ...]
"""The way to a value in the model, such as ``("services", "web", "ports", 0)``."""


class Span(NamedTuple):
    """A stretch of one source file.

    `file` is an absolute path (or ``-`` for standard input); lines and columns count from 1,
    columns in characters; the end is exclusive.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """A place that a finding points at, with the words to print beside it."""

    span: Span
    path: YamlPath = ()
    label: str = ""

    def labelled(self, label: str) -> Location:
        """Return the same place with `label` beside it."""
        return self._replace(label=label)


def render_path(path: YamlPath) -> str:
    """Return `path` as Compose users write it: ``services.web.ports[0]``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text
