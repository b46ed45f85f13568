"""What lies in the way, by malice or by mistake, is named and neither followed nor lost."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bootready.apply.execute import apply_plan
from bootready.apply.undo import undo
from bootready.errors import ApplyError
from bootready.host.state import state_directory
from bootready.model.action import (
    AppendLines,
    CreateDirectory,
    GenerateSecret,
    Plan,
    Reader,
    SetPermissions,
    SetVariable,
    Step,
)

STRANGER = (Reader("web", 65534, ()),)


def plan(*actions):
    return Plan(tuple(Step(n, action, "some-check") for n, action in enumerate(actions, 1)))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    directory = tmp_path / "shop"
    (directory / ".git").mkdir(parents=True)
    return directory


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_a_linked_directory_for_secrets_is_named_and_stays_open_and_empty(project, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (project / "secrets").symlink_to(outside)
    with pytest.raises(ApplyError, match=r"secrets' is a symbolic link; nothing is written"):
        apply_plan(
            plan(GenerateSecret(f"{project}/secrets/pw", "pw", readers=STRANGER)), str(project)
        )
    assert mode(outside) == "0o755"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("action", [CreateDirectory, lambda path: GenerateSecret(path, "pw")])
def test_a_link_to_nothing_is_no_secret_and_no_directory(project, tmp_path, action):
    (project / "pw").symlink_to(tmp_path / "gone")
    with pytest.raises(ApplyError, match=r"is a symbolic link to '.*/gone', which does not exist"):
        apply_plan(plan(action(f"{project}/pw")), str(project))
    assert not (tmp_path / "gone").exists()


def test_a_linked_env_file_is_named(project):
    (project / "real.env").write_text("A=1\n")
    (project / ".env").symlink_to("real.env")
    with pytest.raises(ApplyError, match=r"/\.env' is a symbolic link"):
        apply_plan(plan(SetVariable(f"{project}/.env", "B", "2")), str(project))
    assert (project / "real.env").read_text() == "A=1\n"


def test_lines_are_added_with_the_line_ends_of_the_file(project):
    (project / ".env").write_bytes(b"A=1\r\nB=2")
    (project / ".gitignore").write_bytes(b"a\r\n")
    steps = plan(
        SetVariable(f"{project}/.env", "C", "3", "the third"),
        AppendLines(f"{project}/.gitignore", (".env",)),
    )
    apply_plan(steps, str(project))
    assert (project / ".env").read_bytes() == b"A=1\r\nB=2\r\n# the third\r\nC=3\r\n"
    assert (project / ".gitignore").read_bytes() == b"a\r\n.env\r\n"
    assert not apply_plan(steps, str(project)).done
    undo(str(project))
    assert (project / ".env").read_bytes() == b"A=1\r\nB=2"


def test_a_directory_that_a_service_mounts_is_not_closed_to_it(project):
    """The engine mounts `secrets/app` whoever may enter `secrets`; the service enters `app`."""
    path = project / "secrets" / "app" / "pw"
    secret = GenerateSecret(str(path), "pw", readers=(Reader("a", None), *STRANGER))
    apply_plan(plan(secret._replace(mounted=(str(path.parent),))), str(project))
    assert (mode(project / "secrets"), mode(path.parent), mode(path)) == ("0o700", "0o755", "0o644")
    undo(str(project))
    apply_plan(plan(secret._replace(mounted=(str(project / "secrets"),))), str(project))
    assert (mode(project / "secrets"), mode(path.parent), mode(path)) == ("0o755", "0o755", "0o644")


def test_a_directory_that_is_made_outside_for_a_secret_is_closed(project, tmp_path):
    path = tmp_path / "srv" / "keys" / "pw"
    secret = GenerateSecret(str(path), "pw", readers=(Reader("a", None),))
    apply_plan(plan(secret), str(project), outside=(str(path),))
    assert (mode(path.parent), mode(path)) == ("0o700", "0o644")
    undo(str(project))
    assert not (tmp_path / "srv").exists()


def test_undo_keeps_a_directory_closed_around_what_a_person_put_into_it(project):
    path = project / "secrets" / "pw"
    apply_plan(plan(GenerateSecret(str(path), "pw", readers=(Reader("a", None),))), str(project))
    path.write_text("my own")
    assert [kept for kept, _ in undo(str(project)).kept] == ["secrets/pw", "secrets"]
    assert mode(project / "secrets") == "0o700"
    path.unlink()
    undo(str(project))
    assert not (project / "secrets").exists()
    assert not (project / ".bootready").exists()
    assert not os.path.exists(state_directory(str(project), os.environ))


def test_undo_changes_no_permissions_through_a_link(project, tmp_path):
    (project / "conf").mkdir()
    (project / "conf" / "run").write_text("")
    (project / "conf" / "run").chmod(0o644)
    apply_plan(plan(SetPermissions(f"{project}/conf/run", 0o600)), str(project))
    (project / "conf").rename(tmp_path / "moved")
    (project / "conf").symlink_to(tmp_path / "moved")
    assert "symbolic link" in undo(str(project)).kept[0][1]
    assert mode(tmp_path / "moved" / "run") == "0o600"


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser gives files away")
def test_undo_gives_a_file_back_to_the_group_it_had(project):
    path = project / "pw"
    path.write_text("")
    path.chmod(0o640)
    apply_plan(plan(SetPermissions(str(path), 0o640, gid=4242)), str(project))
    assert path.stat().st_gid == 4242
    undo(str(project))
    assert path.stat().st_gid == 0


def test_undo_takes_away_what_a_killed_undo_or_a_refused_run_left(project):
    state = Path(state_directory(str(project), os.environ))
    apply_plan(plan(CreateDirectory(f"{project}/data")), str(project))
    (state / "journal").unlink()
    undo(str(project), dry_run=True)
    assert (state / "lock").exists()
    undo(str(project))
    assert not state.exists()
    apply_plan(plan(CreateDirectory(f"{project}/more")), str(project))
    (state / "journal").unlink()
    (state / "passwords").write_text("{}")
    undo(str(project))
    assert (state / "passwords").exists()
