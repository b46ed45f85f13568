"""Env files: a variable that is missing -> one line more at the end, everything else kept."""

from __future__ import annotations

import os
import re

from bootready.apply.files import create_file, read_file, replace_file
from bootready.apply.journal import Journal
from bootready.model.action import AppendLines, SetVariable

_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*(?:[=:]|$)")
_SAFE = re.compile(r"^[A-Za-z0-9_./:@%+,=~^-]*$")


def set_variable(journal: Journal, action: SetVariable) -> bool:
    """Append the variable where the file does not have it; return whether it was appended."""
    lines = with_variable(_text(journal, action.path), action)
    return _append(journal, action.path, lines, 0o600)


def append_lines(journal: Journal, action: AppendLines) -> bool:
    """Append the lines that the file does not have; return whether any was."""
    return _append(journal, action.path, with_lines(_text(journal, action.path), action), 0o644)


def with_variable(text: str, action: SetVariable) -> str:
    """Return what has to be appended to `text` so that it sets the variable; '' if it does."""
    if action.name in names_in(text):
        return ""
    comment = f"# {action.comment}\n" if action.comment else ""
    return _break(text) + comment + f"{action.name}={_quoted(action.value)}\n"


def with_lines(text: str, action: AppendLines) -> str:
    """Return what has to be appended to `text` so that it has every line of `action`."""
    present = {line.strip() for line in text.splitlines()}
    missing = [line for line in action.lines if line.strip() not in present]
    return _break(text) + "".join(f"{line}\n" for line in missing) if missing else ""


def names_in(text: str) -> set[str]:
    """Return the names that the lines of an env file set."""
    found = (_ASSIGNMENT.match(line) for line in text.splitlines())
    return {match.group(1) for match in found if match}


def _append(journal: Journal, path: str, addition: str, mode: int) -> bool:
    if not addition:
        return False
    if not os.path.lexists(path):
        return create_file(journal, path, addition.encode(), mode)
    before = read_file(journal.ground, path)
    replace_file(journal, path, before, before + addition.encode(), operation="append")
    return True


def _text(journal: Journal, path: str) -> str:
    if not os.path.lexists(path):
        return ""
    return read_file(journal.ground, path).decode("utf-8", "surrogateescape")


def _break(text: str) -> str:
    return "" if not text or text.endswith("\n") else "\n"


def _quoted(value: str) -> str:
    if _SAFE.match(value):
        return value
    if "'" not in value and "\n" not in value:
        return f"'{value}'"  # single quotes: nothing in it is interpolated
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return '"' + escaped.replace("\n", "\\n") + '"'
