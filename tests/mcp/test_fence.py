"""Whatever a project names outside, no answer tells whether it is there, or what it is."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bootready.errors import ProjectError
from bootready.fence import fenced, is_outside
from bootready.host.regular import read_regular
from bootready.mcp.confined import Confined
from bootready.mcp.server import answer
from bootready.read.source import OUTSIDE, read_bytes

TARGETS: dict[str, Callable[[Path], object]] = {
    "absent": lambda path: None,
    "a file": lambda path: path.write_text("TOKEN=abc\nservices: {b: {image: x}}\n"),
    "a directory": lambda path: (path / "compose.yaml").mkdir(parents=True),
    "a link to a program": lambda path: path.symlink_to("/bin/sh"),
}
"""What may be at the path that the project names."""
SERVICE = "services: {{a: {{image: x, {}}}}}"
READ = {
    "compose.yaml": {
        "env_file": SERVICE.format("env_file: [{p}]"),
        "env_file that may be absent": SERVICE.format("env_file: [{path: {p}, required: false}]"),
        "env_fil": SERVICE.format("env_fil: [{p}]"),
        "label_file": SERVICE.format("label_file: [{p}]"),
        "extends": SERVICE.format("extends: {file: {p}, service: b}"),
        "extends of a file below it": SERVICE.format(
            "extends: {file: {p}/compose.yaml, service: b}"
        ),
        "include": "include: [{p}]",
        "env_file of an include": "include: [{path: other.yaml, env_file: {p}}]",
        "project_directory": "include: [{path: other.yaml, project_directory: {p}}]",
        "a link": SERVICE.format("env_file: [link]"),
        "a way out and in": SERVICE.format("env_file: [{p}/../../shop/other.yaml]"),
    },
    ".env": {"COMPOSE_FILE": "COMPOSE_FILE={p}", "COMPOSE_ENV_FILES": "COMPOSE_ENV_FILES={p}"},
}
"""Files of the project with something that is read while it is loaded; the path is `{p}`."""
EVERYTHING = """\
services:
  a:
    build: {{context: {p}, dockerfile: {p}/Dockerfile, additional_contexts: {{more: {p}}}}}
    volumes: ["{p}:/data", "./mine:/mine", {{type: bind, source: {p}, target: /etc/b.conf}}]
    devices: ["{p}:/dev/x"]
    security_opt: ["seccomp={p}", "apparmor={p}"]
    entrypoint: [/data/run.sh]
    healthcheck: {{test: [CMD, /data/probe.sh]}}
    secrets: [pw, tls]
    configs: [settings]
    develop: {{watch: [{{path: {p}, action: rebuild}}]}}
    credential_spec: {{file: "{p}"}}
    environment: {{DATA_DIR: "{p}", DB_HOST: "unix://{p}"}}
    tmpfs: ["{p}"]
    working_dir: {p}
  b: {{build: {p}, env_file: [own.env], volumes: ["./link:/l", "./link/x:/x"]}}
  c: {{image: x, volumes_from: [a], provider: {{type: "{p}"}}}}
secrets: {{pw: {{file: {p}}}, tls: {{file: {p}/key.pem}}}}
configs: {{settings: {{file: {p}}}}}
volumes: {{v: {{driver_opts: {{type: none, o: bind, device: {p}}}}}}}
"""
"""Every attribute that takes a path and is not read to load the project."""
TOOLS = [
    ("check", {}),
    ("explain", {"what": "services.a"}),
    ("explain", {"what": "a"}),
    ("plan", {"verb": "prepare"}),
    ("plan", {"verb": "fix", "unsafe": True}),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    place = tmp_path / "shop"
    place.mkdir()
    (place / "compose.yaml").write_text("services: {a: {image: x}}\n")
    (place / "other.yaml").write_text("services: {b: {image: x}}\n")
    (place / "own.env").write_text("A=1\n")
    (place / "link").symlink_to(tmp_path / "far" / "x")
    (place / "bootready.toml").symlink_to(tmp_path / "far" / "x")
    (place / ".git").write_text(f"gitdir: {tmp_path}/far/x\n")
    (place / ".gitignore").symlink_to(tmp_path / "far" / "x")
    (tmp_path / "far").mkdir()
    return place


def answers(shop: Path, tools: list[tuple[str, dict[str, object]]]) -> dict[str, list[str]]:
    """Return what the tools answer for each of the targets."""
    far, found = shop.parent / "far" / "x", {}
    for name, make in TARGETS.items():
        make(far)
        confined = Confined((str(shop.resolve()),), dict(os.environ), engine=False)
        said = [answer(confined, tool, arguments) for tool, arguments in tools]
        found[name] = [
            json.dumps(one.structured_content) + "".join(map(str, one.content)) for one in said
        ]
        assert not any("internal error" in one for one in found[name])
        far.unlink() if far.is_symlink() or far.is_file() else shutil.rmtree(far, True)
    return found


def test_no_answer_tells_what_is_there(shop):
    (shop / "compose.yaml").write_text(EVERYTHING.format(p=shop.parent / "far" / "x"))
    found = answers(shop, TOOLS)
    assert '"findings"' in found["absent"][0]
    assert '"checks": 1' in found["absent"][0]
    assert '"steps": []' not in found["absent"][3]
    for name, told in found.items():
        assert told == found["absent"], name


@pytest.mark.parametrize(
    ("file", "case"), [(file, case) for file, cases in READ.items() for case in cases]
)
def test_no_refusal_tells_what_is_there(shop, file, case):
    far = str(shop.parent / "far" / "x")
    (shop / file).write_text(READ[file][case].replace("{p}", far) + "\n")
    found = answers(shop, TOOLS[4:] if case == "env_fil" else TOOLS[:1])
    for name, told in found.items():
        assert told == found["absent"], name


def test_a_way_that_leaves_is_not_walked(tmp_path):
    """Not even a link outside is asked where it leads."""
    inside = tmp_path / "in"
    (inside / "below").mkdir(parents=True)
    (inside / "file").touch()
    (inside / "near").symlink_to("file")
    (inside / "up").symlink_to("../in/below/../file")
    (inside / "loop").symlink_to("loop")
    (inside / "far").symlink_to(tmp_path / "out" / ".." / "in" / "file")
    with fenced([str(inside.resolve())]):
        near = [inside, inside / "near", inside / "up", inside / "absent" / "x"]
        assert [is_outside(str(one)) for one in near] == [False] * len(near)
        away = [tmp_path, inside / "loop", inside / "far", Path("/"), inside / ".." / "in2"]
        assert [is_outside(str(one)) for one in away] == [True] * len(away)
    assert not is_outside("/")


def test_a_link_that_is_exchanged_before_the_opening_is_not_read(tmp_path, monkeypatch):
    """Whatever was found of the path, what was opened counts."""
    inside, away, own = tmp_path / "in", tmp_path / "away", tmp_path / "in" / "own"
    inside.mkdir()
    own.write_text("own")
    away.write_text("secret")
    (inside / "link").symlink_to(own)

    def exchanged(path: str) -> bool:
        (inside / "link").unlink()
        (inside / "link").symlink_to(away)
        return False

    with fenced([str(inside.resolve())]):
        assert read_regular(str(inside / "link"), 100) == b"own"
        assert read_bytes(str(inside / "link")) == b"own"
        monkeypatch.setattr("bootready.host.regular.is_outside", exchanged)
        monkeypatch.setattr("bootready.read.source.is_outside", exchanged)
        with pytest.raises(PermissionError, match="outside the directories"):
            read_regular(str(inside / "link"), 100)
        with pytest.raises(ProjectError) as raised:
            read_bytes(str(inside / "link"))
    assert [one.kind for one in raised.value.problems] == [OUTSIDE]
    assert read_regular(str(inside / "link"), 100) == b"secret"
