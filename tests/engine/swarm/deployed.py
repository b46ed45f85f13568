"""A project whose stack is deployed to the manager of the tests, by a process in its network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def bootready(
    manager: dict[str, str], directory: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run bootready in the network namespace of the manager, where its ports are published."""
    inside = ["nsenter", f"--net=/proc/{manager['ENGINE_PROCESS']}/ns/net"]
    return subprocess.run(
        [*inside, sys.executable, "-m", "bootready", *arguments],
        cwd=directory,
        env={**manager, "XDG_STATE_HOME": str(directory.parent / "state")},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def project(directory: Path, text: str, name: str) -> Path:
    made = directory / name
    (made / "site").mkdir(parents=True)
    (made / "site/index.html").write_text("hello\n")
    (made / ".env").write_text("TOKEN=sesame\nWORD=plain\n")
    (made / "compose.yaml").write_text(text)
    return made


UP = ("up", "--target", "swarm", "--no-prepare", "--no-check", "--settle", "1", "--timeout", "100")
