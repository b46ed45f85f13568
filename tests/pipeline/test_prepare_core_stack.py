"""The core stack as a fresh clone: one thing is taken away, is named, and comes back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.cli import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True, scope="module")
def _apart() -> Iterator[None]:
    """A loopback address of its own: a core stack that runs on this machine is not in the way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIND_ADDRESS", "127.84.26.3")
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked files of the stack, prepared, in a directory whose name has a space."""
    directory = tmp_path_factory.mktemp("core") / "a clone"
    parts = ("docker-compose.yml", "infra", "secrets", ".env.example", ".gitignore")
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", *parts]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, directory / name)
    (directory / ".git").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(directory.parent))
        patch.setenv("XDG_STATE_HOME", str(directory.parent / "state"))
        patch.delenv("CAROOT", raising=False)
        assert bootready("prepare", directory) == 0
    return directory


@pytest.fixture
def stack(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CAROOT", raising=False)
    # At the place where it was prepared: the state of a project is that of its path.
    saved = tmp_path / "saved"
    copy = ["cp", "-a", "--"]
    subprocess.run([*copy, str(whole.parent), str(saved)], check=True)  # with owners
    monkeypatch.setenv("XDG_STATE_HOME", str(whole.parent / "state"))
    yield whole
    shutil.rmtree(whole.parent)
    subprocess.run([*copy, str(saved), str(whole.parent)], check=True)


def bootready(command: str, directory: Path, *more: str) -> int:
    return run([command, "-C", str(directory), "--engine", "none", *more])


def tree(directory: Path) -> dict[str, tuple]:
    return {
        str(path): (fact.st_mode, fact.st_uid, fact.st_gid, fact.st_size, fact.st_mtime_ns)
        for path in directory.rglob("*")
        if path.name != "lock"
        for fact in [path.lstat()]
    }


def without(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def test_a_fresh_clone_is_ready_and_a_second_run_changes_nothing(stack, capsys):
    assert bootready("check", stack) == 0
    before = tree(stack)
    assert bootready("prepare", stack, "--detailed-exit-code") == 0
    assert "nothing to do" in capsys.readouterr().out
    assert tree(stack) == before


@pytest.mark.parametrize(
    ("path", "check_id", "words"),
    [
        ("secrets/valkey_password.txt", "secret-file-missing", "secret 'valkey_password'"),
        ("secrets/slack_webhook.txt", "secret-file-missing", "secret 'slack_webhook'"),
        ("secrets/certs/key.pem", "certificate-missing", "has no key.pem"),
        ("secrets/certs/rootCA.pem", "certificate-missing", "has no rootCA.pem"),
        ("data/etcd2", "bind-source-uncreatable", "'./data/etcd2' does not exist"),
        ("data/patroni1", "bind-source-uncreatable", "'./data/patroni1' does not exist"),
    ],
)
def test_what_is_taken_away_is_named_alone_and_comes_back(stack, path, check_id, words, capsys):
    without(stack / path)
    kept = {
        one: one.read_bytes() for one in (stack / "secrets").rglob("*.txt") if one != stack / path
    }
    assert bootready("check", stack) == 1
    shown = capsys.readouterr().out
    errors = [line for line in shown.splitlines() if line.startswith("error[")]
    assert len(errors) == 1
    assert errors[0].startswith(f"error[{check_id}]")
    assert words in errors[0]
    assert bootready("prepare", stack) == 0
    assert (stack / path).exists()
    assert {one: one.read_bytes() for one in kept} == kept
    assert bootready("check", stack) == 0
    assert bootready("prepare", stack, "--detailed-exit-code") == 0


@pytest.mark.parametrize("name", ["SMTP_FROM", "HTTPS_PORT"])
def test_a_variable_that_is_taken_away_is_named_and_comes_back(stack, name, capsys):
    """It boots with the default of the Compose file, so that this is a warning."""
    env = stack / ".env"
    lines = env.read_text().splitlines(keepends=True)
    (line,) = [one for one in lines if one.startswith(f"{name}=")]
    env.write_text("".join(one for one in lines if one != line))
    assert bootready("check", stack) == 0
    assert f"warning[env-file-incomplete]: variable '{name}'" in capsys.readouterr().out
    assert bootready("prepare", stack) == 0
    assert env.read_text().endswith(line)
    bootready("check", stack)
    assert "env-file-incomplete" not in capsys.readouterr().out


def test_without_its_env_file_the_stack_is_prepared_as_with_it(stack):
    before = (stack / "secrets/certs/cert.pem").read_bytes()
    (stack / ".env").unlink()
    assert bootready("prepare", stack) == 0
    assert (stack / ".env").exists()
    assert (stack / "secrets/certs/cert.pem").read_bytes() == before
    assert bootready("check", stack) == 0


def test_undo_takes_everything_back(stack):
    assert run(["undo", "-C", str(stack)]) == 0
    assert {path.name for path in stack.iterdir()} == {
        ".env.example",
        ".git",
        ".gitignore",
        "docker-compose.yml",
        "infra",
        "secrets",
    }
    left = {path.name for path in (stack / "secrets").iterdir()}
    assert left == {"README.md", "README.ko.md"}
