"""Preparing on a full disk, a read-only file system, somebody else's directory, and by two at once.

The file systems are mounted in a mount namespace of their own; what cannot be had is skipped aloud.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.cli import run

COMPOSE = """\
services:
  web:
    image: example.test/web:1
    user: "0"
    environment: {PW: "${DB_PASSWORD:?}"}
    secrets: [pw, users]
    volumes: ["./certs:/certs:ro", "./data/web:/data"]
secrets:
  pw: {file: ./secrets/pw}
  users: {file: ./secrets/users, x-bootready: {kind: hex, bytes: 600}}
"""
MADE = {"certs/cert.pem", "certs/key.pem", "certs/rootCA.pem", "secrets/pw", "secrets/users"}
NOBODY = 65534


def project(directory: Path) -> Path:
    directory.mkdir(parents=True)
    (directory / ".git").mkdir()
    (directory / "compose.yaml").write_text(COMPOSE)
    (directory / ".env.example").write_text("# nothing\n")
    return directory


def prepare(directory: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bootready", "prepare", "-C", str(directory)]
    environ = {"PATH": os.environ["PATH"], "HOME": str(directory.parent)}
    return subprocess.run(
        [*command, "--engine", "none"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def files(directory: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(directory)): (path.stat().st_mode, path.read_bytes())
        for path in directory.rglob("*")
        if path.is_file()
    }


def unshared(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in a mount namespace, or skip where there is none."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("needs root and unshare: it mounts a file system")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs mount namespaces, which this machine forbids")
    command = ["unshare", "-m", "bash", "-ec", script, sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


FULL = """\
mount -t tmpfs -o size=256k tmpfs "$1/disk"
cp -a "$1/shop" "$1/disk/shop"
export HOME="$1"
for left in 0 4 8 12 16 24 32 48; do
  rm -rf "$1/disk/shop" "$1/disk/filler"; cp -a "$1/shop" "$1/disk/shop"
  dd if=/dev/zero of="$1/disk/filler" bs=1k 2>/dev/null || true
  truncate -s "-${left}k" "$1/disk/filler"
  code=0; "$0" -m bootready prepare -C "$1/disk/shop" --engine none >"$1/out" 2>&1 || code=$?
  grep -q Traceback "$1/out" && { cat "$1/out"; exit 9; }
  mkdir "$1/seen-$left"; cp -a "$1/disk/shop" "$1/seen-$left/"
  echo "$code $(grep -c 'No space left' "$1/out" || true)" > "$1/seen-$left/code"
  rm "$1/disk/filler"
  "$0" -m bootready prepare -C "$1/disk/shop" --engine none >/dev/null 2>&1
  cp -a "$1/disk/shop" "$1/seen-$left/after"
done
"""


@pytest.mark.slow
def test_a_full_disk_leaves_whole_files_and_the_next_run_finishes(tmp_path):
    project(tmp_path / "shop")
    (tmp_path / "disk").mkdir()
    done = unshared(FULL, str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    codes = set()
    for seen in sorted(tmp_path.glob("seen-*")):
        code, told = (seen / "code").read_text().split()
        codes.add(code)
        assert (code, told != "0") in {("0", False), ("1", True)}
        before, after = files(seen / "shop"), files(seen / "after")
        assert {*after} >= MADE
        assert not [name for name in {**before, **after} if ".bootready-" in name]
        for name, (mode, content) in before.items():
            assert content, name
            if name not in {".env", "certs/cert.pem"}:
                assert after[name] == (mode, content), name
        assert len(after["secrets/users"][1]) == 1200
    assert codes == {"0", "1"}


READ_ONLY = """\
mount --bind "$1/shop" "$1/shop"
mount -o remount,ro,bind "$1/shop"
HOME="$1" exec "$0" -m bootready prepare -C "$1/shop" --engine none
"""


def test_a_read_only_file_system_is_named_and_nothing_happens(tmp_path):
    before = files(project(tmp_path / "shop"))
    done = unshared(READ_ONLY, str(tmp_path))
    assert done.returncode == 1
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path / "shop") == before


def as_nobody(
    directory: Path,
    capfd: pytest.CaptureFixture[str],
    words: tuple[str, ...] = ("prepare", "--engine", "none"),
) -> tuple[int, str]:
    """Run a verb in a forked child that has become another user; all modules are there already."""
    arguments = [*words, "-C", str(directory)]
    home = directory.parent / "home of nobody"
    home.mkdir(exist_ok=True)
    os.chown(home, NOBODY, NOBODY)
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.environ["HOME"] = str(home)
            os.environ["TMPDIR"] = tempfile.tempdir = str(home)  # ours may be closed to others
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            code = run(arguments)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), capfd.readouterr().err


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it becomes another user")
@pytest.mark.parametrize("foreign", ["", "secrets"])
def test_a_directory_of_somebody_else_is_named_and_stays_as_it_is(
    open_path, foreign, capfd, monkeypatch
):
    monkeypatch.setenv("HOME", str(open_path))
    monkeypatch.delenv("XDG_STATE_HOME")
    run(["prepare", "-C", str(project(open_path / "warm")), "--engine", "none"])
    shop = project(open_path / "shop")
    (shop / "secrets").mkdir()
    if foreign:
        for path in (shop, shop / ".git"):
            os.chown(path, NOBODY, NOBODY)
    code, errors = as_nobody(shop, capfd)
    assert code == 1
    assert "Permission denied" in errors
    assert list((shop / "secrets").iterdir()) == []
    assert (shop / "secrets").stat().st_uid == 0
    os.chown(shop, NOBODY, NOBODY)
    os.chown(shop / "secrets", NOBODY, NOBODY)
    code, errors = as_nobody(shop, capfd)
    assert code == 0, errors
    assert stat.S_IMODE((shop / "secrets/pw").stat().st_mode) in {0o600, 0o644}


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it becomes another user")
def test_what_the_superuser_prepared_its_owner_can_go_on_with(open_path, capfd, monkeypatch):
    monkeypatch.setenv("HOME", str(open_path))
    monkeypatch.delenv("XDG_STATE_HOME")
    shop = project(open_path / "shop")
    for path in (shop, shop / ".git"):
        os.chown(path, NOBODY, NOBODY)
    arguments = ["prepare", "-C", str(shop), "--engine", "none"]
    assert run(arguments) == 0
    assert {path.stat().st_uid for path in (shop / "secrets").rglob("*")} == {NOBODY}
    (shop / "secrets" / "pw").unlink()
    assert as_nobody(shop, capfd)[0] == 0
    assert (shop / "secrets" / "pw").stat().st_uid == NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it becomes another user")
def test_a_directory_that_may_only_be_entered_is_named_by_fix_too(open_path, capfd, monkeypatch):
    monkeypatch.setenv("HOME", str(open_path))
    monkeypatch.delenv("XDG_STATE_HOME")
    text = "version: '3'\nservices: {a: {image: busybox}}\n"
    for name in ("warm", "shop"):
        (open_path / name).mkdir()
        (open_path / name / "compose.yaml").write_text(text)
    run(["fix", "-C", str(open_path / "warm"), "-f", str(open_path / "warm/compose.yaml")])
    shop = open_path / "shop"
    shop.chmod(0o711)
    code, errors = as_nobody(shop, capfd, ("fix", "--apply", "-f", str(shop / "compose.yaml")))
    assert code == 0, errors
    assert "cannot be edited: Permission denied" in errors
    assert (shop / "compose.yaml").read_text() == text


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A directory that other users can enter, as pytest's own cannot be."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_runs_at_the_same_time_make_one_of_everything(tmp_path):
    shop = project(tmp_path / "shop")
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "bootready", "prepare", "-C", str(shop), "--engine", "none"]
    for _ in range(2):
        together = [
            subprocess.Popen(
                command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            for _ in range(3)
        ]
        outputs = [one.communicate()[0] for one in together]
        assert [one.returncode for one in together] == [0, 0, 0], outputs
        made = files(shop)
        assert {*made} >= MADE
        assert made[".env"][1].count(b"DB_PASSWORD=") == 1
        assert "nothing to do" in prepare(shop).stdout
        assert files(shop) == made
        undo = [sys.executable, "-m", "bootready", "undo", "-C", str(shop)]
        subprocess.run(undo, env=environ, check=True, capture_output=True)
        assert {*files(shop)} == {"compose.yaml", ".env.example"}
