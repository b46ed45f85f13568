"""Merging: base and override as YAML, and what Compose makes of the two."""

from __future__ import annotations

import pytest
import yaml

from bootready.model.node import Mapping, plain
from bootready.read.yaml import read_yaml
from bootready.resolve.merge import Merger

SERVICE = ("services", "web")
CASES = {
    "a single value is replaced": ("image: a", "image: b", "image: b"),
    "nothing keeps the base": ("hostname: a", "hostname:", "hostname: a"),
    "a command is replaced, even by nothing": ("command: a", "command:", "command:"),
    "a healthcheck's test is replaced": (
        "healthcheck: {test: [CMD, a], interval: 1s}",
        "healthcheck: {test: b}",
        "healthcheck: {test: b, interval: 1s}",
    ),
    "lists are appended, what is there already is not repeated": (
        "security_opt: [a, a]",
        "security_opt: [b, a, b]",
        "security_opt: [a, a, b]",
    ),
    "a mapping becomes a sorted list beside a list": (
        "environment: {B: 1, A: , C: 1.50}",
        "environment: [A=2]",
        "environment: [A=2, B=1, C=1.5]",
    ),
    "dependencies become a mapping": (
        "depends_on: [db]",
        "depends_on: {db: {condition: service_healthy}}",
        "depends_on: {db: {condition: service_healthy, required: true}}",
    ),
    "networks become a mapping": (
        "networks: [a]",
        "networks: {b: {aliases: [x]}}",
        "networks: {a: , b: {aliases: [x]}}",
    ),
    "a build is a mapping with a context": (
        "build: .",
        "build: {args: {A: 1}}",
        "build: {context: ., args: {A: 1}}",
    ),
    "logging of one driver is merged": (
        "logging: {driver: a, options: {x: 1}}",
        "logging: {options: {y: 2}}",
        "logging: {driver: a, options: {x: 1, y: 2}}",
    ),
    "logging of another driver is replaced": (
        "logging: {driver: a, options: {x: 1}}",
        "logging: {driver: b}",
        "logging: {driver: b}",
    ),
    "a ulimit is replaced": (
        "ulimits: {nofile: {soft: 1, hard: 2}}",
        "ulimits: {nofile: {soft: 3}}",
        "ulimits: {nofile: {soft: 3}}",
    ),
    "hosts are added once": (
        'extra_hosts: ["a:1"]',
        'extra_hosts: ["a:1", "b:2"]',
        'extra_hosts: ["a:1", "b:2"]',
    ),
}


@pytest.mark.parametrize(("base", "over", "want"), CASES.values(), ids=CASES.keys())
def test_merge(base, over, want):
    merged = Merger().merge(document(base), document(over), SERVICE)
    assert plain(merged) == yaml.safe_load(want)


def test_what_does_not_fit_is_a_problem_with_its_place():
    merger = Merger()
    merger.merge(document("healthcheck: {test: a}"), document("healthcheck: [a]"), SERVICE)
    [problem] = merger.problems
    assert problem.kind == "merge-conflict"
    assert problem.location.path == (*SERVICE, "healthcheck")


def test_the_replaced_value_stays_reachable():
    merged = Merger().merge(document("image: a"), document("image: b"), SERVICE)
    assert merged.entries["image"].overrides.value == "a"


def document(text: str) -> Mapping:
    [node] = read_yaml(text, "compose.yaml")
    assert isinstance(node, Mapping)
    return node
