"""Which checks get to look: words that a check mentions, parts that it could not see, and whether
a service's program is in its image.
"""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.check.api import Context, Entry, Needs, Severity, check
from bootready.check.discover import Details, attributes_of, has_work
from bootready.check.run import Evidence, run_checks
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.knowledge.engine.features import ENGINE_FEATURES, uses_of, version_of
from bootready.knowledge.process.command_text import dropped_part
from bootready.knowledge.process.inside import look_inside
from bootready.model.request import Request


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a Compose text as a project."""

    def load(text, environ=None):
        (tmp_path / "compose.yaml").write_text(text)
        return pipeline.load(Request(directory=str(tmp_path)), environ or {})

    return load


def test_words_that_are_nowhere_leave_a_check_unimported(load):
    """Words count in files and in the values of variables that are used."""
    entry = Entry("x", "images", "note", ("service.image",), (), ("redis",))
    texts = [
        ("services: {a: {image: redis}}", {}, True),
        ("services: {a: {image: nginx}}", {"IMAGE": "redis"}, False),
        ("services: {a: {image: $IMAGE}}", {"IMAGE": "redis"}, True),
        ("services: {redis: {build: .}}", {}, False),
    ]
    for text, environ, works in texts:
        assert _has_work(entry, load(text, environ), RecordedEngine({})) is works, text


@pytest.mark.parametrize(
    ("word", "engine", "works"),
    [
        ("engine.network", {"networks": [{"name": "other"}]}, False),
        ("engine.network", {"networks": [{"name": "p_default"}]}, True),
        ("engine.volume", {"volumes": [{"name": "other"}]}, False),
        ("engine.volume", {"volumes": [{"name": "p_data"}]}, True),
        ("engine.container", {"containers": [{"name": "a", "project": "other"}]}, False),
        ("engine.container", {"containers": [{"name": "a", "project": "p"}]}, True),
        ("engine.image", {"images": {"other:1": {}}}, False),
        ("engine.image", {"images": {"x:1": {}}}, True),
        ("engine.podman", {}, False),
        ("engine.podman", {"kind": "podman"}, True),
        ("engine.rootless", {}, False),
        ("engine.rootless", {"rootless": True}, True),
        ("registry.asked", {}, False),
        ("volumes.external", {}, False),
        ("engine.rootless", {"reachable": False}, True),
    ],
)
def test_what_occurs_on_the_engine_decides_whether_a_check_is_imported(load, word, engine, works):
    """Where no engine answers, the check is wanted: that it is skipped has to be told."""
    text = "{name: p, services: {a: {image: 'x:1', volumes: ['data:/d']}}, volumes: {data: {}}}"
    entry = Entry("x", "images", "note", ("service.image",), (), where=(word,))
    assert _has_work(entry, load(text), RecordedEngine(engine)) is works


def _has_work(entry, project, engine):
    attributes = attributes_of(project)
    context = Context(project, RecordedHost(project.directory), engine)
    return has_work(entry, attributes, Details(context, attributes))


@check(summary="looks half-way", severity=Severity.NOTE, since="0.1.0", needs=Needs.ENGINE)
def half_blind(context, report):
    """Say twice that a part was not seen."""
    report.unseen("image 'a' is shut")
    report.unseen("image 'a' is shut")
    yield from ()


def test_what_a_check_could_not_see_is_said_once(load):
    """The check ran, and the verdict says which part it did not see."""
    project = load("services: {a: {image: x}}")
    context = Context(project, RecordedHost(project.directory), RecordedEngine({}))
    verdict = run_checks((half_blind,), Evidence(context, {}))
    assert [tuple(skipped) for skipped in verdict.skipped] == [("half-blind", "image 'a' is shut")]
    assert verdict.checks == 1


IMAGES = {
    "images": {
        "x": {
            "paths": ["/bin/sh", "/opt/bin/run", "/srv/app"],
            "entrypoint": ["/bin/sh"],
            "working_directory": "/srv",
        }
    }
}


@pytest.mark.parametrize(
    ("service", "program", "lacking"),
    [
        ("", "sh", False),
        ("", "run", True),
        ("environment: {PATH: '/opt/bin'}", "run", False),
        ("", "/bin/bash", True),
        ("", "./app", False),
        ("working_dir: /", "./app", True),
        ("volumes: ['.:/usr/local/bin']", "curl", False),
        ("volumes: ['.:/code']", "/code/run", False),
        ("tmpfs: [/run]", "/run/x", False),
        ("secrets: [s]", "/run/secrets/s", False),
    ],
)
def test_a_program_is_lacking_only_where_nothing_can_bring_it(load, service, program, lacking):
    """PATH, working directory and mounts are those of the container."""
    text = f"services:\n  a:\n    image: x\n    {service}\nsecrets: {{s: {{file: ./s}}}}\n"
    project = load(text)
    inside = look_inside(project.services[0], RecordedEngine(IMAGES))
    assert inside.lacks(program) is lacking


def test_a_built_or_absent_image_is_not_looked_into(load):
    """Nothing is said of what may be another image tomorrow."""
    project = load("services: {a: {image: x, build: .}, b: {image: y}}")
    engine = RecordedEngine(IMAGES)
    assert [look_inside(service, engine) for service in project.services] == ["", ""]


@pytest.mark.parametrize(
    ("written", "dropped"),
    [
        ("echo a && b", "&& b"),
        ("echo a; b c d", "; b ..."),
        ("'echo a | b'", "| b"),
        ('"sh -c \\"a && b\\" > c"', "> c"),
        ('"sh -c \\"a && b\\""', ""),
        ("sh -c 'a; b'", ""),
        ("echo a \\&\\& b", ""),
        ("[echo, '&&']", ""),
        ("echo a", ""),
    ],
)
def test_what_compose_drops_of_a_command(load, written, dropped):
    """From the first operator outside of quotes on; of a list, nothing."""
    project = load(
        f"services: {{a: {{image: x, command: {written}}}}}"
        if written[0] == "["
        else f"services:\n  a:\n    image: x\n    command: {written}\n"
    )
    assert dropped_part(project.services[0].node.entries["command"], project.sources) == dropped


def test_features_are_found_with_their_places(load):
    """A feature is found once per service, at the value that uses it."""
    project = load(
        "services:\n"
        "  a:\n"
        "    image: x\n"
        "    volumes:\n"
        "      - data:/data\n"
        "      - {type: image, source: x, target: /y}\n"
        "volumes: {data: {}}\n"
    )
    uses = list(uses_of(project, ENGINE_FEATURES))
    assert [(use.service, use.feature.since, use.place.span.line) for use in uses] == [
        ("a", (28, 0), 6)
    ]


def test_versions_are_compared_as_numbers():
    """Whatever a distribution appends."""
    assert version_of("20.10.24+dfsg1") == (20, 10, 24)
    assert version_of("v2.40.3-desktop.1") < (2, 40, 4)
    assert version_of("dev") == ()
