"""Lines of a log or of a probe -> the one that says most about a failure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bootready.model.lines import cut
from bootready.model.printable import printable

LINES = 25
"""So many of the last lines are looked at."""

_STRONG = re.compile(
    r"\b(?:fatal|panic|errors?|err|failed|failure|cannot|can't|could not|couldn't|invalid|illegal"
    r"|unknown|unrecognized|undefined|unable|exception|denied|refused|not found|no such|missing"
    r"|unexpected|unsupported|required|must)\b",
    re.IGNORECASE,
)
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Exit|Warning|Interrupt)?(?:: .*)?$")


def readable(line: str) -> str:
    """Return a line of a container without colours, and with other control characters visible.

    What a container writes is not to steer the terminal of who reads it here. What is longer than
    a pattern may be asked to search is cut.
    """
    plain = _ESCAPES.sub("", cut(line.rstrip())).replace("\t", "    ")
    return printable(plain)


def telling(lines: Sequence[str]) -> str:
    """Return the newest line that speaks of a failure, else the last one, '' for no line.

    A Python traceback tells it in its last line, whatever the program wrote afterwards.
    """
    last = [line for line in lines[-LINES:] if line.strip()]
    start = max((n for n, one in enumerate(last) if one.startswith("Traceback (")), default=None)
    if start is not None:
        raised = next((one for one in last[start + 1 :] if _RAISED.match(one)), None)
        if raised is not None:
            return raised.strip()
    strong = next((one for one in reversed(last) if _STRONG.search(one)), None)
    return (strong or (last[-1] if last else "")).strip()


def first_complaint(lines: Sequence[str]) -> str:
    """Return the oldest of the last lines that speaks of a failure, '' where none does."""
    told = (line for line in lines[-LINES:] if not line.startswith(" ") and _STRONG.search(line))
    return next((line.strip() for line in told), "")
