"""Docker itself agrees with each ERROR: it refuses the bad project and boots the good one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import tomllib

import pytest

from catalogue.fixture import HERE
from engine_support import require_busybox, require_compose

MAKES = re.compile(r"\b(Creat|Build|Built|Pull|Start)")
"""Words of Compose's progress once the engine is asked to make something."""
PROOFS = sorted(path.parent.name for path in HERE.glob("*/proof.toml"))


@pytest.fixture(scope="module")
def left_behind():
    """The projects of which an interrupted run left something."""
    require_busybox()
    label = '{{.Label "com.docker.compose.project"}}'
    listed = (("ps", "--all"), ("network", "ls"), ("volume", "ls"))
    commands = [["docker", *words, "--format", label] for words in listed]
    told = [subprocess.run(one, check=True, capture_output=True, text=True) for one in commands]
    return {name for one in told for name in one.stdout.split()}


@pytest.mark.engine
@pytest.mark.compose
@pytest.mark.parametrize("major", [5, 2])
@pytest.mark.parametrize("check_id", PROOFS)
def test_docker_agrees(check_id, major, tmp_path, left_behind):
    """The bad project fails with the words of the proof; the good one comes up."""
    compose = require_compose(major)
    proof = tomllib.loads((HERE / check_id / "proof.toml").read_text(encoding="utf-8"))
    for name in ("bad", "good"):
        directory = tmp_path / name
        shutil.copytree(HERE / check_id / name, directory)
        project = f"bootready-proof-{check_id}-{major}-{name}"
        base = [*compose.command, "-p", project, "--project-directory", str(directory)]
        base += ["-f", str(directory / "compose.yaml"), "--progress", "plain"]
        away = [*base, "down", "-v", "-t", "0", "--remove-orphans", "--rmi", "local"]
        if project in left_behind:
            _run(away, directory)
        asked = True
        try:
            done = _run([*base, *proof["compose"]], directory)
            asked = MAKES.search(done.stdout + done.stderr) is not None
        finally:
            if asked:
                _run(away, directory)
                if proof[name]["exit_code"]:
                    # A Compose that fails returns while the engine still makes its other networks.
                    time.sleep(1)
                    _run(away, directory)
        said = f"{name}: {done.stdout}{done.stderr}"
        assert done.returncode == proof[name]["exit_code"], said
        assert proof[name].get("stderr_contains", "") in done.stdout + done.stderr, said


def _run(command, directory):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMPOSE_")}
    return subprocess.run(
        command,
        check=False,
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
