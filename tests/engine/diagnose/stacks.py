"""Projects of the tests on disk and in the engine: written, and taken down with all they made."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path


class Silent:
    """A view that shows nothing."""

    interval = 1.0

    def states(self, states: object, seconds: float) -> None:
        pass

    def told(self, told: object) -> None:
        pass

    def diagnosis(self, diagnosis: object) -> None:
        pass

    def close(self) -> None:
        pass


def take_down(directory: Path, project: str, compose: str) -> None:
    down = [*compose.split(), "-p", project, "down", "-v", "-t", "1", "--remove-orphans"]
    subprocess.run(down, cwd=directory, check=False, capture_output=True, timeout=60)


def write(directory: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
        path.chmod(0o700 if name.endswith(".sh") else 0o600)
