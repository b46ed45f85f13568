"""A place in a source text -> the lines that show it, with a caret and without a secret's value."""

import re
from functools import lru_cache

from bootready.model.position import Location, Span

_SENSITIVE = r"[\w.-]*(?:password|passwd|passphrase|secret|token|credential|api_?key|private_?key)"
_ASSIGNED = re.compile(
    rf"(?<![\w.${{-])(?P<key>{_SENSITIVE}[\w.-]*)(?P<sign>[\"']?\s*[:=]\s*)(?P<value>[^\s#].*)$",
    re.IGNORECASE,
)
_DEFAULT = re.compile(rf"(\$\{{{_SENSITIVE}\w*:?[-+])([^}}]+)", re.IGNORECASE)
_IN_URL = re.compile(r"(\w://[^\s:/@]*:)([^\s@/$]+)(@)")
_HARMLESS = re.compile(r"[\"']?(?:\$|\.{0,2}/|\{|\[|\||>|&|\*|true\b|false\b|null\b|\d{1,4}\b)")

MASK = "********"


def excerpt(location: Location, text: str) -> list[str]:
    """Return the line of `location` with its number, and its caret and label below."""
    span = location.span
    lines = _lines(text)
    if not 0 < span.line <= len(lines):
        return []
    raw = lines[span.line - 1]
    shown = masked(raw.replace("\t", " "), span.file)
    width = len(str(span.line))
    start = min(span.column, len(shown) + 1)
    if shown != raw:
        start = (
            min(start, _difference(raw, shown) + 1) if start > _difference(raw, shown) else start
        )
    length = _width(span, shown, start)
    caret = f"{' ' * (start - 1)}{'^' * length} {location.label}".rstrip()
    return [
        f"{' ' * width} |",
        f"{span.line} | {shown}".rstrip(),
        f"{' ' * width} | {caret}",
    ]


@lru_cache(maxsize=64)
def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a file, which a thousand findings may point into."""
    return tuple(text.splitlines())


def masked(line: str, file: str = "") -> str:
    """Return a source line with every value masked that its key says is a secret.

    In an env file every value is: nobody can know which of them is one.
    """
    name = file.rpartition("/")[2]
    if ".env" in name or name.endswith("env"):
        key, sign, value = line.partition("=")
        return f"{key}{sign}{MASK}" if value and not key.lstrip().startswith("#") else line
    line = _IN_URL.sub(rf"\1{MASK}\3", line)
    line = _DEFAULT.sub(rf"\g<1>{MASK}", line)
    match = _ASSIGNED.search(line)
    if match is None or _HARMLESS.match(match["value"]) or "/" in match["value"][:3]:
        return line
    if match["key"].lower().endswith(("_file", "secrets")) or "#" in line[: match.start()]:
        return line
    return f"{line[: match.start('value')]}{MASK}"


def place(span: Span, directory: str, *, column: bool = True) -> str:
    """Return ``file:line:column``, the file relative to `directory` where it lies below."""
    file = span.file
    if directory and file.startswith(f"{directory}/"):
        file = file[len(directory) + 1 :]
    return f"{file}:{span.line}:{span.column}" if column else f"{file}:{span.line}"


def _width(span: Span, shown: str, start: int) -> int:
    end = span.end_column if span.end_line == span.line else len(shown) + 1
    return max(1, min(end, len(shown) + 1) - start)


def _difference(one: str, other: str) -> int:
    for position, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return position
    return min(len(one), len(other))
