"""Hostile projects: every command ends with a verdict or a clear refusal, below a gigabyte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SERVICE = "services: {a: {image: x}}\n"
MOST = 1 << 20
"""kB of memory that any command may take."""
HANGS = 300
"""Seconds; a command needs a tenth of it on a busy machine."""
VERBS = {
    "check": ["--engine", "none"],
    "config": ["-o", "/dev/null"],
    "explain": ["a"],
    "fix": [],
    "prepare": ["--dry-run", "--engine", "none"],
    "report": ["--engine", "none"],
    "validate": [],
}
RUN = """
import resource, sys
from bootready.cli import run
code = run(sys.argv[1:])
sys.stdout = sys.stderr
print("\\nmost", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


def _bombs() -> dict[str, dict[str, str]]:
    doubling = "".join(f"V{n}=${{V{n - 1}}}${{V{n - 1}}}\n" for n in range(1, 40))
    levels = "x-a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"x-{one}: &{one} [{', '.join([f'*{before}'] * 10)}]\n"
        for before, one in zip("abcdefgh", "bcdefghi", strict=True)
    )
    many = "".join(f"V{n}=value\n" for n in range(20_000))
    return {
        "values that double": {"compose.yaml": SERVICE, ".env": f"V0=aaaaaaaaaa\n{doubling}"},
        "aliases of aliases": {"compose.yaml": levels + SERVICE},
        "a long value": {"compose.yaml": f"{SERVICE}x-d: {'a' * 20_000_000}\n"},
        "brackets": {"compose.yaml": f"{SERVICE}x-d: {'[' * 100_000}\n"},
        "ports of many services": {
            "compose.yaml": "services:\n"
            + "".join(f"  s{n}: {{image: x, ports: ['1-65535:1-65535']}}\n" for n in range(20))
        },
        "ports of a base": {
            "compose.yaml": "services:\n  s: {image: x, ports: ['1-65535:1-65535']}\n"
            + "".join(f"  s{n}: {{extends: s}}\n" for n in range(200))
        },
        "documents": {"compose.yaml": "---\n{}\n" * 20_000},
        "an env file of many services": {
            "compose.yaml": "services:\n"
            + "".join(f"  s{n}: {{image: x, env_file: e.env}}\n" for n in range(2_000)),
            "e.env": many,
        },
        "a deep default": {"compose.yaml": f"{SERVICE}x-d: '{'${A:-' * 9_000}{'}' * 9_000}'\n"},
    }


def _special(path: str) -> dict[str, Callable[[Path], None]]:
    """Return what puts a link to `path` where a clone may have a file."""

    def link(name: str, compose: str) -> Callable[[Path], None]:
        def lay(directory: Path) -> None:
            (directory / "compose.yaml").write_text(compose)
            (directory / name).symlink_to(path)

        return lay

    granted = "services: {{a: {{image: x, {0}: [r]}}}}\n{0}: {{r: {{file: ./r}}}}\n"
    return {
        "secret": link("r", granted.format("secrets")),
        "config": link("r", granted.format("configs")),
        "script": link(
            "run.sh",
            "services: {a: {image: x, volumes: ['./run.sh:/run.sh'], entrypoint: /run.sh}}\n",
        ),
        "env_file": link("e.env", "services: {a: {image: x, env_file: e.env}}\n"),
        "label_file": link("l", "services: {a: {image: x, label_file: l}}\n"),
        "Dockerfile": link("Dockerfile", "services: {a: {build: {context: ., target: t}}}\n"),
        "bootready.toml": link("bootready.toml", SERVICE),
        ".env.example": link(".env.example", SERVICE),
        ".gitignore": link(".gitignore", granted.format("secrets")),
    }


def _ends(directory: Path, verb: str) -> None:
    argv = [verb, "-C", str(directory), *VERBS[verb]]
    surroundings = {"PATH": "", "HOME": str(directory), "XDG_STATE_HOME": f"{directory}.state"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *argv],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=surroundings,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert done.returncode in {0, 1, 2}, done.stderr[-2000:]
    assert int(done.stderr.rpartition("most ")[2]) < MOST, done.stderr[-500:]
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(_bombs()))
def test_a_bomb_is_read_or_refused_below_a_gigabyte(tmp_path: Path, name: str) -> None:
    for file, text in _bombs()[name].items():
        (tmp_path / file).write_text(text)
    # Ports are refused before any verb sees them: one verb shows it.
    for verb in ("check",) if "ports" in name else ("check", "report"):
        _ends(tmp_path, verb)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/dev/zero", "/proc/kmsg", "fifo"])
@pytest.mark.parametrize("kind", sorted(_special("")))
def test_what_is_no_file_is_neither_opened_nor_waited_for(
    tmp_path: Path, kind: str, path: str
) -> None:
    directory = tmp_path / "project"
    (directory / ".git").mkdir(parents=True)
    if path == "fifo":
        path = str(tmp_path / "fifo")
        os.mkfifo(path)
    _special(path)[kind](directory)
    for verb in ("check", "validate"):
        _ends(directory, verb)
