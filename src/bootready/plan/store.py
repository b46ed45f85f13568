"""Plan -> plain data and back: what `--out plan.json` holds. No value of a secret is in it.

Paths in it are relative to the project directory where they are inside it, so that a plan does
not tell where somebody's project lies.
"""

from __future__ import annotations

import os
import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from bootready.errors import UsageError
from bootready.model import action as actions
from bootready.model.action import Action, Plan, Step
from bootready.model.node import Plain

FORMAT = "bootready-plan/1"
_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(actions.Action)}
_PATHS = frozenset({"path", "directory", "file", "source", "clear", "mounted"})


class Stored(NamedTuple):
    """A plan, and the fingerprints of what it was made from, by absolute path."""

    plan: Plan
    inputs: Mapping[str, str]
    outside: bool
    """Whether paths outside the project were agreed to."""


def encoded(stored: Stored, directory: str) -> dict[str, Plain]:
    """Return `stored` as JSON can hold it, with paths relative to `directory`."""
    out = _relative(directory)
    steps: list[Plain] = [
        {
            "id": step.id,
            "action": type(step.action).__name__,
            "arguments": _plain(step.action, out, ""),
            "cause": step.cause,
            "reason": step.reason,
            "after": list(step.after),
        }
        for step in stored.plan.steps
    ]
    return {
        "format": FORMAT,
        "outside": stored.outside,
        "inputs": {out(path): mark for path, mark in sorted(stored.inputs.items())},
        "steps": steps,
    }


def decoded(data: object, directory: str) -> Stored:
    """Return what `encoded` made of it; raises UsageError for anything else."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UsageError(f"this is not a valid plan: `format` must be '{FORMAT}'")

    def back(path: str) -> str:
        return os.path.normpath(os.path.join(directory, path)) if path else ""

    try:
        steps = tuple(_step(item, back) for item in data["steps"])
        inputs = {back(str(path)): str(mark) for path, mark in data["inputs"].items()}
        return Stored(Plan(steps), inputs, data.get("outside") is True)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"this plan cannot be read: {error}") from None


def _step(item: dict[str, Any], back: Callable[[str], str]) -> Step:
    made: Action = _made(_KINDS[item["action"]], item["arguments"], back, "")
    after = tuple(int(number) for number in item["after"])
    return Step(int(item["id"]), made, str(item["cause"]), str(item["reason"]), after)


def _relative(directory: str) -> Callable[[str], str]:
    base = directory.rstrip("/") + "/"
    return lambda path: path.removeprefix(base)


def _plain(value: object, out: Callable[[str], str], field: str) -> Plain:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return out(value) if field in _PATHS else value
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        if names is None:
            return [_plain(one, out, field) for one in value]
        defaults = value._field_defaults  # type: ignore[attr-defined]  # it has _fields, so it has these
        pairs = zip(names, value, strict=True)
        return {
            name: _plain(one, out, name)
            for name, one in pairs
            if name not in defaults or one != defaults[name]
        }
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"{type(value).__name__} cannot be stored in a plan")


def _made(kind: Any, data: Any, back: Callable[[str], str], field: str) -> Any:  # noqa: ANN401 - types as values, and JSON
    """Return `data` as a value of the type `kind`; raises where it is none."""
    if get_origin(kind) in {Union, types.UnionType}:
        if data is None:
            return None
        (kind,) = (one for one in get_args(kind) if one is not types.NoneType)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_made(inner[0], one, back, field) for one in data)
        return tuple(_made(one, part, back, "") for one, part in zip(inner, data, strict=True))
    if hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        unknown = set(data) - set(hints)
        if unknown:
            raise ValueError(f"'{unknown.pop()}' is not an argument of {kind.__name__}")
        return kind(**{name: _made(hints[name], one, back, name) for name, one in data.items()})
    if issubclass(kind, Enum):
        return kind(data)
    if type(data) is not kind:
        raise TypeError(f"{data!r} is not a valid {kind.__name__}")
    return back(data) if kind is str and field in _PATHS else data
