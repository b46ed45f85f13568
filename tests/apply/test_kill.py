"""Preparing killed at every change of the file system: old or new, and the next run finishes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from bootready.apply.execute import apply_plan
from bootready.apply.undo import undo
from bootready.model.action import (
    AppendLines,
    CreateDirectory,
    GenerateSecret,
    IssueCertificate,
    Plan,
    SetVariable,
    Step,
    WriteFile,
)

CALLS = ("mkdir", "open", "write", "fchmod", "fchown", "fsync", "link", "rename", "unlink", "rmdir")


def plan_for(directory: Path) -> Plan:
    actions = (
        WriteFile(f"{directory}/.env", "A=1\n", 0o600),
        SetVariable(f"{directory}/.env", "B", "2"),
        CreateDirectory(f"{directory}/data/db", 0o700),
        GenerateSecret(f"{directory}/secrets/pw", "pw"),
        IssueCertificate(f"{directory}/secrets/certs", ("a.test",)),
        AppendLines(f"{directory}/.gitignore", (".env",)),
    )
    return Plan(tuple(Step(n, action, "a-check") for n, action in enumerate(actions, 1)))


def killed_at(directory: Path, point: int) -> bool:
    """Apply the plan in a child that kills itself before call `point`; tell whether it did."""
    child = os.fork()
    if child == 0:
        count = 0

        def counted(name):
            real = getattr(os, name)

            def call(*arguments, **options):
                nonlocal count
                changing = name != "open" or arguments[1] & os.O_CREAT
                count += bool(changing)
                if changing and count == point:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **options)

            return call

        for name in CALLS:
            setattr(os, name, counted(name))
        try:
            apply_plan(plan_for(directory), str(directory), environ={"HOME": str(directory)})
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def names(directory: Path) -> set[str]:
    return {
        str(path.relative_to(directory))
        for path in directory.rglob("*")
        if not str(path.relative_to(directory)).startswith(".bootready/")
    }


@pytest.mark.slow
def test_a_run_killed_at_any_point_leaves_whole_files_and_can_be_finished(
    tmp_path, record_property
):
    whole = None
    point = 0
    while True:
        point += 1
        directory = tmp_path / f"p{point}"
        directory.mkdir()
        (directory / ".gitignore").write_text("x\n")
        killed = killed_at(directory, point)
        secret = directory / "secrets/pw"
        value = secret.read_text() if secret.exists() else None
        assert value is None or len(value) == 43
        assert (directory / ".gitignore").read_text() in {"x\n", "x\n.env\n"}
        if (directory / ".env").exists():
            assert (directory / ".env").read_text() in {"A=1\n", "A=1\nB=2\n"}
        apply_plan(plan_for(directory), str(directory), environ={"HOME": str(directory)})
        assert value is None or secret.read_text() == value
        again = apply_plan(plan_for(directory), str(directory), environ={"HOME": str(directory)})
        assert again.done == ()
        whole = whole or names(directory)
        assert names(directory) == whole
        undo(str(directory))
        assert names(directory) == {".gitignore"}
        if not killed:
            break
    record_property("kill_points", point - 1)
    assert point > 100
