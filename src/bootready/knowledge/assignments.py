"""The text of an env file or of a shell script -> the assignments in it, read and never run.

Of a script only ``export NAME=value`` outside of its conditions, loops and functions counts, and
of those only what can be told without running anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.regex import regex

_PLAIN = regex(r"(?:export\s+)?[A-Za-z_]\w*=(?!.*(?:\$\(|`)).*|set\s+[-+][a-z]+|#.*|\s*", re.ASCII)
_EXPORT = regex(r"export\s+(?P<name>[A-Za-z_]\w*)=(?P<value>.*)$", re.ASCII)
_OPENS = regex(
    r"(?:if|for|while|until|case|select|function)\b|[\w-]+\s*\(\)|\{\s*$|\(\s*$", re.ASCII
)
_CLOSES = regex(r"(?:fi|done|esac)\b|[})]", re.ASCII)
_ENDS_ITSELF = regex(r"[;&|\s](?:fi|done|esac|\})\s*(?:#.*|[<>|&;].*)?$", re.ASCII)
_HEREDOC = regex(r"<<-?\s*([\"']?)(\w+)\1")
_REFERENCE = regex(r"\$(?:\{(?P<braced>\w+)(?P<rest>[^{}]*)\}|(?P<bare>\w+))", re.ASCII)
_ADDRESS = regex(r"hostname\s+-[iI]|ip\s+(?:route|addr)|ifconfig")
_KNOWN = frozenset({"PWD", "HOME", "USER"})
"""Set wherever Compose runs."""
_LEAST = 2
"""Exports that make a script the example of an env file."""


def plain_assignments(text: str, address: str = "") -> str:
    """Return the assignments of `text` and their comments as an env file, '' where it is none.

    A file of assignments alone stays as it is. `address` is that of this machine, for scripts that
    ask for it; '' leaves such variables out.
    """
    lines = text.splitlines()
    script = bool(lines) and lines[0].startswith("#!")
    rest = lines[1:] if script else lines
    if all(_PLAIN.fullmatch(line.strip()) for line in rest):
        return "".join(f"{line}\n" for line in rest if not re.match(r"\s*set\s", line))
    made = list(_exported(rest, address))
    return "".join(f"{line}\n" for line in made) if len(made) >= _LEAST else ""


def _exported(lines: list[str], address: str) -> Iterator[str]:
    known: set[str] = set()
    for line in _outermost(lines):
        found = _EXPORT.match(line)
        value = _value(found["value"], known, address) if found else None
        if found is None or value is None:
            continue
        known.add(found["name"])
        yield f"{found['name']}={value}"


def _outermost(lines: list[str]) -> Iterator[str]:
    """Yield the lines of a script that are run whatever happens."""
    depth = 0
    until = ""
    for line in map(str.strip, lines):
        if until:
            until = "" if line == until else until
            continue
        here = _HEREDOC.search(line)
        if here is not None:
            until = here[2]
        elif _OPENS.match(line):
            depth += 0 if _ENDS_ITSELF.search(line) else 1
        elif _CLOSES.match(line):
            depth = max(0, depth - 1)
        elif not depth:
            yield line


def _value(text: str, known: set[str], address: str) -> str | None:
    """Return the value of an assignment as an env file writes it, None where only a shell knows."""
    quote = text[:1] if text[:1] in {"'", '"'} else ""
    if quote:
        inner, closed, _ = text[1:].partition(quote)
        if not closed:
            return None
    else:
        called = re.match(r"\$\([^()]*\)|`[^`]*`", text)
        inner = called[0] if called else re.split(r"\s|;|&&", text, maxsplit=1)[0]
    if "$(" in inner or "`" in inner:
        return address if address and _ADDRESS.search(inner) else None
    if "\\" in inner or '"' in inner:
        return None
    if quote == "'":
        return f"'{inner}'"
    value = _REFERENCE.sub(lambda one: _kept(one, known), inner)
    return value if re.fullmatch(r"[\w./:@%+,=~^-]*", value, re.ASCII) else f'"{value}"'


def _kept(reference: re.Match[str], known: set[str]) -> str:
    """Return a reference that has a value, '' for one that the shell would leave empty."""
    name = reference["braced"] or reference["bare"]
    has_default = (reference["rest"] or "").startswith((":-", "-"))
    return reference[0] if name in known or name in _KNOWN or has_default else ""
