"""Names -> the same names, shortened to the room of a box so that no two of them become the same.

No font can be measured where a picture is made, so that the letters are taken as wide as those of
DejaVu Sans, the widest of the usual ones; in any other the words are shorter than thought.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

BOLD, PLAIN = 14.0, 12.0
"""The sizes in pixels of names, which are bold, and of everything else."""
_WIDTHS = {
    30: "'",
    35: " /IJ\\ijl|",
    40: ",-.:;",
    45: "!()[]f",
    50: '"*_`rt',
    60: "?csz",
    65: "Lakvxy",
    70: "$0123456789EFSTYbdeghnopqu{}",
    75: "ABCKPRVXZ",
    80: "GU",
    85: "#&+<=>DHNOQ^~",
    90: "w",
    105: "%@Mm",
    110: "W",
}
_EM = {letter: width / 100 for width, letters in _WIDTHS.items() for letter in letters}
"""Widths in parts of the size, bold; the plain ones are narrower by a tenth."""


def width_of(text: str, size: float = BOLD) -> float:
    """Return the width of `text` in pixels, in bold letters of 14 pixels or plain ones of 12."""
    whole = sum(_EM.get(letter, 1.0) for letter in text) * size
    return whole if size == BOLD else whole * 0.93


def shortened(names: Iterable[str], room: float) -> dict[str, str]:
    """Return each name as it fits into `room` pixels in bold letters, each another one.

    A name that fits stays as it is. Others lose letters in their middle, rather before the last
    word than within it; if that makes two the same, elsewhere.
    """
    found: dict[str, str] = {}
    ordered = sorted(set(names))
    taken = set()
    for name in ordered:
        if width_of(name) <= room:
            found[name] = name
            taken.add(name)
    for name in ordered:
        if name not in found:
            found[name] = next(short for short in _shorter(name, room) if short not in taken)
            taken.add(found[name])
    return found


def cut(text: str, room: float, size: float = PLAIN) -> str:
    """Return `text` as it fits into `room` pixels, shortened in its middle."""
    if width_of(text, size) <= room:
        return text
    return _with_tail(text, len(_fitting(text[::-1], room / 3, size)), room, size)


def _shorter(name: str, room: float) -> Iterator[str]:
    """Yield ways to shorten a name, the best first, without end."""
    last = max(name.rfind(sign) for sign in "-_.")
    if last > 0 and width_of(name[last:]) <= room * 0.62:
        yield _with_tail(name, len(name) - last, room, BOLD)
    yield cut(name, room, BOLD)
    letters = len(_fitting(name, room, BOLD))
    for tail in range(letters):
        yield _with_tail(name, tail, room, BOLD)
    for start in range(1, len(name)):
        yield f"…{_fitting(name[start:], room - 2 * BOLD, BOLD)}…"
    number = 1
    while True:
        number += 1
        yield f"{_fitting(name, room - width_of(f'…{number}'), BOLD)}…{number}"


def _with_tail(text: str, letters: int, room: float, size: float) -> str:
    """Return the beginning of `text` as far as there is room, and its last letters."""
    tail = text[len(text) - letters :]
    head = _fitting(text, room - width_of(f"…{tail}", size), size)
    return f"{head}…{tail}"


def _fitting(text: str, room: float, size: float) -> str:
    """Return as much of the beginning of `text` as there is room for."""
    used = 0.0
    for index, letter in enumerate(text):
        used += width_of(letter, size)
        if used > room:
            return text[:index]
    return text
