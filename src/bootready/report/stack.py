"""The losses of a stack -> the lines that a person reads beside it, and the object for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bootready.model.node import Plain
from bootready.model.position import render_path
from bootready.model.printable import printable
from bootready.model.subject import subject_of
from bootready.report.excerpt import place
from bootready.swarm.losses import Kind, Loss

_SHOWN = 4
"""Subjects of one line; the comments of the stack file name them all."""


def losses_text(losses: Sequence[Loss], directory: str, redact: Callable[[str], str]) -> str:
    """Return a line for each kind of difference, the gravest first, with those that it is about."""
    alike: dict[tuple[Kind, object, str, str, str], list[Loss]] = {}
    for loss in losses:
        key = (loss.kind, loss.location.path[0], loss.what, loss.consequence, loss.hint)
        alike.setdefault(key, []).append(loss)
    order = list(Kind)
    lines: list[str] = []
    for (kind, _, what, consequence, hint), same in sorted(
        alike.items(), key=lambda one: order.index(one[0][0])
    ):
        where = place(same[0].location.span, directory)
        lines.append(f"{kind.value}: {_subjects(same)}: {what} ({where})")
        if consequence and kind is not Kind.CONVERTED:
            lines.append(f"   = {consequence}")
        if hint and kind is not Kind.CONVERTED:
            lines.append(f"   = hint: {hint}")
    return "".join(f"{printable(redact(line))}\n" for line in lines)


def _subjects(same: Sequence[Loss]) -> str:
    names = list(dict.fromkeys(subject_of(loss.location.path) for loss in same))
    if len(names) == 1:
        return names[0]
    noun = names[0].partition(" ")[0]
    quoted = [name.removeprefix(f"{noun} ") for name in names[:_SHOWN]]
    more = len(names) - _SHOWN
    return f"{noun}s {', '.join(quoted)}" + (f" and {more:,} more" if more > 0 else "")


def losses_object(
    losses: Sequence[Loss], directory: str, redact: Callable[[str], str]
) -> list[dict[str, Plain]]:
    """Return the losses for programs, in the order of the project."""
    return [
        {
            "kind": loss.kind.value,
            "check": loss.check,
            "path": redact(render_path(loss.location.path)),
            "message": redact(loss.message),
            "consequence": redact(loss.consequence),
            "hint": redact(loss.hint),
            "place": place(loss.location.span, directory),
        }
        for loss in losses
    ]
