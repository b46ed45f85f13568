"""Repairs are chosen by what a finding is, never by the words of its message."""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.check.discover import discover
from bootready.model.request import Request
from bootready.plan.repair import Look, repairs
from catalogue.fixture import fixture_ids, load_fixture, verdict_of

CHECKS = tuple(discover())
MISSPELT = """\
services:
  web:
    image: busybox
    depends_on: [db-server]
    networks: [frontend]
    volumes: ["site-data:/data"]
    secrets: [db-password]
    configs: [app-config]
    healthcheck: {test: ["wget -q localhost"]}
  db_server: {image: busybox}
networks: {front_end: {}}
volumes: {site_data: {}}
secrets: {db_password: {file: ./pw}}
configs: {app_config: {file: ./app}}
"""
CRLF = "#!/bin/sh\r\necho started\r\n"


def made(project, findings):
    """The actions of all repairs, guesses included, on files that hold CRLF and no exec bit."""
    look = Look(lambda _path: CRLF, lambda _path: 0o644, str(project.directory))
    found = repairs(project, findings, look, unsafe=True)
    return [one.finding.remedy.actions for one in found if one.finding.remedy]


def in_capitals(project, findings):
    """The same project and findings with every message reworded."""
    loud = project._replace(
        **{
            name: tuple(one._replace(message=one.message.upper()) for one in getattr(project, name))
            for name in ("problems", "warnings", "refused_by_v2")
        }
    )
    return loud, [finding._replace(message=finding.message.upper()) for finding in findings]


@pytest.mark.parametrize("check_id", fixture_ids())
def test_repairs_of_a_fixture_do_not_depend_on_words(check_id):
    """Rewording a message must not disable a repair."""
    project, _ = load_fixture(check_id, "bad")
    findings = verdict_of(CHECKS, check_id, "bad")[0].apart

    assert made(*in_capitals(project, findings)) == made(project, findings)


def test_repairs_of_misspelt_names_do_not_depend_on_words(tmp_path):
    """The misspelt name is a fact of the problem, not a word between quotes in its message."""
    (tmp_path / "compose.yaml").write_text(MISSPELT)
    project = pipeline.load(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)})

    actions = made(project, ())

    assert len(actions) == 6
    assert made(*in_capitals(project, ())) == actions
