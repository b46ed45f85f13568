"""For any project: `fix`, `prepare` and both in either order break nothing, empty nothing, and are
done after one run.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bootready import pipeline
from bootready.cli import run
from bootready.errors import ProjectError
from bootready.model.node import plain
from bootready.model.request import Request

NAMES = ["TAG", "PORT", "LOG_DIR", "DB_HOST", "DB_PASSWORD"]
VALUES = {"TAG": "1", "PORT": "80", "LOG_DIR": "./logs", "DB_HOST": "db", "DB_PASSWORD": "c0rr3ct"}
USES = ["${%s}", "${%s:-1}", "${%s-2}", "${%s:?needed}", "x${%s:+y}", "http://u@${%s}/"]
ORDERS = [("fix",), ("prepare",), ("fix", "prepare"), ("prepare", "fix")]


@st.composite
def env_texts(draw):
    """An env file or an example of one: values, empty values, comments, and uses of each other."""
    lines = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4)):
        form = draw(st.sampled_from(["{0}={1}", "{0}=", "# {0}={1}", "export {0}='{1}'"]))
        lines.append(form.format(name, VALUES[name]))
    if draw(st.booleans()):
        lines.append("URL=http://${DB_HOST}:${PORT}/")
    return "\n".join(lines) + draw(st.sampled_from(["\n", ""]))


@st.composite
def services(draw):
    service = {"image": "postgres:17"}
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    service["environment"] = {f"V_{one}": draw(st.sampled_from(USES)) % one for one in names}
    if draw(st.booleans()):
        service["environment"]["V_SECRET"] = draw(st.sampled_from(["replace-me", "<secret>"]))
        service["build"] = {"context": ".", "args": {"B_TOKEN": "changeme"}}
    if draw(st.booleans()):
        service["ports"] = [draw(st.sampled_from(["${PORT}:80", "${PORT-81}:81", "82:82"]))]
    if draw(st.booleans()):
        service["volumes"] = [draw(st.sampled_from(["${LOG_DIR:-./l}:/l", "./data:/data"]))]
    if draw(st.booleans()):
        service["env_file"] = ["conf/app.env"]
    if draw(st.booleans()):
        word = draw(st.sampled_from(["$V_TAG", "$PORT", "a"]))
        service["healthcheck"] = {"test": draw(st.sampled_from([word, ["CMD-SHELL", word]]))}
    return service


@st.composite
def projects(draw):
    """Files by name: a root, perhaps an included file with an env file, env files and examples."""
    root = {"services": {"web": draw(services())}}
    files = {}
    if draw(st.booleans()):
        root = {"version": "3", **root}
    if draw(st.booleans()):
        included = {"services": {"db": draw(services())}}
        secrets = draw(st.lists(st.sampled_from(["pw", "key"]), unique=True, max_size=2))
        if secrets:
            root["secrets"] = {one: {"file": f"./{one}.txt"} for one in secrets}
            included["secrets"] = {one: {"external": True} for one in secrets}
            included["services"]["db"]["secrets"] = secrets
            root["services"]["web"]["secrets"] = secrets
        entry = {"path": "sub/compose.yaml"}
        if draw(st.booleans()):
            entry["env_file"] = "sub/defaults.env"
            files["sub/defaults.env"] = draw(env_texts())
        root["include"] = [entry]
        files["sub/compose.yaml"] = yaml.safe_dump(included, sort_keys=False)
    files["compose.yaml"] = yaml.safe_dump(root, sort_keys=False)
    for name in (".env.example", ".env", "conf/app.env", "conf/app.env.example"):
        if draw(st.booleans()):
            files[name] = draw(env_texts())
    return files


def resolved(directory: Path):
    """The model, None where Compose refuses the project, and whether Compose 2 takes it."""
    try:
        project = pipeline.load(Request(directory=str(directory)), {})
    except ProjectError:
        return None, False
    model = None if project.problems else plain(project.model)
    return model, model is not None and not project.refused_by_v2


def leaves(value, path=()):
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in pairs:
            yield from leaves(below, (*path, key))
    else:
        yield path, value


def tree(directory: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(directory)): path.read_bytes() if path.is_file() else None
        for path in directory.rglob("*")
    }


def bootready(verb: str, directory: Path) -> None:
    more = ["--apply"] if verb == "fix" else ["--engine", "none"]
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        assert run([verb, "-C", str(directory), *more]) in {0, 2}


def judge(verb: str, before, after) -> None:
    """What loaded loads; `fix` changes what its findings are about, `prepare` empties nothing."""
    (old, old_by_v2), (new, new_by_v2) = before, after
    assert new_by_v2 or not old_by_v2
    if old is None:
        return
    assert new is not None
    found = dict(leaves(new))
    for path, value in leaves(old):
        if verb == "fix":
            meant = path[0] in {"version", "secrets"} or path[2:3] == ("healthcheck",)
            assert meant or found.get(path) == value
        elif value not in {"", None}:
            assert found.get(path) not in {"", None}


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CAROOT", raising=False)


MORE = int(os.environ.get("BOOTREADY_HARMLESS_EXAMPLES", "0"))
"""Examples of a longer run, which are other ones each time."""


@settings(
    max_examples=MORE or 25,
    derandomize=not MORE,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(projects(), st.sampled_from(ORDERS))
def test_nothing_gets_worse_and_a_second_run_changes_nothing(files, order):
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name, "project")
        for path, text in files.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text)
        before = resolved(directory)
        for verb in order:
            bootready(verb, directory)
            after = resolved(directory)
            judge(verb, before, after)
            before = after
        if order == ("prepare", "fix"):
            bootready("prepare", directory)  # sets the variables that `fix` made of placeholders
        once = tree(directory)
        for verb in order:
            bootready(verb, directory)
        assert tree(directory) == once
