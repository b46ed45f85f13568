"""Commands in documents are run in a fresh clone, or say why not; failures are repaired by them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents_support import (
    ROOT,
    RUNBOOK,
    Block,
    blocks,
    commands,
    documents,
    make_clone,
    run_block,
    taken_ports,
)

TRANSLATIONS = {
    RUNBOOK: RUNBOOK.with_suffix(".ko.md"),
    ROOT / "README.md": ROOT / "README.ko.md",
    ROOT / "secrets/README.md": ROOT / "secrets/README.ko.md",
}
BREAKS = {
    "port-taken": "sed -i 's/^HTTPS_PORT=.*/HTTPS_PORT=18443/' .env",
    "port-twice": "sed -i 's/^HTTPS_PORT=.*/HTTPS_PORT=80/' .env",
    "address-absent": "sed -i 's/^BIND_ADDRESS=.*/BIND_ADDRESS=192.0.2.1/' .env",
    "value-refused": "sed -i 's/^HTTPS_PORT=.*/HTTPS_PORT=https/' .env",
    "secret-missing": "rm secrets/valkey_password.txt",
    "secret-directory": "rm secrets/valkey_password.txt; mkdir secrets/valkey_password.txt",
    "secret-unreadable": "chmod 000 secrets/smtp_password.txt",
    "certificate-mismatch": "openssl genrsa -out secrets/certs/key.pem 2048",
    "directory-missing": "rm -r data/etcd1",
    "dollar": r"sed -i 's/\$\$answer/$answer/' infra/04-data/postgresql-cluster/docker-compose.yml",
    "directory-unwritable": "chmod 0555 data/prometheus",
    "clone-closed": "chmod -R go-rwx infra",
    "engine-gone": "",
}
"""What a person, a move or a machine does to a prepared clone."""

CHECK = "bash scripts/preflight-compose.sh --engine none"
LISTEN = (
    'import socket,subprocess,sys; s=socket.create_server(("127.0.0.1",18443));'
    " sys.exit(subprocess.call(sys.argv[1:]))"
)
GONE = {"DOCKER_HOST": "unix:///nonexistent.sock"}


@pytest.fixture
def _free_ports() -> None:
    """A core stack that runs already would be what is found, where no network is our own."""
    if taken := taken_ports():
        pytest.skip(f"ports {taken} are taken here, and a network of its own needs root")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone in which `prepare` has run."""
    if os.geteuid() not in {0, 1000}:
        pytest.skip("needs root or user 1000, whom the core stack's example names")
    clone = make_clone(tmp_path_factory.mktemp("prepared") / "core")
    run_block(".venv/bin/bootready prepare --engine none", clone)
    return clone


@pytest.fixture
def clone(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    """It, as it was: its state is that of its path, so that a copy elsewhere would have none."""
    copy, saved = ["cp", "-a", "--"], tmp_path / "saved"
    subprocess.run([*copy, str(prepared.parent), str(saved)], check=True)
    yield prepared
    shutil.rmtree(prepared.parent)
    subprocess.run([*copy, str(saved), str(prepared.parent)], check=True)


def test_every_fence_of_commands_is_run_or_says_why_not():
    unknown = [block for block in commands() if block.how == "not run" and len(block.words) < 10]
    assert unknown == []
    assert {block.words for block in commands() if block.how == "run"} <= {"engine", "follow-up"}
    for path in documents():
        bare = [block for block in blocks(path) if block.language in {"console", "shell"}]
        assert bare == [], "commands are fences of language sh"


@pytest.mark.slow
@pytest.mark.usefixtures("_free_ports")
def test_commands_that_need_no_engine_succeed_in_a_fresh_clone(tmp_path):
    """Each document is a session of its own, from the first command to the last."""
    sessions: dict[str, list[str]] = {}
    for block in commands():
        if block.how == "":
            sessions.setdefault(block.document, []).append(block.text)
    distinct = {tuple(session): name for name, session in sorted(sessions.items(), reverse=True)}
    assert distinct
    for session, name in distinct.items():
        clone = make_clone(tmp_path / name / "core")
        for text in session:
            run_block(text, clone)


@pytest.mark.parametrize("original", TRANSLATIONS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_translation_has_the_same_fences(original):
    """What is run and what is quoted is so in both languages; only the words differ."""

    def fences(path: Path) -> list[tuple[str, str, bool, str]]:
        return [(b.language, b.how, b.how == "not run" or b.words, b.text) for b in blocks(path)]

    assert fences(TRANSLATIONS[original]) == fences(original)


def failures(path: Path) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in blocks(path):
        if block.how == "break":
            found.setdefault(block.words, []).append(block)
    return found


def test_the_runbook_lists_at_least_ten_failures():
    assert set(failures(RUNBOOK)) == set(BREAKS)
    assert len(BREAKS) >= 10


@pytest.mark.slow
@pytest.mark.usefixtures("_free_ports")
@pytest.mark.parametrize("name", BREAKS)
def test_a_failure_is_found_and_repaired_as_written(name, clone):
    """Break the prepared clone: check says the quoted line; the commands make it ready again."""
    if name == "clone-closed" and os.geteuid() != 0:
        pytest.skip("needs root: whoever prepared the clone is the user of its services")
    said, repair = failures(RUNBOOK)[name]
    extra = GONE if name == "engine-gone" else {}
    check = "bash scripts/preflight-compose.sh" if extra else CHECK
    run_block(BREAKS[name], clone)
    if name == "port-taken":
        check = f"python3 -c '{LISTEN}' {CHECK}"
    found = run_block(check, clone, extra, check=False)
    assert said.text.strip() in found.stdout, found.stdout + found.stderr
    if said.text.startswith("error"):
        assert found.returncode == 1
    run_block(repair.text, clone, extra)
    after = run_block(".venv/bin/bootready check --engine none", clone, check=False)
    check_id = said.text.partition("[")[2].partition("]")[0]
    assert f"[{check_id}]" not in after.stdout
    assert after.returncode == 0, after.stdout + after.stderr
