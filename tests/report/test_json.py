"""The JSON report holds to its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from bootready.check.discover import discover
from bootready.report.formats.json import render_json
from catalogue.fixture import verdict_of

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "check.schema.json"


def test_json_report_holds_to_its_schema():
    """A verdict with places, related places and a remedy is as the schema says."""
    verdict, source = verdict_of(discover(), "secret-file-missing", "bad")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(render_json(verdict, source, "shop")), schema)
