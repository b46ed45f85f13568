"""`bootready validate`: the project as a fresh clone would see it; the tree stays untouched."""

from __future__ import annotations

import os

from bootready import pipeline
from bootready.check.settings import severity_of
from bootready.cli.words.check_options import CheckWishes, wishes_from
from bootready.cli.words.conclude import conclude
from bootready.cli.words.telling import (
    Look,
    Looked,
    failing_severity,
    names_in,
    wants_remedies,
)
from bootready.model.request import Request
from bootready.pipeline.crosscheck import Oracle
from bootready.pipeline.validate import Wish, validate
from bootready.report.formats.text import Source


def run(arguments: list[str]) -> int:
    """Validate the project; 0 a fresh clone can be prepared, 1 findings, 2 it cannot be read."""
    options = wishes_from(arguments, "validate")
    return conclude(options, lambda: _looker(options))


def _looker(options: CheckWishes) -> Look:
    oracle = Oracle(os.environ)
    return lambda request: _looked(options, request, oracle)


def _looked(options: CheckWishes, request: Request, oracle: Oracle) -> Looked:
    wish = Wish(
        names_in(options.only),
        names_in(options.skip),
        engine=options.engine != "none",
        registry=options.registry,
        swarm=options.target == "swarm",
        remedies=wants_remedies(options),
        baseline=options.baseline,
        fail_on=severity_of(options.fail_on) if options.fail_on else None,
    )
    found = validate(request, os.environ, wish, oracle)
    failing = failing_severity(options, found.settings)
    root = pipeline.root_of(found.directory)
    source = Source(found.directory, found.sources, failing, root, os.getcwd())
    said = f"cross-check: {found.compose}" if found.compose else ""
    return Looked(found.verdict, source, found.name, said, found.includes)
