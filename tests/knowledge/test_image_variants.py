"""What is said of an image holds however a project writes it, and of nothing that only looks so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.discover import choose, index, load
from bootready.check.run import Evidence, run_checks, run_entries
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.knowledge.images.globs import matches
from bootready.model.finding import Needs, Severity
from bootready.model.request import Request

CASES = yaml.safe_load((Path(__file__).parent / "image_variants.yaml").read_text(encoding="utf-8"))
ABOUT_IMAGES = [entry for entry in index() if any(a.startswith("image.") for a in entry.looks_at)]
OTHERS = choose(index(), ["healthcheck-program-absent"])


def evidence_of(directory, files):
    """A project of these files on a machine with nothing on it, and no engine."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = pipeline.load(Request(directory=str(directory)), {"PWD": str(directory)})
    host = RecordedHost(str(directory), {})
    return Evidence(Context(project, host, RecordedEngine(None)), {Needs.ENGINE: "it is not asked"})


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_said_of_a_variant(tmp_path, case):
    found = run_entries((*ABOUT_IMAGES, *OTHERS), evidence_of(tmp_path, case["files"])).findings

    said = {one.check_id: one.severity.value for one in found if one.severity is not Severity.NOTE}
    assert said == case["says"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_check_is_left_out_only_where_it_finds_nothing(tmp_path, case):
    evidence = evidence_of(tmp_path, case["files"])

    every = run_checks([load(entry) for entry in ABOUT_IMAGES], evidence)

    assert run_entries(ABOUT_IMAGES, evidence).findings == every.findings


@pytest.mark.parametrize(
    ("text", "pattern", "same"),
    [
        ("/etc/nginx/nginx.conf", "/etc/nginx/*", True),
        ("/etc/nginx/conf.d/a.conf", "/etc/nginx/*", True),
        ("/etc/nginx", "/etc/nginx/*", False),
        ("acme-1.json", "acme*.json", True),
        ("acme.json5", "acme*.json", False),
        ("ab", "ab*b", False),
        ("a-b-c", "a*b*c", True),
        ("a-c-b", "a*b*c", False),
        ("a.c", "a.c", True),
        ("abc", "a.c", False),
        ("anything", "*", True),
    ],
)
def test_a_star_stands_for_anything_and_nothing_else_does(text, pattern, same):
    assert matches(text, pattern) is same
