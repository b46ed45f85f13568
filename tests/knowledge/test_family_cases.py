"""Every family of images has a service that fails, with what is said of it, and one that boots."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.model.finding import Needs, Severity
from bootready.model.request import Request
from documents_support import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import image_families

CASES = Path(__file__).parent / "families"
FAMILIES = sorted(
    path.stem for path in image_families.data_files() if "\nnames = " in f"\n{path.read_text()}"
)
ABOUT_IMAGES = (
    *("image-", "healthcheck-program-absent", "healthcheck-unfit", "published-port-unserved"),
    *("command-file-missing", "memory-below-image"),
)


def test_every_family_has_its_cases_and_no_case_is_left_over():
    assert sorted(path.stem for path in CASES.glob("*.yaml")) == FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_what_fails_is_told_and_what_boots_is_not(tmp_path, family):
    case = yaml.safe_load((CASES / f"{family}.yaml").read_text(encoding="utf-8"))

    assert case["says"] in said_of(tmp_path, case["fails"])
    assert said_of(tmp_path, case["boots"]) == set()


def said_of(directory, service):
    """The ids of errors and warnings about images that a project of one service gets."""
    volumes = {str(volume).partition(":")[0]: {} for volume in service.get("volumes", ())}
    named = {name: {} for name in volumes if name[0] not in "./"}
    project = {"services": {"one": service}, "volumes": named}
    (directory / "compose.yaml").write_text(json.dumps(project), encoding="utf-8")
    loaded = pipeline.load(Request(directory=str(directory)), {"PWD": str(directory)})
    context = Context(loaded, RecordedHost(str(directory), {}), RecordedEngine({}))
    missing = {Needs.ENGINE: "it is not asked"}
    return {
        finding.check_id
        for finding in pipeline.check(Evidence(context, missing)).findings
        if finding.severity is not Severity.NOTE and finding.check_id.startswith(ABOUT_IMAGES)
    }
