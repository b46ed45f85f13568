"""Variables are replaced as Compose replaces them, each use located, every fault gathered."""

from __future__ import annotations

import pytest

from bootready.model.node import Node, plain
from bootready.read.template import fill
from bootready.read.yaml import read_yaml
from bootready.resolve.expand.interpolate import Interpolated, interpolate

VALUES = {"A": "a", "EMPTY": "", "N": "3"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$A-${A}", "a-a"),
        ("$$A $1 $ $(x)", "$A $1 $ $(x)"),
        ("${A:-x}${EMPTY:-x}${NO:-x}", "axx"),
        ("${A-x}${EMPTY-x}${NO-x}", "ax"),
        ("${A:+x}${EMPTY:+x}${NO:+x}", "x"),
        ("${A+x}${EMPTY+x}${NO+x}", "xx"),
        ("${A:?x}${EMPTY?x}", "a"),
        ("${NO:-${NO2:-${A}}}b", "ab"),
        ("${NO:-{x}}", "{x}"),
        ("${NO:-a:b}/${NO:-}", "a:b/"),
        ("${NO:-x} and ${NO:-y}", "x and y"),
        ("${NO:-$$x}", "$x"),
    ],
)
def test_forms(template: str, text: str) -> None:
    filled = fill(template, VALUES.get)
    assert (filled.text, filled.faults) == (text, ())


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("${", "interpolation-syntax"),
        ("${}", "interpolation-syntax"),
        ("${A", "interpolation-syntax"),
        ("${A B}", "interpolation-syntax"),
        ("${A!x}", "interpolation-syntax"),
        ("${1}", "interpolation-syntax"),
        ("${A:-x\ny}", "interpolation-syntax"),
        ("${NO:?why}", "required-variable-unset"),
        ("${EMPTY:?}", "required-variable-unset"),
        ("${NO:-${NO2?x}}", "required-variable-unset"),
    ],
)
def test_faults(template: str, kind: str) -> None:
    assert [fault.kind for fault in fill(template, VALUES.get).faults] == [kind]


def test_a_default_that_is_not_taken_has_no_faults() -> None:
    assert fill("${A:-${NO:?x}}", VALUES.get).faults == ()


def run(text: str) -> Interpolated:
    (node,) = read_yaml(text, "/p/c.yaml")
    return interpolate(node, VALUES.get, {"/p/c.yaml": text})


def test_uses_are_located_and_tell_whether_they_are_set() -> None:
    got = run(
        'services:\n  w:\n    image: "x${NO:-y${A}}"\n    command: |\n      go\n      $A $NO\n'
    )
    assert [(u.reference.name, u.reference.span[1:]) for u in got.uses] == [
        ("NO", (3, 14, 3, 26)),
        ("A", (3, 21, 3, 25)),
        ("A", (6, 7, 6, 9)),
        ("NO", (6, 10, 6, 13)),
    ]
    assert [u.reference.is_set for u in got.uses] == [False, True, True, False]
    assert got.uses[0].path == ("services", "w", "image")
    assert got.problems == ()


def test_all_faults_are_gathered_with_places() -> None:
    got = run('services:\n  w:\n    image: ${NO:?set it}\n    command: ["${"]\n    tty: ${EMPTY}\n')
    assert [(p.kind, p.location.span[1:3]) for p in got.problems if p.location] == [
        ("required-variable-unset", (3, 12)),
        ("interpolation-syntax", (4, 16)),
        ("value-type", (5, 10)),
    ]
    assert got.problems[0].subject == "NO"
    assert got.problems[0].message.startswith("service 'w': `image`: variable 'NO' is required")


def test_texts_get_the_type_of_their_place() -> None:
    got = run(
        'services:\n  w:\n    privileged: "yes"\n    cpus: "0.10000000149"\n    scale: ${N}\n'
        '    ports: [{target: "80"}]\n    ulimits: {nproc: "1", nofile: {soft: "2"}}\n'
        '    environment: {X: "1"}\n'
    )
    assert plain(service(got.node)) == {
        "privileged": True,
        "cpus": 0.1,
        "scale": 3,
        "ports": [{"target": 80}],
        "ulimits": {"nproc": 1, "nofile": {"soft": 2}},
        "environment": {"X": "1"},
    }
    assert [warning.kind for warning in got.warnings] == ["boolean-word"]


def test_a_value_from_a_variable_is_not_shown() -> None:
    (node,) = read_yaml("services: {w: {tty: '${S}'}}", "/p/c.yaml")
    (problem,) = interpolate(node, {"S": "s3cret"}.get).problems
    assert "s3cret" not in problem.message


def test_what_needs_no_change_is_handed_on() -> None:
    (node,) = read_yaml("services: {w: {image: x}}", "/p/c.yaml")
    assert interpolate(node, VALUES.get).node is node


def service(node: Node) -> Node:
    return node.entries["services"].entries["w"]  # type: ignore[union-attr]  # two mappings
