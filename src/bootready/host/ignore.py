"""The `.gitignore` files of a repository -> whether git ignores a path, without the program.

As git does, no link is followed to such a file.
"""

from __future__ import annotations

import os
from functools import cache

from bootready.host.glob import Glob, parsed
from bootready.host.regular import read_regular
from bootready.typed import NamedTuple

SIZE_LIMIT = 1_000_000
"""Bytes of one file of patterns."""


class _Rule(NamedTuple):
    """One line of such a file, which lies in `base`."""

    base: str
    glob: Glob
    negated: bool
    only_directories: bool
    anchored: bool


def is_ignored(root: str, path: str) -> bool:
    """Tell whether the patterns from `root` down to `path` ignore it; the last that fits decides.

    A directory that is ignored ignores all below it (gitignore(5)).
    """
    relative = os.path.relpath(path, root)
    if relative.startswith(".."):
        return False
    parts = relative.split("/")
    rules = _rules(root, f"{root}/.git/info/exclude", follow=True) + _rules(
        root, f"{root}/.gitignore"
    )
    for depth in range(len(parts)):
        here = "/".join((root, *parts[:depth]))
        if depth:
            rules = (*rules, *_rules(here, f"{here}/.gitignore"))
        target = "/".join((root, *parts[: depth + 1]))
        directory = depth < len(parts) - 1 or os.path.isdir(target)
        if _decided(rules, target, directory):
            return True
    return False


def _decided(rules: tuple[_Rule, ...], target: str, directory: bool) -> bool:
    for rule in reversed(rules):
        if rule.only_directories and not directory:
            continue
        relative = target[len(rule.base) + 1 :]
        if not rule.anchored:
            relative = relative.rpartition("/")[2]
        if rule.glob.fits(os.fsencode(relative).decode("latin-1")):
            return not rule.negated
    return False


def _rules(base: str, path: str, *, follow: bool = False) -> tuple[_Rule, ...]:
    try:
        return _parsed(base, read_regular(path, SIZE_LIMIT, follow=follow).decode("latin-1"))
    except OSError:
        return ()


@cache
def _parsed(base: str, content: str) -> tuple[_Rule, ...]:
    """Keyed by the text, because `fix` adds lines to such a file and looks again."""
    lines = content.removeprefix("\xef\xbb\xbf").split("\n")
    return tuple(rule for line in lines if (rule := _rule(base, line)) is not None)


def _rule(base: str, line: str) -> _Rule | None:
    text = _trimmed(line.removesuffix("\r"))
    if text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text[1:] if negated else text
    only_directories = text.endswith("/")
    text = text[:-1] if only_directories else text
    anchored = "/" in text
    glob = parsed(text.removeprefix("/")) if text else None
    return None if glob is None else _Rule(base, glob, negated, only_directories, anchored)


def _trimmed(line: str) -> str:
    """Return the line without spaces at its end; one after a backslash stays."""
    bare = line.rstrip(" ")
    slashes = len(bare) - len(bare.rstrip("\\"))
    return line[: len(bare) + 1] if slashes % 2 else bare
