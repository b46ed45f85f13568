"""docs/reference/writing-a-check.md, followed in a copy of the repository until all is green."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = "label-reserved"
MODULE = '''\
"""Services with labels of Compose's own -> a warning for each."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.model.lookup import entries_at


@check(
    summary="a label uses a name that Compose reserves",
    severity=Severity.WARNING,
    looks_at=("service.labels",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#labels",
)
def label_reserved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for labels that start with `com.docker.compose`.

    ## Why it matters
    Compose overwrites them.

    ## Remedy
    Give the label another name.

    ## When to silence it
    Never: Compose overwrites the label each time.
    """
    for service in context.project.services:
        for name, _ in entries_at(service.node, "labels"):
            if name.startswith("com.docker.compose"):
                yield report(
                    service.location, f"service '{service.name}': label '{name}' is reserved"
                )
'''
PROJECT = "services: {web: {image: 'bootready.local/busybox:1', labels: {%s: x}}}\n"


@pytest.fixture
def clone(tmp_path):
    """What git tracks, and what is about to be, as a contributor has it: compiled where it is."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)  # compiled code knows its source's time
    for kept in (ROOT / "src").rglob("*.cpython-*.pyc"):
        (tmp_path / kept.relative_to(ROOT)).parent.mkdir(exist_ok=True)
        shutil.copy2(kept, tmp_path / kept.relative_to(ROOT))
    return tmp_path


def python(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the Makefile's targets `new-check` and `check-one`, in the copy."""
    environment = {**os.environ, "PYTHONPATH": str(clone / "src")}
    environment.pop("CI", None)  # golden files are written here, which CI refuses
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or each of them compiles everything again
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def check_one(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make check-one` without its setup."""
    assert python(clone, "scripts/generate_docs.py").returncode in {0, 1}
    options = ("-q", "-p", "no:cacheprovider", "tests/catalogue", "-k", CHECK)
    done = python(clone, "-m", "pytest", *options, *arguments)
    assert python(clone, "scripts/generate_docs.py").returncode in {0, 1}
    return done


@pytest.mark.slow
def test_a_scaffold_fails_until_it_is_written_and_is_green_then(clone):
    """The scaffold alone, the module alone and the fixtures alone are not enough."""
    assert python(clone, "scripts/new_check.py", "resources", CHECK).returncode == 0
    assert check_one(clone).returncode == 1
    assert check_one(clone, "--update-golden").returncode == 1

    module = clone / "src/bootready/catalogue/resources/label_reserved.py"
    module.write_text(MODULE, encoding="utf-8")
    assert check_one(clone, "--update-golden").returncode == 1

    fixture = clone / "tests/catalogue" / CHECK
    (fixture / "bad/compose.yaml").write_text(PROJECT % "com.docker.compose.project")
    (fixture / "good/compose.yaml").write_text(PROJECT % "org.example.project")
    written = check_one(clone, "--update-golden")
    assert written.returncode == 0, written.stdout
    assert (
        "label 'com.docker.compose.project' is reserved" in (fixture / "expected.txt").read_text()
    )

    again = check_one(clone)
    assert again.returncode == 0, again.stdout
    fresh = python(clone, "scripts/generate_docs.py", "--check")
    assert fresh.returncode == 0, fresh.stdout
