"""The documents are true: links resolve, named files, checks and targets exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(
    r"`((?:infra|scripts|tests|docs|src|secrets|runbooks|specs)/[\w./-]+\.\w+)`"
)
MAKE_TARGET = re.compile(r"`make ([a-z-]+)")


def documents() -> list[Path]:
    tracked = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [
        ROOT / name
        for name in tracked.stdout.split("\n")
        if name and not name.startswith("tests/") and (ROOT / name).exists()
    ]


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_resolves(document):
    dead = [
        target
        for target in LINK.findall(document.read_text())
        if "://" not in target
        and not target.startswith(("#", "mailto:"))
        and not (document.parent / target.split("#")[0]).exists()
    ]
    assert dead == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_named_file_exists(document):
    # Certificates and secret values are made on the machine; everything else named is in the clone.
    named = set(NAMED_FILE.findall(document.read_text()))
    made_locally = {
        name for name in named if name.startswith("secrets/") and name != "secrets/README.md"
    }
    missing = [name for name in sorted(named - made_locally) if not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_named_make_target_exists(document):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(MAKE_TARGET.findall(document.read_text())) <= targets


def test_every_requirement_has_a_proof_that_exists():
    spec = (ROOT / "specs/infra-compose-readiness/spec.md").read_text()
    rows = re.findall(r"^\| (REQ-BOOT-\d{3}) \|[^|]+\|([^|]+)\|$", spec, re.MULTILINE)
    assert [row[0] for row in rows] == [f"REQ-BOOT-{n:03}" for n in range(1, 9)]
    checks = {
        path.stem.replace("_", "-") for path in (ROOT / "src/bootready/catalogue").rglob("*.py")
    }
    for requirement, proof in rows:
        clauses = re.findall(r"checks? ((?:`[a-z-]+`(?:, )?)+)", proof)
        for name in re.findall(r"`([a-z-]+)`", " ".join(clauses)):
            assert name in checks, (
                f"{requirement} names check {name}, which is not in the catalogue"
            )


@pytest.mark.parametrize("index", ["OPERATIONS.md", "docs/context/core/infra-lifecycle-ops.md"])
def test_the_indexes_link_to_the_bootstrap_documents(index):
    text = (ROOT / index).read_text()
    for document in ("infra-bootstrap-runbook.md", "secrets/README.md"):
        assert document in text
