"""The `.gitignore` files of a repository -> whether git ignores a path, without the program."""

from __future__ import annotations

import os
import re
from functools import cache


def is_ignored(root: str, path: str) -> bool:
    """Tell whether the patterns from `root` down to `path` ignore it; the last that fits decides.

    A directory that is ignored ignores all below it (gitignore(5)).
    """
    relative = os.path.relpath(path, root)
    if relative.startswith(".."):
        return False
    parts = relative.split("/")
    rules = _rules(root, f"{root}/.git/info/exclude") + _rules(root, f"{root}/.gitignore")
    for depth in range(len(parts)):
        here = "/".join((root, *parts[:depth]))
        if depth:
            rules = (*rules, *_rules(here, f"{here}/.gitignore"))
        target = "/".join((root, *parts[: depth + 1]))
        directory = depth < len(parts) - 1 or os.path.isdir(target)
        if _decided(rules, target, directory):
            return True
    return False


def _decided(
    rules: tuple[tuple[str, re.Pattern[str], bool, bool], ...], target: str, directory: bool
) -> bool:
    for base, pattern, negated, only_directories in reversed(rules):
        if only_directories and not directory:
            continue
        if pattern.fullmatch(target[len(base) + 1 :]):
            return not negated
    return False


def _rules(base: str, path: str) -> tuple[tuple[str, re.Pattern[str], bool, bool], ...]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return _parsed(base, file.read())
    except OSError:
        return ()


@cache
def _parsed(base: str, content: str) -> tuple[tuple[str, re.Pattern[str], bool, bool], ...]:
    """Keyed by the text, because `fix` adds lines to such a file and looks again."""
    rules = []
    for line in content.splitlines():
        text = line.rstrip()
        if not text or text.startswith("#"):
            continue
        negated = text.startswith("!")
        text = text[1:] if negated else text
        only_directories = text.endswith("/")
        text = text.rstrip("/")
        anchored = "/" in text
        expression = _expression(text.lstrip("/"))
        prefix = "" if anchored else "(?:.*/)?"
        rules.append((base, re.compile(prefix + expression), negated, only_directories))
    return tuple(rules)


def _expression(glob: str) -> str:
    out, position = "", 0
    while position < len(glob):
        if glob.startswith("**/", position):
            out, position = out + "(?:.*/)?", position + 3
        elif glob.startswith("**", position):
            out, position = out + ".*", position + 2
        elif glob[position] == "*":
            out, position = out + "[^/]*", position + 1
        elif glob[position] == "?":
            out, position = out + "[^/]", position + 1
        elif glob[position] == "[" and "]" in glob[position + 1 :]:
            end = glob.index("]", position + 1)
            inner = glob[position + 1 : end]
            inner = "^" + inner[1:] if inner.startswith("!") else inner
            out, position = out + f"[{inner}]", end + 1
        else:
            escaped = glob[position] == "\\" and position + 1 < len(glob)
            position += 1 if escaped else 0
            out, position = out + re.escape(glob[position]), position + 1
    return out
