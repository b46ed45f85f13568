"""Plans are carried out on real directories: made once, never overwritten, nothing left over."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from cryptography import x509

from bootready.apply.execute import EngineDoor, apply_plan
from bootready.apply.undo import undo
from bootready.errors import ApplyError
from bootready.host.state import state_directory
from bootready.model.action import (
    SIGNING_KEYS,
    AppendLines,
    CreateDirectory,
    CreateNetwork,
    Edit,
    EditFile,
    GenerateSecret,
    IssueCertificate,
    Plan,
    Reader,
    SecretKind,
    SetPermissions,
    SetVariable,
    Step,
    WriteFile,
)
from bootready.model.position import Span


def plan(*actions):
    return Plan(tuple(Step(n, action, "some-check") for n, action in enumerate(actions, 1)))


def snapshot(directory: Path) -> dict[str, tuple]:
    """Every path below with its kind, mode, owner and content."""
    found = {}
    for path in sorted(directory.rglob("*")):
        fact = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path.relative_to(directory))] = (
            fact.st_mode,
            fact.st_uid,
            fact.st_gid,
            content,
            fact.st_mtime_ns if content else 0,
        )
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    directory = tmp_path / "a project"
    directory.mkdir()
    (directory / ".git").mkdir()
    (directory / ".env.example").write_text("A=1\n# two\nB=2")
    return directory


@pytest.fixture
def environ(tmp_path: Path, state_home: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(state_home)}


def everything(project: Path) -> Plan:
    return plan(
        WriteFile(f"{project}/.env", "A=1\n", 0o600),
        SetVariable(f"{project}/.env", "B", "two words", "the second"),
        CreateDirectory(f"{project}/data/db/0", 0o700),
        GenerateSecret(f"{project}/secrets/pw.txt", "pw"),
        GenerateSecret(f"{project}/secrets/slack_webhook", "slack_webhook", SecretKind.PLACEHOLDER),
        IssueCertificate(f"{project}/secrets/certs", ("dev.test", "*.dev.test", "localhost")),
        AppendLines(f"{project}/.gitignore", (".env", "/secrets/")),
    )  # fmt: skip


def test_a_plan_makes_everything_once_and_a_second_run_changes_no_byte(project, environ):
    first = apply_plan(everything(project), str(project), environ=environ)
    assert len(first.done) == 7
    before = snapshot(project)
    second = apply_plan(everything(project), str(project), environ=environ)
    assert second.done == ()
    assert snapshot(project) == before
    assert (project / ".env").read_text() == "A=1\n# the second\nB='two words'\n"
    assert stat.S_IMODE((project / "secrets/pw.txt").stat().st_mode) == 0o600
    assert stat.S_IMODE((project / "secrets/certs/key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((project / "data/db/0").stat().st_mode) == 0o700


def test_undo_leaves_the_tree_as_it_was(project, environ):
    before = snapshot(project)
    apply_plan(everything(project), str(project), environ=environ)
    undone = undo(str(project))
    assert undone.kept == ()
    assert snapshot(project) == before


def test_undo_keeps_what_was_changed_since(project, environ):
    apply_plan(everything(project), str(project), environ=environ)
    (project / "secrets/pw.txt").write_text("mine")
    (project / "data/db/0/file").write_text("data")
    undone = undo(str(project))
    assert (project / "secrets/pw.txt").read_text() == "mine"
    assert (project / "data/db/0/file").exists()
    assert not (project / ".env").exists()
    assert "it has changed since" in dict(undone.kept).values()


def test_a_secret_that_exists_is_never_overwritten(project):
    (project / "secrets").mkdir()
    (project / "secrets/pw").write_text("by hand")
    outcome = apply_plan(plan(GenerateSecret(f"{project}/secrets/pw", "pw")), str(project))
    assert outcome.done == ()
    assert (project / "secrets/pw").read_text() == "by hand"


HASHES = {SecretKind.BCRYPT, SecretKind.HTPASSWD}
KEYS = {*SIGNING_KEYS, SecretKind.SSH, SecretKind.PUBLIC_KEY}
"""In PEM: several lines."""


@pytest.mark.parametrize("kind", [kind for kind in SecretKind if kind not in HASHES | KEYS])
def test_a_secret_has_no_character_that_yaml_or_a_shell_bends(project, kind):
    path = project / "secrets" / kind.value
    apply_plan(plan(GenerateSecret(str(path), "smtp_password", kind)), str(project))
    value = path.read_text()
    assert value == value.strip()
    assert not set(value) & set(" \t\n'\"\\$`#{}[]&*!|>%@?;,")
    assert len(value) >= 10


@pytest.mark.parametrize(
    ("target", "words"),
    [
        pytest.param("../evil", "outside the project", id="a path above the project"),
        pytest.param("/etc/bootready-evil", "outside the project", id="an absolute path"),
        pytest.param("link/evil", "a symbolic link", id="a symbolic link on the way"),
        pytest.param("file/evil", "not a directory", id="a file on the way"),
    ],
)
def test_a_write_out_of_the_project_is_refused(project, tmp_path, target, words):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / "link").symlink_to(elsewhere)
    (project / "file").write_text("")
    path = os.path.join(project, target)
    with pytest.raises(ApplyError, match=words):
        apply_plan(plan(GenerateSecret(path, "evil")), str(project))
    assert list(elsewhere.iterdir()) == []
    assert not os.path.exists("/etc/bootready-evil")


def test_an_outside_path_that_was_agreed_to_is_made_and_taken_back(project, tmp_path):
    path = str(tmp_path / "srv" / "data")
    apply_plan(plan(CreateDirectory(path)), str(project), outside=(path,))
    assert os.path.isdir(path)
    undo(str(project))
    assert not os.path.exists(path)


def test_a_linked_state_directory_is_refused(project, tmp_path, state_home):
    (state_home / "bootready").symlink_to(tmp_path)
    with pytest.raises(ApplyError, match="must be a directory"):
        apply_plan(plan(CreateDirectory(f"{project}/data")), str(project))


def test_a_failing_step_says_what_was_done_before(project):
    (project / "file").write_text("")
    steps = plan(CreateDirectory(f"{project}/a"), CreateDirectory(f"{project}/file/b"))
    with pytest.raises(ApplyError) as raised:
        apply_plan(steps, str(project))
    assert [step.id for step in raised.value.done] == [1]
    assert raised.value.step.id == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_directory_that_may_not_be_written_is_named(project):
    project.chmod(0o500)
    with pytest.raises(ApplyError, match="Permission denied"):
        apply_plan(plan(CreateDirectory(f"{project}/a")), str(project))
    project.chmod(0o700)


def test_an_edit_keeps_every_other_byte_mode_and_line_end(project):
    path = project / "compose.yaml"
    path.write_bytes(b"a: 1\r\nb: $X # keep\r\nc: '3'\r\n")
    path.chmod(0o640)
    span = Span(str(path), 2, 4, 2, 6)
    apply_plan(plan(EditFile(str(path), (Edit(span, "$$X"),))), str(project))
    assert path.read_bytes() == b"a: 1\r\nb: $$X # keep\r\nc: '3'\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_permissions_are_set_and_taken_back(project):
    path = project / "secret"
    path.write_text("x")
    path.chmod(0o666)
    apply_plan(plan(SetPermissions(str(path), 0o600)), str(project))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    undo(str(project))
    assert stat.S_IMODE(path.stat().st_mode) == 0o666


def test_networks_are_made_through_the_door_and_taken_back(project):
    made: list[str] = []
    door = EngineDoor(
        network=lambda name, _driver: not made.append(name),
        volume=lambda _name: False,
        pull=lambda _image: False,
    )
    apply_plan(plan(CreateNetwork("k3d")), str(project), engine=door)
    assert made == ["k3d"]
    undone = undo(str(project), remove_network=lambda name: bool(made.remove(name) or True))
    assert undone.removed == ("k3d",)
    assert made == []


@pytest.mark.parametrize(
    ("readers", "mode", "directory"),
    [
        pytest.param((), 0o600, 0o755, id="nobody reads it"),
        pytest.param((Reader("a", 0, (), True),), 0o600, 0o755, id="container root reads all"),
        pytest.param((Reader("a", 65534, ()),), 0o644, 0o700, id="another user, closed directory"),
        pytest.param((Reader("a", None, ()),), 0o644, 0o700, id="a user nobody knows"),
        pytest.param(
            (Reader("a", 65534, (4242,)), Reader("b", 0, (), True)),
            0o640 if os.geteuid() == 0 else 0o644,
            0o755 if os.geteuid() == 0 else 0o700,
            id="a group for it",
        ),
    ],
)
def test_the_readers_of_a_secret_decide_its_mode(project, readers, mode, directory):
    path = project / "secrets" / "pw"
    apply_plan(plan(GenerateSecret(str(path), "pw", readers=readers)), str(project))
    assert oct(stat.S_IMODE(path.stat().st_mode)) == oct(mode)
    assert oct(stat.S_IMODE(path.parent.stat().st_mode)) == oct(directory)


@pytest.mark.parametrize(
    ("uid", "before", "mode"),
    [
        pytest.param(None, 0o755, 0o644, id="a user nobody knows"),
        pytest.param(None, 0o750, 0o644, id="open to a group"),
        pytest.param(None, 0o700, 0o644, id="closed"),
        pytest.param(65534, 0o755, 0o400 if os.geteuid() == 0 else 0o644, id="one user"),
    ],
)
def test_a_directory_that_a_person_made_keeps_its_mode(project, uid, before, mode):
    """A directory of our own is closed for the second secret, where the first did not need it."""
    (project / "secrets").mkdir()
    (project / "secrets").chmod(before)
    path = project / "secrets" / "pw"
    other = project / "more-secrets" / "one"
    readers = (Reader("a", uid, ()),)
    steps = (
        GenerateSecret(str(path), "pw", readers=readers),
        GenerateSecret(str(other), "one"),
        GenerateSecret(f"{other}-more", "two", readers=(Reader("a", None, ()),)),
    )
    apply_plan(plan(*steps), str(project))
    assert oct(stat.S_IMODE(path.stat().st_mode)) == oct(mode)
    assert oct(stat.S_IMODE(path.parent.stat().st_mode)) == oct(before)
    assert oct(stat.S_IMODE(other.parent.stat().st_mode)) == oct(0o700)


def test_certificates_follow_the_names_and_keep_the_key(project, environ):
    certs = project / "certs"
    apply_plan(plan(IssueCertificate(str(certs), ("a.test",))), str(project), environ=environ)
    key = (certs / "key.pem").read_bytes()
    first = (certs / "cert.pem").read_bytes()
    apply_plan(plan(IssueCertificate(str(certs), ("b.test",))), str(project), environ=environ)
    assert (certs / "key.pem").read_bytes() == key
    assert (certs / "cert.pem").read_bytes() != first
    leaf = x509.load_pem_x509_certificate((certs / "cert.pem").read_bytes())
    root = x509.load_pem_x509_certificate((certs / "rootCA.pem").read_bytes())
    leaf.verify_directly_issued_by(root)
    assert sorted(path.name for path in certs.iterdir()) == ["cert.pem", "key.pem", "rootCA.pem"]


def test_a_certificate_of_a_stranger_is_left_as_it_is(project, environ, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    apply_plan(plan(IssueCertificate(f"{other}/c", ("a.test",))), str(other), environ=environ)
    certs = project / "certs"
    certs.mkdir()
    for name in ("cert.pem", "key.pem"):
        (certs / name).write_bytes((other / "c" / name).read_bytes())
    with pytest.raises(ApplyError, match="signed by an authority whose key is not on this machine"):
        apply_plan(plan(IssueCertificate(str(certs), ("b.test",))), str(project), environ=environ)


def test_the_authority_of_mkcert_is_reused(project, environ, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    apply_plan(plan(IssueCertificate(f"{other}/c", ("a.test",))), str(other), environ=environ)
    caroot = Path(state_directory(str(other), environ))
    environ = {**environ, "CAROOT": str(caroot)}
    apply_plan(plan(IssueCertificate(f"{project}/c", ("a.test",))), str(project), environ=environ)
    assert (project / "c/rootCA.pem").read_bytes() == (caroot / "rootCA.pem").read_bytes()
    assert not Path(state_directory(str(project), environ), "rootCA.pem").exists()
