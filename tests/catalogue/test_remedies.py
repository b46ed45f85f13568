"""What bootready mends boots: the bad project of a check, its remedy, and the real engine.

`remedy` in a `proof.toml` names the verb that makes the finding go away. `test_proofs.py` shows
that Docker refuses the bad project; where a person has to edit, the good project is the remedy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib

import pytest

from bootready.check.discover import discover
from bootready.cli import run
from bootready.model.finding import Severity
from catalogue.fixture import HERE, verdict_of
from engine_support import require_busybox, require_compose

VERBS = {"prepare": ["prepare"], "fix": ["fix", "--apply"]}


def proof_of(check_id):
    """Return the proof of a check, or nothing where it has none."""
    path = HERE / check_id / "proof.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


CHECKS = {check.id: check for check in discover()}
MENDED = sorted(check_id for check_id in CHECKS if "remedy" in proof_of(check_id))


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_every_error_that_can_be_mended_is_proved_to_be(check_id):
    """A remedy that bootready offers for an ERROR is named in the proof, so that it is booted."""
    verdict, _ = verdict_of((CHECKS[check_id],), check_id, "bad")
    offers = any(f.remedy and f.severity is Severity.ERROR for f in verdict.findings)
    if offers and not CHECKS[check_id].proof:
        assert proof_of(check_id).get("remedy") in VERBS


@pytest.mark.engine
@pytest.mark.compose
@pytest.mark.parametrize("check_id", MENDED)
def test_the_mended_project_boots(check_id, tmp_path, monkeypatch, capsys):
    """The finding is there, the verb takes it away, and Docker boots what it refused."""
    require_busybox()
    compose = require_compose(5)
    proof = proof_of(check_id)
    directory = tmp_path / "project"
    shutil.copytree(HERE / check_id / "bad", directory)
    file = directory / "compose.yaml"
    # Another name than the one whose absence a proof may look at in this moment.
    file.write_text(file.read_text().replace("bootready_absent", "bootready_mended"))
    for name in [name for name in os.environ if name.startswith("COMPOSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(directory)

    assert run(["check", "--only", check_id]) == 1
    assert f"[{check_id}]" in capsys.readouterr().out
    base = [*compose.command, "-p", f"bootready-mended-{check_id}", "--progress", "plain"]
    try:
        assert run(VERBS[proof["remedy"]]) == 0, capsys.readouterr().err
        assert run(["check", "--only", check_id]) == 0, capsys.readouterr().out
        done = subprocess.run(
            [*base, *proof["compose"]], check=False, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        subprocess.run([*base, "down", "-v", "-t", "0"], check=False, capture_output=True)
        run(["undo"])
