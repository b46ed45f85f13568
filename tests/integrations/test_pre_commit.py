"""The hooks of `.pre-commit-hooks.yaml`, run by the real pre-commit on a repository.

Its environment is not built here, which takes a network and half a minute: ``language: system``
runs the bootready of the tests instead. Everything else is as for a user.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
NAMES = [hook["id"] for hook in yaml.safe_load(HOOKS.read_text())]
READY = "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']\n"


class Repository:
    """A repository that uses the hooks, and a program path on which bootready is this one."""

    def __init__(self, place: Path) -> None:
        programs = place / "bin"
        programs.mkdir()
        program = programs / "bootready"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m bootready "$@"\n')
        program.chmod(0o755)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(place),
            "PRE_COMMIT_HOME": str(place / "cache"),
            "XDG_STATE_HOME": str(place / "state"),
            "BOOTREADY_COMPOSE": "/bin/true",
            "LC_ALL": "C.UTF-8",
            **{f"GIT_{who}_{what}": "tests@example.test" for who in ("AUTHOR", "COMMITTER")
               for what in ("NAME", "EMAIL")},
        }  # fmt: skip
        hooks = place / "hooks"
        hooks.mkdir()
        shutil.copy(HOOKS, hooks)
        self.path = hooks
        self.git("init", "-q", "-b", "main")
        self.commit()
        revision = self.git("rev-parse", "HEAD").stdout.strip()
        self.path = place / "project"
        self.path.mkdir()
        self.git("init", "-q", "-b", "main")
        used = [{"id": name, "language": "system"} for name in NAMES]
        config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": used}]}
        self.write(".pre-commit-config.yaml", yaml.safe_dump(config))

    def write(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def git(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run("git", *words, check=True)

    def commit(self) -> None:
        self.git("add", "--all", "--force")
        self.git("commit", "-q", "-m", "now")

    def hook(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run one hook as `git commit` would, on what is staged."""
        self.git("add", "--all", "--force")
        return self._run(sys.executable, "-m", "pre_commit", "run", name, "--color", "never")

    def _run(self, *words: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.path, env=self.environment, capture_output=True, text=True,
            check=check, timeout=120,
        )  # fmt: skip


@pytest.fixture
def repository(tmp_path) -> Repository:
    return Repository(tmp_path)


def test_validate_stops_a_commit_that_breaks_the_first_boot(repository):
    repository.write("compose.yaml", READY)
    assert repository.hook("bootready-validate").returncode == 0
    repository.write("compose.yaml", READY.replace("8080:80", "8080:80:80:80"))
    done = repository.hook("bootready-validate")
    assert done.returncode == 1
    assert "compose.yaml:4" in done.stdout


def test_validate_leaves_other_commits_alone(repository):
    repository.write("README.md", "nothing of Compose\n")
    done = repository.hook("bootready-validate")
    assert (done.returncode, "no files to check" in done.stdout) == (0, True)


def test_fix_writes_the_repair_and_stops_the_commit_once(repository):
    repository.write("compose.yaml", f"version: '3'\n# stays\n{READY}")
    done = repository.hook("bootready-fix")
    assert (done.returncode, "files were modified by this hook" in done.stdout) == (1, True)
    assert (repository.path / "compose.yaml").read_text() == f"# stays\n{READY}"
    assert repository.hook("bootready-fix").returncode == 0


def test_secrets_stops_a_secret_on_its_way_into_git(repository):
    repository.write("compose.yaml", f"{READY}    secrets: [pw]\nsecrets: {{pw: {{file: s/pw}}}}\n")
    repository.write(".gitignore", "/s/\n")
    assert repository.hook("bootready-secrets").returncode == 0
    repository.write("s/pw", "hunter2\n")  # added by force
    done = repository.hook("bootready-secrets")
    assert (done.returncode, "secret-tracked-by-git" in done.stdout) == (1, True)
    assert "hunter2" not in done.stdout


def test_the_hooks_are_for_the_files_of_a_project():
    patterns = {hook["id"]: hook.get("files", "") for hook in yaml.safe_load(HOOKS.read_text())}
    for name in (
        "compose.yaml",
        "a/docker-compose.prod.yml",
        ".env.example",
        "app.env",
        "Dockerfile",
    ):
        assert re.search(patterns["bootready-validate"], name), name
    for name in ("README.md", "compose/readme.txt", "src/environment.py", "decompose.yaml.txt"):
        assert not re.search(patterns["bootready-validate"], name), name
