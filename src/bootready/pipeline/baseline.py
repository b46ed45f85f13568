"""Takes a project; returns its baseline as it is, and as it should be."""

from __future__ import annotations

import os
from collections.abc import Mapping

from bootready.check.baseline import FILE, is_over, known_of, read_baseline, written
from bootready.model.finding import Known
from bootready.model.request import Request
from bootready.pipeline.crosscheck import Oracle
from bootready.pipeline.validate import Wish, validate
from bootready.typed import NamedTuple


class Baseline(NamedTuple):
    """The file of a project, what it should say, and what that adds and leaves out."""

    path: str
    text: str
    known: tuple[Known, ...]
    added: tuple[Known, ...]
    gone: tuple[Known, ...]


def baseline_of(
    request: Request,
    environ: Mapping[str, str],
    oracle: Oracle,
    *,
    prune: bool = False,
    reason: str = "",
    expires: str = "",
) -> Baseline:
    """Return the baseline of a project: what it knows, and what `validate` finds besides.

    New entries get `reason` and `expires`. With `prune` nothing is added, and what nobody finds any
    more is left out. Raises ProjectError where the project cannot be read.
    """
    found = validate(request, environ, Wish(), oracle)
    verdict, directory = found.verdict, found.directory
    before = read_baseline(directory)
    fresh = [known_of(finding, directory) for finding in verdict.apart]
    again = {entry.id for entry in fresh}
    added = [] if prune else [one._replace(reason=reason, expires=expires) for one in fresh]
    gone = verdict.gone
    left = [entry for entry in before if entry not in gone] if prune else list(before)
    if not prune:  # what has expired is known anew
        left = [entry for entry in left if not (is_over(entry) and entry.id in again)]
    known = (*left, *added)
    path = os.path.join(directory, FILE)
    return Baseline(path, written(known), known, tuple(added), gone)
