"""Nothing is written outside of the project unless it is asked for, whatever the file says."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bootready.cli import run

COMPOSE = """\
services:
  web:
    image: example.test/web:1
    user: "0"
    secrets: [pw]
    volumes: ["{mount}:/data"]
secrets:
  pw: {{file: "{secret}"}}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    (directory / ".git").mkdir(parents=True)
    return directory


def prepare(shop: Path, *more: str, secret: str = "./pw", mount: str = "./data") -> int:
    (shop / "compose.yaml").write_text(COMPOSE.format(secret=secret, mount=mount))
    return run(["prepare", "-C", str(shop), "--engine", "none", *more])


def outside(shop: Path) -> set[str]:
    return {entry.name for entry in shop.parent.iterdir()} - {"shop", "home"}


@pytest.mark.parametrize(
    ("where", "code"),
    [
        pytest.param({"secret": "../pw"}, 1, id="a secret above the project"),
        pytest.param({"secret": "./a/../../pw"}, 1, id="a secret above it, in disguise"),
        pytest.param({"mount": "../data"}, 0, id="a directory above the project"),
        pytest.param({"mount": "{}/elsewhere/data"}, 0, id="an absolute path"),
    ],
)
def test_a_path_outside_is_left_and_shown_until_it_is_asked_for(shop, where, code, capsys):
    """A failure only where the boot needs it: the engine makes the directory of a bind mount."""
    where = {key: value.format(shop.parent) for key, value in where.items()}
    assert prepare(shop, **where) == code
    assert "is outside the project; --outside creates it" in capsys.readouterr().err
    assert outside(shop) == set()
    assert prepare(shop, "--outside", **where) == 0
    assert len(outside(shop)) == 1
    assert run(["undo", "-C", str(shop)]) == 0
    assert outside(shop) == set()


def test_a_link_in_the_way_is_not_followed(shop, tmp_path, capsys):
    (tmp_path / "elsewhere").mkdir()
    (shop / "secrets").symlink_to(tmp_path / "elsewhere")
    assert prepare(shop, secret="./secrets/pw") == 1
    assert "is a symbolic link; nothing is written through it" in capsys.readouterr().err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_that_leads_nowhere_is_left_alone(shop, tmp_path):
    (shop / "pw").symlink_to(tmp_path / "gone")
    prepare(shop, secret="./pw")
    assert not (tmp_path / "gone").exists()
    assert (shop / "pw").is_symlink()


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR])
def test_a_device_in_place_of_a_secret_is_left_alone(shop, kind):
    if kind == stat.S_IFCHR and os.geteuid() != 0:
        pytest.skip("needs root to make a device")
    os.mknod(shop / "pw", kind | 0o600, os.makedev(1, 3))
    before = (shop / "pw").lstat()
    assert prepare(shop, secret="./pw") == 0
    after = (shop / "pw").lstat()
    assert (after.st_mode, after.st_ino, after.st_ctime_ns) == (
        before.st_mode,
        before.st_ino,
        before.st_ctime_ns,
    )


def test_an_env_file_that_is_a_link_out_of_the_project_is_not_appended_to(shop, tmp_path, capsys):
    (tmp_path / "other.env").write_text("A=1\n")
    (shop / ".env").symlink_to(tmp_path / "other.env")
    (shop / ".env.example").write_text("TAG=2\n")
    text = COMPOSE.format(secret="./pw", mount="./data").replace("web:1", "web:${TAG:-1}")
    (shop / "compose.yaml").write_text(text)
    run(["prepare", "-C", str(shop), "--engine", "none"])
    assert (tmp_path / "other.env").read_text() == "A=1\n"


@pytest.mark.parametrize(
    ("example", "made"), [("app.example.conf", "app.conf"), (".env.example", ".env")]
)
def test_an_example_that_is_a_link_out_of_the_project_is_not_copied(shop, tmp_path, example, made):
    """Else a clone could have the person's own files written into it, for everybody to read."""
    (tmp_path / "private").write_text("KEY=of-the-person\n")
    (shop / example).symlink_to("../private")
    (shop / "compose.yaml").write_text(
        "services: {web: {image: 'example.test/web:1', environment: {KEY: '${KEY}'},"
        " volumes: ['./app.conf:/etc/app.conf:ro']}}\n"
    )
    run(["prepare", "-C", str(shop), "--engine", "none", "--yes"])
    assert not (shop / made).exists() or "of-the-person" not in (shop / made).read_text()
    (shop / example).unlink()
    (shop / example).write_text("KEY=of-the-project\n")
    run(["prepare", "-C", str(shop), "--engine", "none", "--yes"])
    assert (shop / made).read_text().startswith("KEY=of-the-project")
