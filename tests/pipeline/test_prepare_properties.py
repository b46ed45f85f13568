"""For any project: preparing twice is preparing once, and undoing leaves the tree as it was."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bootready import pipeline
from bootready.cli import run
from bootready.model.node import plain
from bootready.model.request import Request

NAMES = st.sampled_from(["db", "web", "api_key", "cache", "fernet_key", "smtp_password", "a-b"])
PATHS = st.sampled_from(
    ["./data", "./data/db", "./secrets/x", "deep/er/still", "./with space/d", "secrets/certs"]
)
MODES = st.sampled_from([0o755, 0o700, 0o750, 0o775])


@st.composite
def services(draw):
    name = draw(NAMES)
    service = {"image": draw(st.sampled_from(["postgres:16", "grafana/grafana:1", "own:1"]))}
    if draw(st.booleans()):
        service["user"] = draw(st.sampled_from(["0", "1000:1000", "65534"]))
    if draw(st.booleans()):
        service["group_add"] = ["4242"]
    volumes = draw(st.lists(PATHS, max_size=2, unique=True))
    service["volumes"] = [
        {"type": "bind", "source": source, "target": f"/m{index}"}
        for index, source in enumerate(volumes)
    ]
    variable = draw(st.sampled_from(["${TAG}", "${DB_PASSWORD:?no}", "${PORT:-80}", "plain"]))
    service["environment"] = {"VALUE": variable, "OTHER": "$$kept"}
    if draw(st.booleans()):
        service["healthcheck"] = {"test": draw(st.sampled_from([["curl", "x"], "echo $OTHER"]))}
    return name, service


@st.composite
def projects(draw):
    """A Compose file, an example of an env file or none, directories that are there already."""
    chosen = dict(draw(st.lists(services(), min_size=1, max_size=3, unique_by=lambda s: s[0])))
    secrets = {}
    for name in draw(st.lists(NAMES, max_size=3, unique=True)):
        where = draw(st.sampled_from(["./secrets", "./conf", ".", "./secrets/in/side"]))
        secrets[name] = {"file": f"{where}/{name}.txt"}
        for service in chosen.values():
            if draw(st.booleans()):
                service.setdefault("secrets", []).append(name)
    model = {"services": chosen, **({"secrets": secrets} if secrets else {})}
    if draw(st.booleans()):
        model = {"version": "3", **model}
    example = draw(st.sampled_from([None, "", "TAG=1\n", "# a\nTAG=1\nPORT=2\nDB_PASSWORD=\n"]))
    present = draw(st.lists(st.tuples(PATHS, MODES), max_size=2, unique_by=lambda p: p[0]))
    env = draw(st.sampled_from([None, "PORT=1\n", "PORT=1\nTAG=x"]))
    return yaml.safe_dump(model, sort_keys=False), example, present, env


def written(parts, directory: Path) -> Path:
    text, example, present, env = parts
    (directory / ".git").mkdir()
    (directory / "compose.yaml").write_text(text)
    for name, content in ((".env.example", example), (".env", env)):
        if content is not None:
            (directory / name).write_text(content)
    for path, mode in present:
        (directory / path).mkdir(parents=True, exist_ok=True)
        (directory / path).chmod(mode)
    return directory


def tree(directory: Path, *, times: bool) -> dict[str, tuple]:
    found = {}
    for path in sorted(directory.rglob("*")):
        fact = path.lstat()
        name = str(path.relative_to(directory))
        content = path.read_bytes() if path.is_file() else b""
        stamp = fact.st_mtime_ns if times else 0
        found[name] = (fact.st_mode, fact.st_uid, fact.st_gid, content, stamp)
    return found


def bootready(*arguments: str) -> int:
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        return run(list(arguments))


SETTINGS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CAROOT", raising=False)


@SETTINGS
@given(projects())
def test_preparing_twice_is_preparing_once_and_undo_leaves_nothing(parts):
    with tempfile.TemporaryDirectory() as name:
        directory = written(parts, Path(name))
        before = tree(directory, times=False)
        assert bootready("prepare", "-C", name, "--engine", "none") == 0
        once = tree(directory, times=True)
        assert bootready("prepare", "-C", name, "--engine", "none", "--detailed-exit-code") == 0
        assert tree(directory, times=True) == once
        assert bootready("undo", "-C", name) == 0
        assert tree(directory, times=False) == before


@SETTINGS
@given(projects(), st.booleans())
def test_a_second_fix_is_empty_and_the_first_changes_only_what_it_is_meant_to(parts, unsafe):
    """Meant: `version`, healthchecks and what a doubled dollar stands in."""
    more = ("--unsafe",) if unsafe else ()
    with tempfile.TemporaryDirectory() as name:
        directory = written(parts, Path(name))
        request = Request(directory=name)
        before = plain(pipeline.load(request, {}).model)
        assert bootready("fix", "-C", name, "--apply", *more) == 0
        once = tree(directory, times=True)
        assert bootready("fix", "-C", name, "--detailed-exit-code", *more) == 0
        assert tree(directory, times=True) == once
        after = plain(pipeline.load(request, {}).model)
        for model in (before, after):
            for service in model["services"].values():
                service.pop("healthcheck", None)
        assert after == before
