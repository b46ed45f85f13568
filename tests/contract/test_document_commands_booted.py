"""Commands in documents that need an engine are run in a fresh clone, on the stack they boot."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core_stack import on_disk
from documents_support import (
    ROOT,
    RUNBOOK,
    blocks,
    commands,
    documents,
    make_clone,
    run_block,
)
from engine_support import require_compose, require_engine

INLINE = re.compile(
    r"`(docker compose (?:up|config|ps|port|kill) [^`\n]*|bootready (?:up|check|status|secrets))`"
)
"""What documents name in a sentence and a person types into a stack that runs."""
COMPOSE_PLUGIN = """#!/bin/sh
[ "$1" = compose ] || exec {docker} "$@"
shift
exec {compose} "$@"
"""


@pytest.fixture
def parent() -> Iterator[Path]:
    with on_disk() as directory:
        yield directory


@pytest.mark.engine
@pytest.mark.slow
def test_commands_that_need_an_engine_succeed_in_a_fresh_clone(parent):
    """One boot for all documents: what they run on the engine, the runbook runs in this order.

    The boot is one with stand-ins. What documents tell a person to do in the running stack has to
    work with these too, and the public images are used again once the stack is down.
    """
    require_engine()
    if os.geteuid() != 0:
        pytest.skip("needs root, as whom the documents' own stack is prepared")
    wanted = [block.text for block in commands() if block.words == "engine"]
    *session, last = [block.text for block in blocks(RUNBOOK) if block.words == "engine"]
    assert set(wanted) == {*session, last}
    clone = make_clone(parent / "core stack")
    _put_compose(clone)
    public = run_block(".venv/bin/bootready config --images", clone).stdout
    ports = ("HTTP_PORT", "HTTPS_PORT", "POSTGRES_WRITER_PORT", "POSTGRES_READER_PORT")
    extra = {name: str(18780 + number) for number, name in enumerate(ports)}
    extra |= {"COMPOSE_PROJECT_NAME": f"bootready-documents-{os.getpid()}", "IMAGES": "offline"}
    try:
        for text in (*session, *_follow_ups(), last):
            run_block(text, clone, extra, apart=False)
        assert "bootready.local" in (clone / ".env").read_text()
    finally:
        run_block("make down ARGS=--public-images", clone, extra, apart=False, check=False)
    assert run_block(".venv/bin/bootready config --images", clone).stdout == public


def _put_compose(clone: Path) -> None:
    """Let `docker compose` be a command, as documents write it, and `docker-compose` too."""
    (program,) = require_compose(5).command[:1]
    compose = shlex.join([shutil.which(program) or program, *require_compose(5).command[1:]])
    (clone / ".venv/bin/docker-compose").write_text(f'#!/bin/sh\nexec {compose} "$@"\n')
    plugin = COMPOSE_PLUGIN.format(docker=shutil.which("docker"), compose=compose)
    (clone / ".venv/bin/docker").write_text(plugin)
    for name in ("docker-compose", "docker"):
        (clone / ".venv/bin" / name).chmod(0o755)


def _follow_ups() -> list[str]:
    """Return what documents of the stack tell people to do once it runs, each command once."""
    fences = [block.text.splitlines() for block in commands() if block.words == "follow-up"]
    found = [line for lines in fences for line in lines]
    for path in documents():
        if "docs" not in path.relative_to(ROOT).parts and path.name != "CHANGELOG.md":
            found += INLINE.findall(path.read_text())
    assert len(found) > 10
    # What looks at the stack comes after what waits for it, and that after what changes it.
    waits = "docker compose up -d --wait"
    assert waits in found
    return sorted(
        dict.fromkeys(found), key=lambda text: (text.startswith("bootready"), text == waits)
    )
