"""Every program that the core stack calls is in the image it is called in; no engine is asked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

import bootready
from bootready.knowledge.images.known import known_image
from documents_support import ROOT

SHELLS = {"sh", "bash", "/bin/sh", "/bin/bash"}
BUILTINS = frozenset(
    """
    : . [[ cd command continue eval exit export local printf read return set shift trap type ulimit
    umask unset wait echo case esac for in break QUOTED VALUE
    """.split()  # noqa: SIM905 - as a shell has them
)
BEFORE = frozenset("if then elif else do while until ! exec { } ( ) fi done time".split())  # noqa: SIM905 - words of a shell
CLUSTER = "infra/04-data/postgresql-cluster/cluster.py"


class Call(NamedTuple):
    """A program that is called in an image, and where that is written."""

    where: str
    program: str


def of_shell(text: str, where: str) -> Iterator[Call]:
    """Yield the words of a shell script that stand where a command does, but for its own."""
    lines = ["" if line.lstrip().startswith("#") else line for line in text.splitlines()]
    functions = set(re.findall(r"^\s*(\w+)\(\)", text, re.MULTILINE))
    # What a here-document holds is the input of a program.
    text = re.sub(r"<<-?'?(\w+)'?(.*?)\n\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"\d?[<>]+&?\s*[\w./-]+", "", text)
    text = re.sub(r"(?m)(?:^|(?<=\s))#.*$", "", text)
    inner = re.findall(r"\$\(([^()]+)\)", text)
    text = re.sub(r"\$\([^()]+\)", "VALUE", text)
    text = re.sub(r"'[^']*'|\"(?:\\.|[^\"\\])*\"", "QUOTED", text).replace("\\\n", " ")
    for line in [text, *inner]:
        for part in re.split(r"\n|;|&&|\|\||\||(?<=[\s])&(?=\s|$)", line):
            words = part.split()
            while words and (words[0] in BEFORE or re.match(r"\w+=|\d?[<>]", words[0])):
                words.pop(0)
            own = functions | BUILTINS
            if words and re.fullmatch(r"[\w./-]+|\[", words[0]) and words[0] not in own:
                yield Call(_with_line(where, words[0], lines), words[0])


def _with_line(where: str, word: str, lines: list[str]) -> str:
    found = rf"(?<![\w./-]){re.escape(word)}(?![\w-])"
    number = next((n for n, line in enumerate(lines, 1) if re.search(found, line)), 1)
    return where if ":" in where else f"{where}:{number}"


def of_words(words: list[str], where: str, mounted: dict[str, Path]) -> Iterator[Call]:
    """Yield what a command of separate words calls, in scripts that it hands to a shell too."""
    if not words:
        return
    yield Call(where, words[0])
    if words[0] in SHELLS and len(words) > 1:
        if words[1] == "-c":
            yield from of_shell(words[2].replace("$$", "$"), where)
        elif words[1] in mounted:
            path = mounted[words[1]]
            yield from of_shell(path.read_text(), str(path.relative_to(ROOT)))
        else:
            yield Call(where, words[1])


def calls_of(service: dict[str, object], where: str) -> Iterator[Call]:
    """Yield every program that a service as written calls in its image."""
    binds = [one for one in service.get("volumes", []) if str(one["source"]).startswith("./infra")]
    mounted = {one["target"]: ROOT / one["source"] for one in binds}
    for target, path in list(mounted.items()):
        if path.is_dir():
            mounted |= {f"{target}/{one.name}": one for one in path.iterdir()}
    yield from of_words(service.get("entrypoint") or [], where, mounted)
    if service.get("entrypoint"):
        yield from of_words(service.get("command") or [], where, mounted)
    for proof in service.get("x-bootready", {}).get("verify", ()):
        yield from of_words(proof.get("exec") or [], where, mounted)
    match (service.get("healthcheck") or {}).get("test"):
        case ["CMD", *words]:
            yield from of_words(words, where, mounted)
        case ["CMD-SHELL", line]:
            yield from of_words(["sh", "-c", line], where, mounted)


def of_cluster(text: str, member: str = "") -> Iterator[Call]:
    """Yield what cluster.py calls inside a node: tuples of words, and arguments of `_inside`; or
    what it calls inside the service that it names as `member`.
    """
    for node in ast.walk(ast.parse(text)):
        words: list[ast.expr] = []
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_inside", "_exec"}:
            words = node.args[1:2]
            if getattr(node.args[0], "value", "") != member:
                continue
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and not member:
            option = getattr(node.elts[1], "value", "")
            words = node.elts[:1] if str(option).startswith("-") else []
        for word in words:
            said = getattr(word, "value", None)
            if isinstance(said, str) and re.fullmatch(r"[a-z][\w]+", said):
                yield Call(f"{CLUSTER}:{word.lineno}", said)


def written() -> dict[str, tuple[dict[str, object], str]]:
    found = {}
    for path in sorted(ROOT.glob("infra/**/docker-compose*.y*ml")):
        for name, service in (yaml.safe_load(path.read_text()).get("services") or {}).items():
            line = path.read_text().splitlines().index(f"  {name}:") + 1
            found[name] = (service, f"{path.relative_to(ROOT)}:{line}")
    return found


STACK = bootready.load(ROOT, env_files=[ROOT / ".env.example"], environ={})
SERVICES = written()


@pytest.mark.parametrize("name", SERVICES)
def test_every_program_is_in_its_image(name):
    service, where = SERVICES[name]
    image = known_image(STACK.service(name).image)
    assert image, f"{where}: nothing is known of {STACK.service(name).image}"
    calls = list(calls_of(service, where))
    assert calls
    assert [call for call in calls if not image.has(call.program)] == []


def test_cluster_py_calls_only_what_a_node_has():
    node = known_image(STACK.service("patroni1").image)
    calls = list(of_cluster((ROOT / CLUSTER).read_text()))
    assert {"psql", "pg_dump", "pg_restore", "curl"} <= {call.program for call in calls}
    assert [call for call in calls if not node.has(call.program)] == []
    etcd = known_image(STACK.service("etcd1").image)
    calls = list(of_cluster((ROOT / CLUSTER).read_text(), "etcd1"))
    assert {call.program for call in calls} == {"etcdctl"}
    assert etcd.has("etcdctl")


@pytest.mark.parametrize(
    ("script", "called"),
    [
        ("set -eu\nx=$(dropdb app)\nexec psql -c 'rm x'\n", {"dropdb", "psql"}),
        ("printf x > /tmp/a\nserver /tmp/a 2>&1 | sed -n 1p\n", {"server", "sed"}),
        ("if ! curl -f x | jq .; then exit 1; fi", {"curl", "jq"}),
        ("f() {\n  cat a\n}\nf # wget\nA=1 psql <<'SQL'\nSELECT 1;\nSQL\n", {"cat", "psql"}),
    ],
)
def test_words_of_a_script(script, called):
    found = {call.program for call in of_shell(script, "x")}
    assert found == called


def test_a_call_says_where_it_is_written():
    calls = of_shell("set -e\n# dropdb\nx=$(dropdb app)\n", "restore.sh")
    assert [call.where for call in calls] == ["restore.sh:3"]


def test_what_an_image_lacks_is_found():
    """The restore of old called dropdb, which Spilo removes; etcd's image has no shell."""
    node = known_image("ghcr.io/zalando/spilo-17:4.0-p2")
    assert [
        one.program for one in of_cluster("_inside(n, 'dropdb', 'a')") if not node.has("dropdb")
    ]
    assert not known_image("quay.io/coreos/etcd:v3.5.16").has("/bin/sh")
