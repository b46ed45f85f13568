"""Projects of the tests on disk and in the engine: written, and taken down with all they made.

Where BOOTREADY_BOOT_TABLE names a file, a row per broken boot is added to it: the case, what
Compose alone says of it, what bootready said, and after how many seconds.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootready.boot.watch.compose_lines import Refusal
from bootready.model.boot import BootOutcome


class Silent:
    """A view that shows nothing."""

    interval = 1.0
    refusals: tuple[str, ...] = ()

    def states(self, states: object, seconds: float) -> None:
        pass

    def told(self, told: object) -> None:
        if isinstance(told, Refusal):
            self.refusals = (*self.refusals, told.message)

    def restarting(self, service: str) -> None:
        pass

    def asking(self, asked: object, seconds: float, limit: float) -> None:
        pass

    def engine_silent(self, seconds: float, limit: float) -> None:
        pass

    def diagnosis(self, diagnosis: object) -> None:
        pass

    def interrupted(self) -> None:
        pass

    def close(self) -> None:
        pass


def wait_until(argv: Sequence[str], answer: str) -> None:
    """Ask until the command prints `answer`; fail when it does not within a minute."""
    for _ in range(600):
        done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)
        if done.stdout.strip() == answer:
            return
        time.sleep(0.1)
    raise AssertionError(f"after a minute: {done.stdout or done.stderr}")


def take_down(directory: Path, project: str, compose: str) -> None:
    down = [*compose.split(), "-p", project, "down", "-v", "-t", "1", "--remove-orphans"]
    subprocess.run(down, cwd=directory, check=False, capture_output=True, timeout=60)


def write(directory: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
        path.chmod(0o700 if name.endswith(".sh") else 0o600)


def bare_compose(directory: Path, project: str, compose: str) -> str:
    """Return the last words of Compose alone, where a table is asked for; takes the stack down."""
    if "BOOTREADY_BOOT_TABLE" not in os.environ:
        return ""
    began = time.monotonic()
    argv = [*compose.split(), "-p", project, "up", "-d", "--wait", "--wait-timeout", "60"]
    done = subprocess.run(
        argv, cwd=directory, check=False, capture_output=True, text=True, timeout=90
    )
    words = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    take_down(directory, project, compose)
    last = words[-1] if words else ""
    return f"exit {done.returncode} after {time.monotonic() - began:.1f} s: {last}"


def note(name: str, said: str, outcome: BootOutcome) -> None:
    """Add a row to the table, where one is asked for."""
    file = os.environ.get("BOOTREADY_BOOT_TABLE")
    if not file or not outcome.diagnoses:
        return
    first = outcome.diagnoses[0]
    who = f"service '{first.service}' " if first.service else ""
    words = f"{who}{first.headline}; cause: {first.cause}; remedy: {first.remedy}"
    cells = [re.sub(r"[|\n]", " ", cell) for cell in (name, said, words)]
    path = Path(file)
    new = not path.exists()
    with path.open("a", encoding="utf-8") as table:
        if new:
            table.write(
                "| case | Compose alone | bootready | seconds |\n| --- | --- | --- | --- |\n"
            )
        table.write(f"| {' | '.join(cells)} | {first.seconds:.1f} |\n")
