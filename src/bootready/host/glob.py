"""A pattern of a `.gitignore` -> whether it fits a path, in time that grows with both lengths only.

The grammar is git's (wildmatch.c with WM_PATHNAME), byte by byte: texts are decoded as Latin-1. No
pattern goes back: all places of the pattern that the path may have come to are followed at once.
"""

from __future__ import annotations

from bootready.typed import NamedTuple

LONGEST = 4096
"""Characters of a pattern; no path is longer, and git's own buffers end there."""

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = _LOWER.upper()
_DIGITS = "0123456789"
_GRAPH = "".join(map(chr, range(33, 127)))
_CLASSES = {
    "alnum": _LOWER + _UPPER + _DIGITS,
    "alpha": _LOWER + _UPPER,
    "blank": " \t",
    "cntrl": "".join(map(chr, (*range(32), 127))),
    "digit": _DIGITS,
    "graph": _GRAPH,
    "lower": _LOWER,
    "print": " " + _GRAPH,
    "punct": "".join(one for one in _GRAPH if not one.isalnum()),
    "space": " \t\n\r\v\f",
    "upper": _UPPER,
    "xdigit": _DIGITS + "abcdefABCDEF",
}


class Glob(NamedTuple):
    """A pattern taken apart; `steps` are sets of characters, and STAR, DIRECTORIES or REST."""

    steps: tuple[frozenset[str] | str, ...]

    def fits(self, path: str) -> bool:
        """Tell whether the whole of `path` fits."""
        here = self._entered({0})
        for character in path:
            after: set[int] = set()
            stayed: set[int] = set()
            for place in here:
                if place < len(self.steps):
                    self._step(place, character, after, stayed)
            here = self._entered(after) | stayed
            if not here:
                return False
        return len(self.steps) in here

    def _step(self, place: int, character: str, after: set[int], stayed: set[int]) -> None:
        step = self.steps[place]
        if step == STAR:
            if character != "/":
                after.add(place)
        elif step == DIRECTORIES:
            stayed.add(place)
            if character == "/":
                after.add(place + 1)
        elif step == REST:
            stayed.update((place, place + 1))
        elif character in step:
            after.add(place + 1)

    def _entered(self, places: set[int]) -> set[int]:
        """Return `places` and those after them that need no character."""
        found = set(places)
        for place in places:
            one = place
            while one < len(self.steps) and self.steps[one] in {STAR, DIRECTORIES}:
                one += 1
                if one in found:
                    break
                found.add(one)
        return found


STAR = "*"
DIRECTORIES = "**/"
REST = "**"
_ANY = frozenset(map(chr, range(256))) - {"/"}


def parsed(pattern: str) -> Glob | None:
    """Return the pattern taken apart, None for one that git never lets fit."""
    if len(pattern) > LONGEST:
        return None
    steps: list[frozenset[str] | str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "*":
            step, position = _stars(pattern, position)
            steps.append(step)
        elif character == "?":
            steps.append(_ANY)
            position += 1
        elif character == "[":
            found = _bracket(pattern, position + 1)
            if found is None:
                return None
            steps.append(found[0])
            position = found[1]
        else:
            position += character == "\\"
            if position == len(pattern):
                return None
            steps.append(frozenset(pattern[position]))
            position += 1
    return Glob(tuple(steps))


def _stars(pattern: str, start: int) -> tuple[str, int]:
    """Return what the stars at `start` mean, and where they end.

    Two are more than one only if they are a whole name between slashes.
    """
    end = start
    while pattern[end : end + 1] == "*":
        end += 1
    whole = end - start > 1 and (start == 0 or pattern[start - 1] == "/")
    if whole and end == len(pattern):
        return REST, end
    if whole and pattern[end] == "/":
        return DIRECTORIES, end + 1
    return STAR, end


def _bracket(pattern: str, position: int) -> tuple[frozenset[str], int] | None:
    """Return the characters of a bracket expression, and where it ends; None if it is broken."""
    negated = pattern[position : position + 1] in {"!", "^"}
    position += negated
    members: set[str] = set()
    before = ""
    first = True
    while first or pattern[position : position + 1] != "]":
        first = False
        if pattern.startswith("[:", position):
            end = pattern.find("]", position + 2)
            name = pattern[position + 2 : end - 1] if end >= 0 else ""
            if end < 0 or (pattern[end - 1] == ":" and name not in _CLASSES):
                return None
            if pattern[end - 1] == ":" and end - 1 >= position + 2:
                members.update(_CLASSES[name])
                before, position = "", end + 1
                continue
        is_range = before and pattern[position : position + 1] == "-"
        if is_range and pattern[position + 1 : position + 2] not in {"", "]"}:
            position += 1
            found = _member(pattern, position)
            if found is None:
                return None
            members.update(map(chr, range(ord(before), ord(found[0]) + 1)))
            before, position = "", found[1]
            continue
        found = _member(pattern, position)
        if found is None:
            return None
        before, position = found
        members.add(before)
    chosen = _ANY - members if negated else _ANY & members
    return frozenset(chosen), position + 1


def _member(pattern: str, position: int) -> tuple[str, int] | None:
    position += pattern[position : position + 1] == "\\"
    return (pattern[position], position + 1) if position < len(pattern) else None
