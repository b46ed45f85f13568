"""The engine refuses the propagation of a mount where, and only where, a check says so."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path

import pytest

from bootready import pipeline
from bootready.model.request import Request
from engine_support import require_busybox, require_compose

CHECK = "mount-propagation-refused"
TEXT = """services:
  web:
    image: {image}
    command: [sleep, "60"]
    stop_grace_period: 0s
    volumes: ['{source}:/host:ro,{mode}']
"""


@pytest.mark.engine
@pytest.mark.compose
@pytest.mark.parametrize("major", [5, 2])
@pytest.mark.parametrize("mode", ["rslave", "rshared", "rprivate"])
@pytest.mark.parametrize("source", ["/", "/proc", "the data of the engine"])
def test_the_engine_agrees_about_this_machine(
    tmp_path: Path, source: str, mode: str, major: int
) -> None:
    """Whatever is shared here: what is refused has an error, what starts has none."""
    image = require_busybox()
    command = require_compose(major).command
    if not source.startswith("/"):
        facts = ["docker", "info", "--format", "{{.DockerRootDir}}"]
        done = subprocess.run(facts, check=True, capture_output=True, text=True)
        source = done.stdout.strip()
    text = TEXT.format(image=image, source=source, mode=mode)
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    project = pipeline.load(Request(directory=str(tmp_path)), os.environ)
    verdict = pipeline.check(pipeline.observe(project, os.environ), only=(CHECK,))
    said = [f"{one.severity.value} {one.message}" for one in verdict.findings]
    if verdict.skipped:
        pytest.skip(f"this engine is not judged: {verdict.skipped[0].reason}")
    name = f"bootready-mounts-{secrets.token_hex(3)}"
    base = [*command, "-p", name, "--progress", "plain"]
    try:
        up = _run([*base, "up", "-d"], tmp_path)
    finally:
        _run([*base, "down", "-v", "-t", "0"], tmp_path)
    assert bool(up.returncode) == bool(said), f"{said} {up.stderr}"


def _run(command: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, check=False, cwd=directory, capture_output=True, text=True, timeout=90
    )
