"""What the repository says of its own files is there: every path in a document or docstring."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest

from documents_support import ROOT

KINDS = r"(?:py|md|toml|sh|ya?ml|txt|json|cfg)"
PATH = re.compile(rf"`((?:[\w.-]+/)+[\w.-]+\.{KINDS}|[\w.-]+/(?:[\w.-]+/)+)`")
"""A word in backticks: a file of a kind that is tracked, or directories with `/` at the end."""
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)\s]*)?\)")
BASES = ("", "src", "src/bootready", "src/bootready/catalogue", "src/bootready/boot", "tests")
"""Where a path may start, beside the file's own directory."""
MADE = re.compile(r"(?:\./)?(?:secrets|data|\.cache|acme|good|bad)/|\.\.?/")
"""Files that a command makes, and those of an example or a fixture."""


def texts(name: str) -> Iterator[tuple[int, str]]:
    """Yield a document, or the docstrings of a module, each with its first line."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".md"):
        yield 1, text
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            value = node.value.value
            if isinstance(value, str):
                yield node.lineno, value


@cache
def tracked() -> tuple[str, ...]:
    """Return the files of the repository; asked once, and not by each worker that collects."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(name for name in done.stdout.splitlines() if (ROOT / name).is_file())


@cache
def known() -> frozenset[str]:
    """Return the files and the directories that hold them."""
    above = (str(above) for name in tracked() for above in PurePosixPath(name).parents)
    return frozenset((*tracked(), *above))


def missing(name: str, text: str) -> list[str]:
    """Return the paths in `text`, a part of the file `name`, that do not exist."""
    own = str(PurePosixPath(name).parent)
    words = [word for word in PATH.findall(text) if not MADE.match(word)]
    found = [w for w in words if not any(_exists(base, w) for base in (own, *BASES))]
    if name.endswith(".md"):
        found += [word for word in LINK.findall(text) if not (ROOT / own / word).exists()]
    return found


def _exists(base: str, word: str) -> bool:
    return str(PurePosixPath(base) / word) in known()


def test_every_path_in_a_document_or_docstring_exists() -> None:
    told = [
        f"{name}:{line + text[: text.find(word)].count(chr(10))}: {word}"
        for name in tracked()
        if name.endswith((".md", ".py")) and "/cases/" not in name
        for line, text in texts(name)
        for word in missing(name, text)
    ]
    assert told == []


@pytest.mark.parametrize(
    "text",
    ["see `docs/adr/9999-absent.md`", "`model/absent.py`", "[x](absent.md)", "`src/absent/`"],
)
def test_a_path_to_nowhere_is_found(text: str) -> None:
    assert missing("README.md", text)


@pytest.mark.parametrize(
    "text",
    [
        "`docs/adr/`",
        "`library/`",
        "`model/project.py`",
        "`secrets/token.txt`",
        "[x](CONTRIBUTING.md)",
    ],
)
def test_a_path_to_a_file_is_not(text: str) -> None:
    assert missing("README.md", text) == []


def test_decisions_are_numbered_without_gaps_and_listed():
    directory = ROOT / "docs/adr"
    pages = sorted(directory.glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    rows = []
    for number, page in enumerate(pages, 1):
        title = page.read_text().splitlines()[0].removeprefix(f"# {number}. ")
        assert not title.startswith("#"), page.name
        rows.append(f"| {number} | [{title}]({page.name}) |")
    index = (directory / "README.md").read_text()
    assert [line for line in index.splitlines() if line.startswith("| ")][2:] == rows


def test_a_link_to_a_decision_has_its_number():
    links = [
        (page.name, found[0], int(found[1]), int(found[2]))
        for page in sorted((ROOT / "docs/adr").glob("*.md"))
        for found in re.finditer(r"\[(\d+)\]\((\d{4})-", page.read_text())
    ]
    assert len(links) > 2
    assert [link for link in links if link[2] != link[3]] == []
