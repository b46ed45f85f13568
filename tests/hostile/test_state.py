"""A clone that ships what bootready would have to believe: nothing outside is touched by it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bootready.apply.certificates.authority import new_authority
from bootready.cli import run
from bootready.host.state import state_directory
from bootready.pipeline import certs

COMPOSE = """\
services: {a: {image: x, secrets: [s], volumes: ["./certs:/certs:ro"]}}
secrets: {s: {file: ./s}}
"""
VERBS = (
    ["check", "--engine", "none"],
    ["validate"],
    ["prepare", "--engine", "none"],
    ["fix", "--apply"],
    ["undo", "--dry-run"],
    ["undo"],
)
DRY = (
    ["check", "--engine", "none"],
    ["validate"],
    ["prepare", "--engine", "none", "--dry-run"],
    ["fix"],
    ["undo", "--dry-run"],
    ["secrets", "--engine", "none"],
    ["certs"],
    ["explain", "services.a"],
    ["images", "--engine", "none"],
    ["report", "--engine", "none"],
)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_text("precious\n")
    path.chmod(0o640)
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    directory = tmp_path / "clone"
    directory.mkdir()
    subprocess.run(["git", "init", "-q", str(directory)], check=True)
    (directory / "compose.yaml").write_text(COMPOSE)
    return directory


def bootready(arguments: list[str], directory: Path) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run([arguments[0], "-C", str(directory), *arguments[1:]])
    return code, said.getvalue()


def fact(path: Path) -> tuple[str, int, int, int]:
    found = path.stat()
    return path.read_text(), found.st_mode, found.st_uid, found.st_gid


def entry(**fields: object) -> bytes:
    plain = {"digest": "", "before": "", "temp": "", "length": 0, "time": 0}
    return json.dumps({**plain, "mode": 0, "uid": -1, "gid": -1, **fields}).encode() + b"\n"


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_journal_that_came_with_the_clone_touches_nothing(clone, victim, verb):
    """Its entries name the victim as leftover, as file of ours and as permissions to restore."""
    shipped = clone / ".bootready"
    shipped.mkdir()
    (shipped / "key").write_bytes(b"k" * 32)
    up = os.path.relpath(victim, clone)
    (shipped / "journal").write_bytes(
        entry(operation="create", path="x", temp=str(victim))
        + entry(operation="create", path="x", temp=up)
        + entry(operation="directory", path="x", temp=str(victim.parent))
        + entry(operation="create", path=str(victim))
        + entry(operation="permissions", path=str(victim), length=0o640, mode=0o666, uid=1, gid=1)
        + entry(operation="append", path=str(victim), length=0)
    )
    subprocess.run(["git", "-C", str(clone), "add", "-f", "."], check=True)
    before = fact(victim)

    bootready(verb, clone)

    assert fact(victim) == before


def second_name(path: Path) -> None:
    """Give another file the name `path`, too; but for that it could be ours."""
    other = path.with_name(f"{path.name}.other")
    other.touch(0o600)
    os.link(other, path)


def planted(clone: Path, name: str, plant) -> Path:
    """The state of the project, made by us, with one of its files planted by somebody else."""
    bootready(["prepare", "--engine", "none"], clone)
    state = Path(state_directory(str(clone), os.environ))
    (state / name).unlink(missing_ok=True)
    plant(state / name)
    (clone / "s").unlink()
    return state


@pytest.mark.parametrize("name", ["journal", "key", "rootCA-key.pem", "project"])
@pytest.mark.parametrize(
    "plant",
    [
        pytest.param(lambda path: path.symlink_to("/etc/passwd"), id="a link"),
        pytest.param(os.mkfifo, id="a pipe"),
        pytest.param(lambda path: path.mkdir(), id="a directory"),
        pytest.param(lambda path: (path.write_text("{}\n"), path.chmod(0o666)), id="open to all"),
        pytest.param(second_name, id="a second name"),
    ],
)
def test_a_planted_file_in_the_state_is_refused_and_never_followed(clone, name, plant):
    try:
        planted(clone, name, plant)
    except OSError as error:
        pytest.skip(f"this file system cannot: {error.strerror}")
    (clone / "certs" / "rootCA.pem").unlink()
    (clone / "certs" / "cert.pem").unlink()

    code, said = bootready(["prepare", "--engine", "none"], clone)

    assert code != 0
    assert "not believed" in said or "directory" in said


@pytest.mark.parametrize(
    "line",
    [
        entry(operation="create", path="s"),
        json.dumps({"entry": '{"operation": "create", "path": "s"}', "mac": "0" * 64}).encode(),
        json.dumps({"entry": {}, "mac": None}).encode(),
        b"[]",
    ],
)
def test_an_entry_that_bootready_did_not_write_is_refused_aloud(clone, line):
    bootready(["prepare", "--engine", "none"], clone)
    journal = Path(state_directory(str(clone), os.environ)) / "journal"
    journal.write_bytes(journal.read_bytes() + line + b"\n")

    code, said = bootready(["undo"], clone)

    assert code == 1
    assert "did not write" in said
    assert (clone / "s").exists()


def test_the_journal_of_another_project_is_refused(clone, tmp_path):
    bootready(["prepare", "--engine", "none"], clone)
    other = tmp_path / "other"
    shutil.copytree(clone, other)
    mine = Path(state_directory(str(clone), os.environ))
    theirs = Path(state_directory(str(other), os.environ))
    shutil.copytree(mine, theirs)

    code, said = bootready(["undo"], other)

    assert code == 1
    assert "another project" in said
    assert (other / "s").exists()


def test_a_state_directory_in_the_project_is_refused(clone, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(clone / "state"))

    code, said = bootready(["prepare", "--engine", "none"], clone)

    assert code == 1
    assert "is inside the project" in said
    assert not (clone / "s").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser gives directories away")
def test_a_state_directory_of_somebody_else_is_refused(clone, state_home):
    (state_home / "bootready").mkdir(mode=0o700)
    os.chown(state_home / "bootready", 65534, 65534)

    code, said = bootready(["prepare", "--engine", "none"], clone)

    assert code == 1
    assert "belongs to the user with id 65534" in said


def everything_in(directory: Path) -> dict[str, tuple]:
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.lstat().st_ino)
        for path in directory.rglob("*")
    }


@pytest.mark.parametrize("verb", DRY, ids=" ".join)
@pytest.mark.parametrize("prepared", [False, True], ids=["bare", "prepared"])
def test_a_dry_run_changes_nothing(clone, state_home, verb, prepared):
    """Neither in the project nor in the state, which it does not even make."""
    if prepared:
        bootready(["prepare", "--engine", "none"], clone)
    before = everything_in(clone), everything_in(state_home)

    bootready(verb, clone)

    assert (everything_in(clone), everything_in(state_home)) == before


@pytest.mark.parametrize("verb", DRY, ids=" ".join)
def test_a_dry_run_opens_nothing_of_the_project_for_writing(clone, tmp_path, verb):
    """By the kernel's own word."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    bootready(["prepare", "--engine", "none"], clone)
    trace = tmp_path / "trace"
    calls = "trace=openat,open,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,chmod"
    command = ["strace", "-f", "-o", str(trace), "-e", f"{calls},fchmod,fchmodat,link,linkat"]
    command += [sys.executable, "-B", "-m", "bootready", verb[0], "-C", str(clone), *verb[1:]]
    subprocess.run(command, capture_output=True, check=False, timeout=300)
    places = (str(clone), os.environ["XDG_STATE_HOME"])

    lines = [line for line in trace.read_text().splitlines() if any(p in line for p in places)]
    # Repairs are proved in a shadow, a temporary directory in which the same paths are below it.
    lines = [line for line in lines if "bootready-proof-" not in line]

    assert lines
    assert not [line for line in lines if "O_WRONLY" in line or "O_RDWR" in line]
    assert not [line for line in lines if " open" not in line and "readlink" not in line]


def shipped_authority(clone: Path) -> None:
    authority = new_authority(("clone.test",))
    for directory in (clone / "certs", clone / ".bootready" / "ca"):
        directory.mkdir(parents=True)
        (directory / "rootCA.pem").write_bytes(authority.pem)
        (directory / "rootCA-key.pem").write_bytes(authority.key_pem)


def test_an_authority_that_came_with_the_clone_is_neither_used_nor_trusted(clone, monkeypatch):
    shipped_authority(clone)
    installed: list[object] = []
    monkeypatch.setattr(certs, "install_trust", lambda *_, **__: installed.append(1))

    code, said = bootready(["prepare", "--engine", "none"], clone)
    assert code == 1
    assert "has no private key on this machine" in said
    code, said = bootready(["certs", "--install-trust", "--yes"], clone)

    assert code == 1
    assert "was not created for you" in said
    assert installed == []


def test_trust_is_asked_for_and_shows_what_is_trusted(clone, monkeypatch):
    installed: list[object] = []
    monkeypatch.setattr(certs, "install_trust", lambda *_, **__: installed.append(1) or "there")
    bootready(["prepare", "--engine", "none"], clone)

    code, said = bootready(["certs", "--install-trust"], clone)
    assert (code, installed) == (1, [])
    for shown in ("bootready local CA", "SHA-256", "may sign for localhost"):
        assert shown in said
    code, said = bootready(["certs", "--install-trust", "--yes"], clone)

    assert (code, installed) == (0, [1])
    assert "trusted: there" in said


def plan_of(clone: Path, *steps: tuple[str, dict[str, object]], inputs: dict[str, str]) -> Path:
    rows = [
        {"id": n, "action": name, "arguments": given, "cause": "c", "reason": "r", "after": []}
        for n, (name, given) in enumerate(steps, 1)
    ]
    path = clone / "plan.json"
    data = {"format": "bootready-plan/1", "outside": True, "inputs": inputs, "steps": rows}
    path.write_text(json.dumps(data))
    return path


def test_a_plan_does_not_agree_to_its_own_outside_paths(clone, victim):
    before = fact(victim)
    job = victim.parent / "job"
    write = ("WriteFile", {"path": str(job), "text": "* * * * * root id\n", "mode": 493})
    open_up = ("SetPermissions", {"path": str(victim), "mode": 420, "uid": 65534})
    for inputs in ({}, {str(job): "absent", str(victim): "absent"}):
        path = plan_of(clone, write, open_up, inputs=inputs)
        code, _ = bootready(["apply", str(path)], clone)
        assert code == 1
        assert not job.exists()
        assert fact(victim) == before

    path = plan_of(clone, write, inputs={str(job): "absent"})
    code, said = bootready(["apply", str(path)], clone)
    assert code == 1
    assert "outside the project" in said
    assert not job.exists()
    assert bootready(["apply", str(path), "--outside", "--yes"], clone)[0] == 0
    assert job.exists()


def test_a_target_without_a_mark_is_refused(clone):
    step = ("WriteFile", {"path": "new", "text": "x", "mode": 420})
    code, said = bootready(["apply", str(plan_of(clone, step, inputs={}))], clone)
    assert code == 1
    assert "has no fingerprint of it" in said
    assert not (clone / "new").exists()


OUTPUTS = (
    ["check", "--engine", "none", "--output", "sarif={}"],
    ["report", "--engine", "none", "-o", "{}"],
    ["report", "--engine", "none", "--format", "json", "-o", "{}"],
    ["runbook", "-o", "{}"],
    ["config", "-o", "{}"],
    ["prepare", "--engine", "none", "--out", "{}"],
    ["fix", "--out", "{}"],
)


@pytest.mark.parametrize("arguments", OUTPUTS, ids=" ".join)
@pytest.mark.parametrize("link", ["file", "directory", "repository"])
def test_an_output_is_not_written_through_a_link_out_of_the_clone(clone, victim, arguments, link):
    before = fact(victim)
    if link == "file":
        (clone / "out").symlink_to(victim)
        name = clone / "out"
    else:
        if link == "repository":  # what is behind a link does not say that it may be followed
            (victim.parent / ".git").mkdir()
        (clone / "out").symlink_to(victim.parent)
        name = clone / "out" / victim.name

    code, _ = bootready([one.format(name) for one in arguments], clone)

    assert code != 0
    assert fact(victim) == before
    assert (clone / "out").is_symlink()


def test_no_directory_of_pages_is_made_through_a_link_out_of_the_clone(clone, victim):
    (clone / "out").symlink_to(victim.parent)
    before = sorted(victim.parent.iterdir())
    for name in ("out/r.html", "out/new/r.html"):
        code, _ = bootready(["report", "-r", "--engine", "none", "-o", str(clone / name)], clone)
        assert code != 0
    (clone / "r-projects").symlink_to(victim.parent)
    code, _ = bootready(["report", "-r", "--engine", "none", "-o", str(clone / "r.html")], clone)
    assert code != 0
    assert sorted(victim.parent.iterdir()) == before


@pytest.mark.parametrize("arguments", OUTPUTS, ids=" ".join)
def test_planted_names_beside_an_output_are_not_opened(clone, victim, arguments):
    """Names made of the process's number could be guessed, ours cannot."""
    before = fact(victim)
    for number in range(os.getpid(), os.getpid() + 3):
        (clone / f"out.{number}.tmp").symlink_to(victim)

    bootready([one.format(clone / "out") for one in arguments], clone)

    assert fact(victim) == before
    assert (clone / "out").is_file()
    assert not (clone / "out").is_symlink()


def test_an_existing_output_keeps_its_mode(clone):
    out = clone / "out"
    out.write_text("old")
    out.chmod(0o600)
    bootready(["config", "-o", str(out)], clone)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "services" in out.read_text()
