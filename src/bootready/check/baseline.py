"""The baseline of a project -> what of a verdict was known before, and what of it is gone.

See docs/adr/0075-a-baseline-is-read-by-people.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from bootready.check.identity import identity
from bootready.check.own_file import read_table
from bootready.check.rollup import in_order, roll_up
from bootready.errors import UsageError
from bootready.model.finding import Finding, Known, Verdict
from bootready.model.position import render_path
from bootready.model.printable import printable

FILE = "bootready.baseline.toml"
_LIMIT = 10_000_000
_FIELDS = {"check", "place", "finding", "reason", "expires", "id"}


def read_baseline(directory: str) -> tuple[Known, ...]:
    """Return what the baseline in `directory` knows, nothing without a file. Raises UsageError."""
    path = os.path.join(directory, FILE)
    if not os.path.isfile(path):
        return ()
    table = read_table(path, _LIMIT)
    rows = table.get("known", [])
    if table.get("version") != 1 or not isinstance(rows, list):
        raise UsageError(f"{FILE}: must have `version = 1` and tables `[[known]]`")
    return tuple(map(_known, rows))


def _known(row: object) -> Known:
    if not isinstance(row, dict) or not {"check", "id"} <= row.keys() <= _FIELDS:
        fields = ", ".join(sorted(_FIELDS))
        raise UsageError(f"{FILE}: each `[[known]]` has a `check` and an `id`, and only {fields}")
    expires = str(row.get("expires", ""))
    if expires and not _is_date(expires):
        raise UsageError(f"{FILE}: `expires` is '{expires}', must be a date such as 2027-01-31")
    texts = {name: str(row.get(name, "")) for name in _FIELDS}
    return Known(
        texts["check"], texts["id"], texts["place"], texts["finding"], texts["reason"], expires
    )


def _is_date(text: str) -> bool:
    import time

    try:
        time.strptime(text, "%Y-%m-%d")
    except ValueError:
        return False
    return True


def known_of(finding: Finding, directory: str) -> Known:
    """Return how the baseline of the project in `directory` knows a finding."""
    place = finding.primary
    file = place.span.file.removeprefix(f"{directory}/") if place else ""
    where = f"{file} {render_path(place.path)}".strip() if place else ""
    name = _name(finding, directory)
    words = finding.message.replace(f"{directory}/", "./")
    return Known(finding.check_id, name, printable(where), printable(words))


def _name(finding: Finding, directory: str) -> str:
    import hashlib

    text = identity(finding, directory)
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]


def without_known(
    verdict: Verdict,
    baseline: Sequence[Known],
    directory: str,
    ran: Iterable[str],
    topics: Mapping[str, str],
) -> Verdict:
    """Return the verdict without the findings that `baseline` knows; each entry knows one.

    What is known is in `known`, and in `gone` what a check of `ran` no longer finds. An entry whose
    time has ended knows nothing, and the finding says so.
    """
    if not baseline:
        return verdict
    entries: dict[str, list[Known]] = {}
    for entry in baseline:
        entries.setdefault(entry.id, []).append(entry)
    left: list[Finding] = []
    known: list[Finding] = []
    for finding in verdict.apart:
        fitting = entries.get(_name(finding, directory))
        if not fitting:
            left.append(finding)
            continue
        entry = fitting.pop()
        if is_over(entry):
            words = f"the baseline knew it until {entry.expires}"
            left.append(finding._replace(consequence=_joined(finding.consequence, words)))
        else:
            known.append(finding)
    looked = frozenset(ran)
    gone = [entry for rest in entries.values() for entry in rest if entry.check in looked]
    return verdict._replace(
        findings=tuple(in_order(roll_up(left), topics)),
        apart=tuple(in_order(left, topics)),
        known=tuple(in_order(known, topics)),
        gone=tuple(entry for entry in baseline if entry in gone),
    )


def _joined(*texts: str) -> str:
    return "; ".join(text for text in texts if text)


def is_over(entry: Known) -> bool:
    """Tell whether the day until which an entry counts is past."""
    return bool(entry.expires) and entry.expires < _today()


def _today() -> str:
    import time

    return time.strftime("%Y-%m-%d")


HEAD = """\
# What bootready found in this project when the file was written: known, and no reason to fail.
# Give it a `reason`, and with `expires` a day after which it fails again. What is mended is gone
# from here after: bootready baseline --prune
version = 1
"""


def written(baseline: Iterable[Known]) -> str:
    """Return the text of the file that holds `baseline`, sorted, as people read it."""
    rows = sorted(baseline, key=lambda one: (one.place, one.check, one.finding, one.id))
    return "\n".join([HEAD, *map(_row, rows)])


def _row(entry: Known) -> str:
    lines = [
        "[[known]]",
        f"check = {_quoted(entry.check)}",
        f"place = {_quoted(entry.place)}",
        f"finding = {_quoted(entry.finding)}",
        f"reason = {_quoted(entry.reason)}",
        *([f"expires = {entry.expires}"] if entry.expires else []),
        f"id = {_quoted(entry.id)}",
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    import json

    return json.dumps(printable(text), ensure_ascii=False)
