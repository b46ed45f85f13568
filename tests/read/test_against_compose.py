"""Compose itself is asked: what bootready reads, it must read alike, and refuse alike.

Hypothesis builds scalars, documents, env files and templates; a fixed number in the suite.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bootready.errors import ProjectError
from bootready.model.node import plain
from bootready.read.dotenv import read_dotenv
from bootready.read.template import fill
from bootready.read.yaml import read_yaml
from engine_support import require_compose

pytestmark = pytest.mark.compose
EXAMPLES = int(os.environ.get("BOOTREADY_FUZZ", "25"))
SERVICES = "services: {a: {image: x}}\n"
asked = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES <= 25,
    suppress_health_check=list(HealthCheck),
)

NUMBERS = st.from_regex(r"\A[-+]?(0[xXoObB]?|\.)?[0-9_abef.eE+-]{0,6}\Z")
DATES = st.from_regex(
    r"\A(2024|0000)-[01]?[0-9]-[0-3]?[0-9]([Tt ][0-2]?[0-9]:[0-6]?[0-9]:[0-6]?[0-9](\.[0-9]{1,10})?"
    r"(Z|[+-]0[0-9]:30)?)?\Z"
)
WORDS = st.sampled_from(
    r"""yes No TRUE tRue Null ~ nuLL -.nan2 = << on 12:30 @a a#b 'it''s' [a,] {a} &a *a ! !!str
    !!int !!null !!bool !foo | > "\'" "\/" '' "" a: -""".split()  # noqa: SIM905 - reads as a table
)
SCALARS = st.one_of(NUMBERS, DATES, WORDS)
TAGS = st.sampled_from(["", "", "", "", "!!int ", "!!float ", "!!bool ", "!!str ", "!!timestamp "])
KEYS = st.sampled_from(["a", "b", "c", "'d'", "<<", "1", "true", "? e", "*k", "&m f", "a b"])


@st.composite
def values(draw: st.DrawFn, indent: int = 0) -> str:
    """Return a value in block or flow style, not always a valid one."""
    if indent > 6 or draw(st.integers(0, 9)) < 5:
        return " " + draw(TAGS) + draw(SCALARS)
    pad = "\n" + " " * (indent + 2)
    anchor = draw(st.sampled_from(["", "", "", " &k", " &m"]))
    if draw(st.booleans()):
        items = draw(st.lists(values(indent + 2), min_size=1, max_size=3))
        return anchor + "".join(f"{pad}-{item}" for item in items)
    entries = draw(st.lists(st.tuples(KEYS, values(indent + 2)), min_size=1, max_size=3))
    return anchor + "".join(f"{pad}{key}:{value}" for key, value in entries)


def ask(files: dict[str, str], *options: str) -> dict[str, object] | None:
    """Return the extensions of the model that Compose makes of `files`; None where it refuses."""
    compose = require_compose(5)
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "SHELL_ONLY": "shell"}
    with tempfile.TemporaryDirectory() as directory:
        for name, text in files.items():
            Path(directory, name).write_bytes(text.encode())
        done = subprocess.run(
            [*compose.command, "config", "--format", "json", *options],
            cwd=directory,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    if done.returncode != 0:
        return None
    model = json.loads(done.stdout)
    return {key: value for key, value in model.items() if key.startswith("x-")}


def read(text: str) -> dict[str, object] | None:
    """Return the extensions that bootready reads in `text`; None where it refuses."""
    try:
        documents = read_yaml(text, "/p/compose.yaml")
    except ProjectError:
        return None
    found: dict[str, object] = {}
    for document in documents:
        value = plain(document)
        if not isinstance(value, dict):
            return None
        found.update({key: item for key, item in value.items() if key.startswith("x-")})
    # Infinity and the like are read by Compose's parser, and its output then fails.
    return found if all(map(isfinite, floats(found))) else None


def floats(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in floats(item)]
    if isinstance(value, list):
        return [number for item in value for number in floats(item)]
    return [value] if isinstance(value, float) else []


@asked
@given(st.lists(st.tuples(TAGS, SCALARS).map("".join), min_size=1, max_size=6))
def test_scalars(texts: list[str]) -> None:
    text = SERVICES + "".join(f"x-{n}: [{item}]\n" for n, item in enumerate(texts))
    assert read(text) == ask({"compose.yaml": text}, "--no-interpolate")


@asked
@given(st.lists(values(), min_size=1, max_size=3))
def test_documents(found: list[str]) -> None:
    text = SERVICES + "x-k: &k v\nx-m: &m {z: 1}\n"
    text += "".join(f"x-{n}:{value}\n" for n, value in enumerate(found))
    assert read(text) == ask({"compose.yaml": text}, "--no-interpolate")


LINES = st.one_of(
    st.from_regex(
        r"\A(export )?[ABC][ ]?[=:][ ]?([\"'])?[a-c1 #$\\{}n:\-?+ABC\"']{0,9}([\"'])?( #x)?\Z"
    ),
    st.sampled_from(["# c", "", "A", "SHELL_ONLY", "B=$A", "C=${B:-x}", 'A="x\ny"', "A B=1"]),
)


@asked
@given(st.lists(LINES, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_env_files(lines: list[str], end: str) -> None:
    text = "".join(line + end for line in lines)
    compose = SERVICES + "x-v: {A: '${A-un}', B: '${B-un}', C: '${C-un}'}\n"
    answer = ask({"compose.yaml": compose, ".env": text})
    try:
        found = read_dotenv(text, "/p/.env", {"SHELL_ONLY": "shell"}.get)
    except ProjectError:
        assert answer is None
        return
    assert answer is not None
    want = {key: str(value).replace("$$", "$") for key, value in dict(answer["x-v"]).items()}  # type: ignore[call-overload]  # a mapping
    assert {name: found[name].value if name in found else "un" for name in "ABC"} == want


@asked
@given(st.from_regex(r"\A([a-c ]|\$|\$\$|\{|\}|\$\{|SET|NO|:-|:\?|[-?+:]|\n){0,10}\Z"))
def test_templates(template: str) -> None:
    text = SERVICES + f"x-v: {json.dumps('<' + template + '>')}\n"
    answer = ask({"compose.yaml": text, ".env": "SET=set\nEMPTY=\n"})
    filled = fill(f"<{template}>", {"SET": "set", "EMPTY": ""}.get)
    if filled.faults:
        assert answer is None
    else:
        assert answer is not None
        assert filled.text == str(answer["x-v"]).replace("$$", "$")
