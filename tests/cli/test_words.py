"""What a user reads (messages, hints, help, pages, documents) is plain technical English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.check.discover import discover

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/bootready"
DOCUMENTS = [
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "infra/**/*.md", "runbooks/**/*.md", "s*/**/*.md")
    for path in sorted(ROOT.glob(pattern))
    if not path.name.endswith(".ko.md") and "catalogue" not in path.parts
]
"""All in English; the pages of the catalogue are read where they are written."""
QUOTED = re.compile(r"^ *```.*?^ *```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
"""What programs print, and names: not words of ours."""

FORBIDDEN = {
    r"(?<!there )\b(?:is|are) no (?!longer\b|more than\b)[a-z]": "is not a valid X; unknown X",
    r"\b(?:is|are) none\b": "is not a valid X",
    r"\b(?:some|no)body\b|\bwhoever\b": "say who it is, or use the passive",
    r"\b(?:is|are) not there\b|\bholds? no\b": "does not exist; has no",
    r"\bline ends\b": "line endings",
    r"\b(?:an? |empty )text\b(?! file)": "string",
    r"\b\d+(?: \w+)? at (?:least|most)\b|\bexpected .* at least\b": "must be at least N",
    r"\blooks? whether\b": "checks that",
    r"\bsuch a one\b|\bone that does(?: not)?$": "repeat the noun",
    r"\bwhere (?:there|nobody|nothing) (?:is|are|has|reads|sets)\b": "if",
    r"\bfor ever\b": "forever",
    r"\bagain and again\b": "repeatedly",
    r"\bwithout a word\b": "silently",
    r"\b(?:can(?:not)? |to )be had\b": "is not available",
    r"\banew\b": "again",
    r"\bis to (?:be|keep|hang|go)\b": "must; should",
    r"\bstands? (?:above|below|there|behind)\b": "is above",
    r"\bthe time was up\b": "the time ran out",
}
"""Pattern -> what a native writer puts in its place."""
FLAGS = re.IGNORECASE | re.MULTILINE
PATTERNS = {re.compile(pattern, FLAGS): instead for pattern, instead in FORBIDDEN.items()}
ANY = re.compile("|".join(f"(?:{pattern})" for pattern in FORBIDDEN), FLAGS)
"""Matches where one of them does, so that most strings are asked once."""


def found(text: str) -> list[str]:
    """Return the forbidden words of `text`, each with what to write."""
    plain = QUOTED.sub("", text)
    if ANY.search(plain) is None:
        return []
    return [
        f"{match.group(0)!r}: write {instead}"
        for pattern, instead in PATTERNS.items()
        for match in pattern.finditer(plain)
    ]


def strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every string of a module, with the gaps of f-strings, but for its docstrings."""
    body = getattr(node, "body", None)
    docstrings = [
        statement.value
        for statement in (body if isinstance(body, list) else [])
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    ]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        yield node.lineno, "".join(str(part) for part in parts)
    else:
        for child in ast.iter_child_nodes(node):
            if not (isinstance(child, ast.Expr) and child.value in docstrings):
                yield from strings(child)


def test_messages_hints_and_help() -> None:
    told = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line, text in strings(ast.parse(path.read_text(encoding="utf-8")))
        for words in found(text if " " in text.strip() else "")
    ]
    assert told == []


@pytest.mark.parametrize("check", discover(), ids=lambda check: check.id)
def test_pages_of_checks(check) -> None:
    assert found(f"{check.summary}\n{check.page}") == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(name: str) -> None:
    told = []
    text = (ROOT / name).read_text(encoding="utf-8")
    blank = QUOTED.sub(lambda match: "\n" * match.group(0).count("\n"), text)
    for number, line in enumerate(blank.splitlines(), 1):
        told += [f"{name}:{number}: {words}" for words in found(line)]
    assert told == []


@pytest.mark.parametrize(
    "text",
    [
        "'allways' is no restart policy",
        "the file is not there",
        "4 characters at least",
        "somebody stopped it",
        "this becomes an empty text",
        "where nothing is set, it is empty",
    ],
)
def test_the_patterns_find_what_they_are_for(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "there is no service",
        "the script is no longer used",
        "must be at least 4",
        "`nobody` owns it",
        "```\nuser: nobody\n```",
    ],
)
def test_good_words_pass(text: str) -> None:
    assert found(text) == []
