"""A list of a project -> what makes projects in which it has as many entries as asked for.

Of the entries given, `#` is the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Files = dict[str, str]
Maker = Callable[[int], Files]
IMAGE = "registry.local/app:1.2"


def indented(lines: Iterable[str], by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in lines)


def service(key: str, entry: str, more: str = "") -> Maker:
    """Return the maker of a project whose only service has a list at `key`; `#` is the number."""

    def make(size: int) -> Files:
        entries = indented((entry.replace("#", str(n)) for n in range(size)), 6)
        text = f"services:\n  a:\n    image: {IMAGE}\n    {key}:\n{entries}"
        return {"compose.yaml": text + more}

    return make


def services(*lines: str, more: str = "", entry: str = "") -> Maker:
    """Return the maker of many services of these lines, and of as many lines `entry` behind."""

    def make(size: int) -> Files:
        text = ["services:\n"]
        for n in range(size):
            text.append(f"  s{n}:\n    image: {IMAGE}\n")
            text += [f"    {line.replace('#', str(n))}\n" for line in lines]
        text.append(more)
        if entry:
            text += [f"  {entry.replace('#', str(n))}\n" for n in range(size)]
        return {"compose.yaml": "".join(text)}

    return make


def nested(path: tuple[str, ...], entry: str) -> Maker:
    """Return the maker of a service with a list at a path of several keys."""

    def make(size: int) -> Files:
        text = f"services:\n  a:\n    image: {IMAGE}\n"
        for depth, key in enumerate(path):
            text += f"{' ' * (4 + 2 * depth)}{key}:\n"
        text += indented((entry.replace("#", str(n)) for n in range(size)), 4 + 2 * len(path))
        return {"compose.yaml": text}

    return make


def top(key: str, entry: str) -> Maker:
    """Return the maker of a project with a list at a top-level `key`."""

    def make(size: int) -> Files:
        text = f"services:\n  a: {{image: '{IMAGE}'}}\n{key}:\n"
        return {
            "compose.yaml": text + indented((entry.replace("#", str(n)) for n in range(size)), 2)
        }

    return make


def granted(kind: str, definition: str) -> Maker:
    """Return the maker of resources that one service is granted, all of them."""

    def make(size: int) -> Files:
        text = f"services:\n  a:\n    image: {IMAGE}\n    {kind}:\n"
        text += indented((f"- r{n}" for n in range(size)), 6)
        text += f"{kind}:\n" + indented(
            (f"r{n}: {definition.replace('#', str(n))}" for n in range(size)), 2
        )
        return {"compose.yaml": text}

    return make


def env(line: str, compose: str = "") -> Maker:
    """Return the maker of a project with many lines in its `.env`; `@` is the number before."""

    def make(size: int) -> Files:
        lines = (
            line.replace("#", str(n)).replace("@", str(max(n - 1, 0))) + "\n" for n in range(size)
        )
        text = compose or f"services:\n  a: {{image: '{IMAGE}'}}\n"
        return {"compose.yaml": text, ".env": "".join(lines)}

    return make
