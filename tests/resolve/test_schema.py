"""The schema: what is refused, where, and in which words."""

from __future__ import annotations

import pytest

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.resolve.refuse.schema import validate
from bootready.resolve.refuse.schema_table import RULES

HERE = Span("compose.yaml", 1, 1, 1, 2)


def node(value: object) -> Node:
    if isinstance(value, dict):
        return Mapping({k: node(v) for k, v in value.items()}, dict.fromkeys(value, HERE), HERE)
    if isinstance(value, list):
        return Sequence([node(item) for item in value], HERE)
    return Scalar(value, HERE)


def messages(value: dict) -> list[str]:
    return [f"{problem.kind}: {problem.message}" for problem in validate(node(value))]


def service(attributes: dict) -> dict:
    return {"services": {"web": attributes}}


REFUSED = [
    pytest.param(
        service({"heathcheck": {}}),
        "unknown-key: service 'web': unknown attribute 'heathcheck'",
        id="a misspelt attribute",
    ),
    pytest.param(
        service({"build": {"contxt": "."}}),
        "unknown-key: service 'web': unknown attribute 'contxt' in `build`",
        id="a misspelt attribute further in",
    ),
    pytest.param(
        {"netwroks": {}},
        "unknown-key: project: unknown attribute 'netwroks'",
        id="a misspelt top-level element",
    ),
    pytest.param(
        {"services": {"w b": {}}},
        "schema: project: 'w b' is not a valid name in `services`",
        id="a service name with a space",
    ),
    pytest.param(
        service({"ports": {"80": "80"}}),
        "schema: service 'web': `ports` is a mapping, must be a list",
        id="another type",
    ),
    pytest.param(
        service({"hostname": 12}),
        "schema: service 'web': `hostname` is the number 12, must be a string",
        id="a number that should have quotes",
    ),
    pytest.param(
        service({"image": None}),
        "schema: service 'web': `image` is empty, must be a string",
        id="nothing",
    ),
    pytest.param(
        service({"cap_add": ["A", "B", "A"]}),
        "schema: service 'web': `cap_add[2]` repeats entry 0 'A'",
        id="an entry twice",
    ),
    pytest.param(
        service({"depends_on": {"db": {"condition": "healthy"}}}),
        "schema: service 'web': `depends_on.db.condition` is 'healthy', must be "
        "'service_started', 'service_healthy' or 'service_completed_successfully'",
        id="none of the choices",
    ),
    pytest.param(
        service({"depends_on": {"db": {}}}),
        "schema: service 'web': 'condition' is missing in `depends_on.db`",
        id="a required key",
    ),
    pytest.param(
        {"jobs": {"nightly": {"image": "a", "triggers": {}}}},
        "schema: job 'nightly': 'manual' or 'schedule' is missing in `triggers`",
        id="a job that nothing starts",
    ),
    pytest.param(
        service({"pull_policy": "sometimes"}),
        "schema: service 'web': `pull_policy` is 'sometimes', must be 'always', 'never', "
        "'missing', 'build', 'daily', 'weekly' or 'every_12h'",
        id="a string of another form",
    ),
    pytest.param(
        service({"cpu_percent": 101}),
        "schema: service 'web': `cpu_percent` is 101, must be between 0 and 100",
        id="a number out of range",
    ),
    pytest.param(
        service({"cpu_count": 1.5}),
        "schema: service 'web': `cpu_count` is the number 1.5, must be a string or an integer",
        id="a fraction for an integer",
    ),
]


@pytest.mark.parametrize(("model", "message"), REFUSED)
def test_it_says_what_was_found_and_what_was_expected(model, message):
    assert messages(model) == [message]


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(service({"cpu_count": 8.0}), id="8.0 is an integer"),
        pytest.param(service({"expose": [1, "1", 1.5]}), id="1 and '1' are not the same"),
        pytest.param(service({"x-any": {"deep": [None]}}), id="extensions hold anything"),
        pytest.param({"services": {"x-y": {"image": "a"}}}, id="a service may be called x-y"),
        pytest.param(service({"container_name": "-ab-"}), id="container_name is not anchored"),
    ],
)
def test_it_accepts_what_compose_accepts(model):
    assert messages(model) == []


def test_every_violation_is_reported_in_the_order_of_the_file():
    found = messages({"services": {"a": {"imag": "x", "tty": 1}, "b": {"init": []}}, "name": 1})
    assert [line.partition(":")[0] for line in found] == [
        "unknown-key",
        "schema",
        "schema",
        "schema",
    ]


def test_a_misspelling_comes_with_the_nearest_known_name():
    [problem] = validate(node(service({"heathcheck": {}})))
    assert problem.hint == "did you mean 'healthcheck'?"


def test_the_patterns_of_keys_are_the_ones_that_the_visitor_knows():
    patterns = {pattern for row in RULES if len(row) > 2 for pattern, _ in row[2]}
    assert patterns == {"^x-", "^[a-zA-Z0-9._-]+$", "^[a-z]+$", "^.+$", ".+"}
