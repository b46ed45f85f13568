"""Every command in every format -> all that it writes: both streams, and the files it is told of.

Commands, options and formats are compared with the command line's own: a new one fails until it is
added here.
"""

from __future__ import annotations

import contextlib
import io
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bootready import cli
from bootready.cli.report import FORMATS as REPORTS
from bootready.cli.words.options import SHARED_FLAGS
from bootready.report.formats.render import FORMATS
from bootready.report.runbook.tables import SECTIONS
from bootready.report.runbook.words import LANGUAGES

OUT = "{out}"
"""Stands for a file that the command is told to write."""
PLAN = "{plan}"
"""Stands for a plan that `prepare` or `fix` has saved."""
NONE = ("--engine", "none")
ALL_AT_ONCE = tuple(word for name in FORMATS for word in ("--output", f"{name}={OUT}.{name}"))
"""Every format into a file of its own, of one and the same look at the project."""

RUNS: dict[str, list[tuple[str, ...]]] = {
    "check": [
        *(("--format", name, *NONE) for name in FORMATS),
        (*ALL_AT_ONCE, *NONE),
        ("-v", *NONE),
        ("--json", "--only", "secrets", "--skip", "git", "--fail-on", "note", *NONE),
        ("http://me:ZZ98@127.0.0.1:1/x.git", "--yes", "--into", "clone"),
        ("--registry", "--json", *NONE),
        *(("-r", "--format", name, *NONE) for name in FORMATS),
        ("-r", "-v", "--changed-since", "HEAD", "--no-baseline", *NONE),
        *(("--target", "swarm", *more) for more in ((), ("--json",), ("-v", "--probe"))),
        ("-q", "--color", "always", *NONE),
        (),
    ],
    "report": [
        *(("--format", name, *NONE) for name in REPORTS),
        ("--format", "svg", "--group-by", "tier", *NONE),
        *(("--format", name, "-o", OUT, "--fail", *NONE) for name in REPORTS if name != "png"),
        *(("-r", "--format", name, *NONE) for name in REPORTS),
        ("-r", "--format", "html", "-o", OUT, "--group-by", "none", *NONE),
        ("--only", "secrets", "--skip", "git", "--fail-on", "note", "--no-baseline", *NONE),
        ("-r", "--changed-since", "HEAD", *NONE),
        ("--target", "swarm"),
        ("--registry", *NONE),
        ("http://me:ZZ98@127.0.0.1:1/x.git", "--yes", "--into", "clone"),
    ],
    "prepare": [
        (),
        ("--dry-run",),
        ("--dry-run", "--json", "--outside", *NONE),
        ("--out", OUT, "--detailed-exit-code"),
        ("--json", "--only", "environment,secrets"),
        ("--dry-run", "--use", ".env.example"),
        ("--target", "swarm", "--dry-run", "--node", "n=ssh://n"),
        ("--target", "swarm", "--json"),
        ("https://me:ZZ99@host/x?token=ZZ98", "--yes", "--into", "clone"),
    ],
    "fix": [
        (),
        ("--unsafe",),
        ("--unsafe", "--json", "--detailed-exit-code"),
        ("--unsafe", "--out", OUT),
        ("-r",),
        ("--unsafe", "--apply"),
    ],
    "apply": [(PLAN,), (PLAN, "--json", "--yes", "--outside"), ("nothing.json",)],
    "undo": [("--dry-run",), ()],
    "certs": [(), ("--json",), ("--remove-trust",), ("--install-trust", "--yes")],
    "secrets": [NONE, ("--json", *NONE), ("list",), ("rotate", "s"), ("rotate", "t")],
    "validate": [
        *(("--format", name) for name in FORMATS),
        ALL_AT_ONCE,
        ("-v", "--engine", "auto", "--color", "always"),
        ("-r", "-q"),
        ("--json", "--only", "secrets", "--skip", "git", "--fail-on", "note"),
        ("http://me:ZZ98@127.0.0.1:1/x.git", "--yes", "--into", "clone"),
        ("--registry", "--json"),
        ("-r", "--changed-since", "HEAD", "--no-baseline"),
        ("--target", "swarm"),
    ],
    "baseline": [(), ("--prune",), ("-r", "--reason", "x", "--expires", "2099-01-01")],
    "up": [
        (),
        ("--json",),
        ("--no-check", "--no-prepare", "--timeout", "1", "--settle", "1", "--report", OUT),
        ("--no-prepare", "--registry", "--timeout", "1"),
        ("--no-check", "--page", "--timeout", "1"),
        ("--no-check", "--target", "swarm", "--timeout", "1"),
        ("--no-check", "--json", "--build", "--down-on-failure", "--report", f"{OUT}.json"),
        ("https://me:ZZ99@host/x?token=ZZ98", "--yes", "--into", "clone"),
    ],
    "down": [(), ("--target", "swarm", "--timeout", "1")],
    "serve": [
        ("--help",),
        ("-r", "-C", "absent"),
        ("-C", ".", "-C", ".", "a"),
        ("--target", "swarm", "-C", ".", "-C", "absent"),
    ],
    "status": [(), ("--json",), ("--target", "swarm")],
    "diagnose": [(), ("--json",), ("--target", "swarm"), ("--target", "swarm", "--json")],
    "bundle": [("--list",), ("-o", OUT)],
    "stack": [(), ("--json",), ("-q",), ("a", "b")],
    "images": [(), ("--json",), NONE, ("--registry", *NONE)],
    "explain": [
        (),
        ("--json",),
        ("image", "a"),
        ("image", "postgres", "--json"),
        *(("log", "compose.yaml", *more) for more in ((), ("--json",))),
        ("services.a", "--json"),
        *((what,) for what in ("services.a", "services.a.command", "PW", "t", "nothing-like-it")),
    ],
    "runbook": [
        *(("--language", name, "-o", OUT) for name in LANGUAGES),
        *(("--section", name) for name in SECTIONS),
        ("--update", "compose.yaml", "--check"),
        ("-o", "compose.yaml", "--check"),
    ],
    "checks": [(), ("--json",)],
    "config": [
        (),
        ("--format", "json"),
        ("-q", "--compose", "v2"),
        ("-o", OUT),
        ("--no-interpolate", "--no-path-resolution", "--no-normalize", "--no-consistency"),
        ("--hash", "*"),
        ("--no-env-resolution", "--all-resources", "--dry-run"),
        ("--resolve-image-digests", "--lock-image-digests"),
        *((f"--{what}",) for what in ("services", "volumes", "networks", "models", "images")),
        *((f"--{what}",) for what in ("profiles", "variables", "environment")),
    ],
    "completion": [("bash",), ("zsh",), ("fish",)],
    "lsp": [("--help",)],
    "mcp": [("--help",), ("--root", "nowhere", *NONE)],
    "plugin": [(), ("install",), ("install", "--yes"), ("uninstall",)],
    "version": [(), ("--json",)],
    "docker": [
        ("docker-cli-plugin-metadata",),
        ("-H", "tcp://u:ZZ98@h:1", "bootready", "explain", "PW"),
        *(("__complete", "bootready", *words, "") for words in ((), ("explain",), ("check",))),
    ],
    "names": [
        ("services",),
        ("profiles",),
        ("variables",),
        ("secrets",),
        ("checks",),
        ("anything",),
    ],
    "compose": [("up", "p"), ("down", "p"), ("metadata",), ("--project-name", "x", "up", "p")],
}
"""Arguments for each command. Nothing of it needs an engine; without one, some end in an error."""

EVERYWHERE = SHARED_FLAGS | {"-h", "--help"}
"""Options of all commands: which project is meant."""
APART: dict[str, frozenset[str]] = {
    "config": frozenset({"--reveal"}),
    "stack": frozenset({"--reveal", "-o", "--output"}),
    "fix": frozenset({"--exact"}),
    "compose": frozenset({"--check"}),
    "lsp": frozenset({"--stdio"}),
}
"""Options that are not run: some show what they are told to; one is none of a person's; what an
editor is told is asked in `tests/lsp`.
"""
OF_NO_PROJECT = {"checks", "completion", "compose", "docker", "lsp", "mcp", "plugin", "version"}
"""Commands that take none of the options of a project."""
SAME = {
    "--verbose": "-v",
    "--recursive": "-r",
    "-n": "--dry-run",
    "--output": "-o",
    "--quiet": "-q",
}


def options_of(command: str) -> set[str]:
    """Return the options that the help of `command` names."""
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        cli.run([command, "--help"])
    lines = re.findall(r"(?m)^  (-.*?)(?:   .*)?$", said.getvalue())
    return {name for line in lines for name in re.findall(r"(?<![\w-])--?[a-z][\w-]*", line)}


def not_run(command: str) -> set[str]:
    """Return the options of `command` with which no run above was made."""
    run = {word for words in RUNS[command] for word in words}
    run |= {long for long, short in SAME.items() if short in run}
    run |= {short for long, short in SAME.items() if long in run}
    return options_of(command) - run - EVERYWHERE - APART.get(command, frozenset())


def every_run() -> list[object]:
    """Return every command with every list of arguments; all but the first of each are slow."""
    found: list[object] = []
    for command, runs in RUNS.items():
        for number, words in enumerate(runs):
            marks = [pytest.mark.slow] if number else []
            found.append(pytest.param(command, words, id=" ".join((command, *words)), marks=marks))
    return found


def written(directory: Path, command: str, words: Sequence[str]) -> str:
    """Run a command on the project in `directory`; return all that it wrote, wherever to.

    Fails if it wrote nothing where it has to, not every file that it was asked for, or a traceback.
    """
    out = directory.parent / "out"
    out.mkdir()
    plan = out / "plan"
    if PLAN in words:
        _said(["prepare", "-C", str(directory), "--out", str(plan)])
    given = [word.replace(OUT, str(out / "file")).replace(PLAN, str(plan)) for word in words]
    place = () if command in OF_NO_PROJECT else ("-C", str(directory))
    with contextlib.chdir(directory):
        code, said = _said([command, *place, *given])
    assert "Traceback" not in said
    texts = [said, *(_content(path) for path in sorted(out.rglob("*")) if path.is_file())]
    assert any(texts) or "-q" in words or command in {"compose", "names"}
    asked = sum(OUT in word for word in words)
    assert asked < 2 or len(texts) - 1 == asked, f"files of {asked}, exit code {code}"
    return "\n".join(texts)


def _said(arguments: list[str]) -> tuple[int, str]:
    """Run a command; return its exit code, and what it wrote to both streams."""
    code = 0
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = cli.run(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        said.flush()
    raw: bytes = said.buffer.getvalue()  # type: ignore[attr-defined]
    return code, _PICTURE.sub(b"a picture", raw).decode(errors="surrogateescape")


_PICTURE = re.compile(rb"\x89PNG\r\n\x1a\n.*IEND.{4}", re.DOTALL)
"""Pixels of the SVG that another run writes: no screen reads them as text."""


def _content(path: Path) -> str:
    if not tarfile.is_tarfile(path):
        return path.read_bytes().decode(errors="surrogateescape")
    with tarfile.open(path) as archive:
        texts = [member.name for member in archive.getmembers()]
        for member in archive.getmembers():
            file = archive.extractfile(member)
            texts.append(file.read().decode() if file else "")
    return "\n".join(texts)
