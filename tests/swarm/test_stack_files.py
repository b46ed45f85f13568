"""Every attribute that Compose has, in a stack file: in its words, in others, or named as lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.errors import ProjectError
from bootready.resolve.typed.structures import STRUCTURES
from bootready.swarm import attributes
from swarm_cases import TOPICS, Case, cases, plant, stack

EXPECTED = Path(__file__).parent / "expected"
ORDINARY = (
    "  # converted: gets the restart condition 'none': Compose does not start it again either\n",
    "    networks:\n      default: null\n",
    "    deploy:\n      restart_policy:\n        condition: none\n      endpoint_mode: dnsrr\n",
    ("\nnetworks:\n  default:\n    driver: overlay\n    attachable: true\n"),
)
"""What nearly every one has: shown by the test below, and left out elsewhere."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("shop")
    plant(made)
    return made


def shown(directory: Path, case: Case) -> str:
    """Return what becomes of a case: its stack file without the head, or why Compose refuses it."""
    try:
        made = stack(directory, case)
    except ProjectError as error:
        return f"refused by Compose: {error.problems[0].message}\n".replace(str(directory), "DIR")
    text = made.text(reveal=True)
    text = text[text.index("\nservices:") + 11 :].replace(str(directory), "DIR")
    for part in ORDINARY:
        text = text.replace(part, "")
    return text


@pytest.mark.parametrize("topic", TOPICS)
def test_a_stack_file_says_what_the_project_says(topic, directory, golden):
    parts = [f"## {case.name}\n{shown(directory, case)}" for case in cases(topic)]
    golden("\n".join(parts), EXPECTED / f"{topic}.txt")


def test_a_stack_file_says_what_it_is_and_how_services_meet(directory):
    text = stack(directory, Case("", "services: {web: {image: 'busybox:1'}}\n")).text(reveal=False)
    assert text.startswith("# The stack of the project 'shop'. Made by `bootready stack`")
    assert all(part in text for part in ORDINARY)
    assert 'version: "3.9"\n\nservices:\n' in text


def test_every_attribute_of_a_service_is_accounted_for():
    """One that Compose gets later fails here until somebody says what becomes of it."""
    rows = [
        attributes.KEPT,
        attributes.CONVERTED,
        attributes.RESOLVED,
        frozenset(attributes.WITHOUT_EFFECT),
        frozenset(attributes.LOST),
    ]
    assert sorted(name for row in rows for name in row) == sorted(STRUCTURES["service"])
