"""The projects of `$BOOTREADY_SHARED/corpus` (else `../shared/corpus`), each laid out as a clone.

They are Compose files and env files only; beside each, `.expected` has what Compose said of it, and
in `refs.tsv` what else its clone has: those sources are laid out empty.
"""

from __future__ import annotations

import collections
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bootready.model.request import Request

ROOT = Path(__file__).resolve().parent.parent


class Case(NamedTuple):
    """One project, laid out at `directory`, and what Compose's `config` exited with."""

    name: str
    directory: Path
    home: Path
    exit_code: int


def find_corpus() -> Path | None:
    """Return the directory of the projects; None, and say so, where it is not on this machine."""
    corpus = Path(os.environ.get("BOOTREADY_SHARED", ROOT.parent / "shared")) / "corpus"
    if corpus.is_dir():
        return corpus
    print("no projects: set BOOTREADY_SHARED to the directory that holds 'corpus'")
    return None


def cases(corpus: Path, scratch: Path) -> Iterator[Case]:
    """Lay out one project after the other in `scratch`; each is gone when the next one comes."""
    for source in sorted(corpus.iterdir()):
        yield laid_out(source, scratch)
        shutil.rmtree(scratch / source.name)


def laid_out(source: Path, scratch: Path) -> Case:
    """Lay out the project at `source` in `scratch`."""
    facts = source / ".expected"
    directory = scratch / source.name
    shutil.copytree(source, directory, ignore=shutil.ignore_patterns(".expected"))
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    home = scratch / "home"
    _lay_out((facts / "refs.tsv").read_text(encoding="utf-8"), directory, home)
    return Case(source.name, directory, home, int((facts / "rc").read_text()))


def _lay_out(references: str, directory: Path, home: Path) -> None:
    for line in references.splitlines():
        _, _, source, kind, *_ = (*line.split("\t"), "", "", "")
        path = Path(source.replace("@DIR@", str(directory)).replace("@HOME@", str(home)))
        if kind not in ("dir", "file") or not path.is_relative_to(directory) or path.exists():
            continue
        if kind == "dir":
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#!/bin/sh\nexec true\n", encoding="utf-8")
            path.chmod(0o755)


def request_of(case: Case, facts: Path) -> Request:
    """Return what the command line of the project asks for; `facts` is its `.expected`."""
    values: dict[str, list[str]] = collections.defaultdict(list)
    words = (facts / "args").read_text(encoding="utf-8").split()
    for flag, value in zip(words[::2], words[1::2], strict=True):
        values[flag].append(value)
    cwd = (facts / "cwd").read_text(encoding="utf-8").strip()
    return Request(
        directory=str(case.directory / cwd),
        files=tuple(values["-f"]),
        env_files=tuple(values["--env-file"]),
        profiles=tuple(values["--profile"]),
        project_directory=values["--project-directory"][0]
        if values["--project-directory"]
        else None,
    )
