"""Plan of edits -> the text of every file before and after; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.apply.files.create import read_file
from bootready.apply.files.edits import edited
from bootready.apply.files.ground import Ground, RefusedError, ground_of
from bootready.apply.secrets.dotenv import with_lines, with_variable
from bootready.model.action import AppendLines, EditFile, Plan, SetVariable


def preview(plan: Plan, directory: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, text before and text after of each file that `plan` edits, in order.

    Raises RefusedError for a file that cannot be read as one that is written is.
    """
    ground = ground_of(directory)
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for step in plan.steps:
        action = step.action
        if not isinstance(action, EditFile | AppendLines | SetVariable):
            continue
        path = action.path
        if path not in before:
            before[path] = after[path] = _text(ground, path)
        match action:
            case EditFile():
                after[path] = edited(after[path], action.edits)
            case AppendLines():
                after[path] += with_lines(after[path], action)
            case SetVariable():
                after[path] += with_variable(after[path], action)
    for path, text in before.items():
        if text != after[path]:
            yield path, text, after[path]


def _text(ground: Ground, path: str) -> str:
    try:
        # Tracked text may be in any encoding; what is not UTF-8 stays as it is.
        return read_file(ground, path).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""
    except OSError as error:
        # A directory that may be entered but not listed: Compose reads what is in it, by name.
        raise RefusedError(f"'{path}' cannot be edited: {error.strerror}") from None
