"""The contract of the catalogue: every check has fixtures, a page, a subject and a proof."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bootready.check.discover import Details, attributes_of, discover, find, has_work, index
from bootready.check.rollup import TOPICS
from bootready.model.finding import Severity
from catalogue.fixture import (
    HERE,
    evidence_of,
    fixture_ids,
    known_ids,
    report_of,
    verdict_of,
)

SUBJECT = r"(service|network|volume|secret|config|variable) '([^']*)': "
CHECKS = {check.id: check for check in discover()}

SOURCE = Path(__file__).parents[2] / "src" / "bootready" / "catalogue"

AFTER_REMEDY = ("When to silence it", "Known limits", "Sources")

MACHINERY = ("silence-stale", "silence-unreasoned")
"""Their findings are made by the machinery, about silences of other checks."""


UNMENTIONED = ("dependency-undeclared",)
"""Understands more than the words that it mentions: `pg_dump -h db`."""


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_bad_project_is_reported_as_recorded(check_id, golden):
    """The bad project gives the golden report: this check's findings only."""
    produced = report_of(_run_with(check_id), check_id, "bad")
    assert produced, f"{check_id} finds nothing in its bad project"
    golden(produced, HERE / check_id / "expected.txt")


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_good_project_stays_silent(check_id):
    """The nearest neighbour of the bad project gives no finding of this check."""
    assert report_of(_run_with(check_id), check_id, "good") == ""


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_good_project_has_no_error_of_any_check(check_id):
    """No check raises an ERROR on a project that another check's author calls good."""
    verdict = _of_all(check_id, "good")
    errors = [
        f"{f.check_id}: {f.message}" for f in verdict.findings if f.severity is Severity.ERROR
    ]
    assert errors == []


@pytest.mark.parametrize("name", ["bad", "good"])
@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_a_check_that_is_not_asked_would_have_found_nothing(check_id, name):
    """What `looks_at`, `where` and `mentions` leave unimported has nothing to say."""
    context = evidence_of(check_id, name).context
    attributes = attributes_of(context.project)
    details = Details(context, attributes)
    asked = {entry.id for entry in index() if has_work(entry, attributes, details)}
    verdict = _of_all(check_id, name)
    found = {finding.check_id for finding in (*verdict.apart, *verdict.silenced)}
    assert found - asked - {*MACHINERY, *UNMENTIONED} == set()


@cache
def _of_all(check_id, name):
    verdict, _ = verdict_of(tuple(CHECKS.values()), check_id, name)
    return verdict


def test_fixture_directories_are_the_checks():
    """Ids and fixture directories are the same, both ways: an orphan fails."""
    assert fixture_ids() == known_ids()


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_check_documents_itself(check):
    """The page has its sections, and the sections have words."""
    why = "Why it stops boot" if check.severity is Severity.ERROR else "Why it matters"
    sections = re.findall(r"^## (.+)$", check.page, re.MULTILINE)
    order = ["What it does", why, "What you see", "Remedy", *AFTER_REMEDY]
    assert {"What it does", why, "Remedy", "When to silence it"} <= set(sections)
    assert sections == [section for section in order if section in sections]
    assert not check.summary.endswith(".")


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_nothing_of_the_scaffold_is_left(check):
    """`make new-check` writes TODO wherever there is something to write."""
    module = SOURCE / check.topic / f"{check.id.replace('-', '_')}.py"
    files = [module, *(path for path in (HERE / check.id).rglob("*") if path.is_file())]
    left = [path.name for path in files if b"TODO" in path.read_bytes()]
    assert left == []


def test_ids_are_unique_for_ever():
    """A former id is no other check's id, present or former."""
    former = [name for check in CHECKS.values() for name in check.former_ids]
    assert not set(former) & set(CHECKS)
    assert len(former) == len(set(former))
    for check in CHECKS.values():
        assert all(find(name) == check for name in check.former_ids)


def test_index_names_what_is_on_disk():
    """The generated index is as fresh as `make docs` would make it."""
    modules = {
        (path.parent.name, path.stem.replace("_", "-"))
        for path in SOURCE.glob("*/*.py")
        if not path.stem.startswith("_")
    }
    assert {(check.topic, check.id) for check in CHECKS.values()} == modules
    assert {topic for topic, _ in modules} <= set(TOPICS)


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_every_error_has_a_proof_or_a_reason(check):
    """An ERROR is a statement about boot that Docker confirmed, or says why it could not."""
    if check.severity is Severity.ERROR:
        assert check.proof or (HERE / check.id / "proof.toml").exists()


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_messages_are_written_in_the_house_style(check_id):
    """Subject first, lower case, one line of at most 120 characters, no full stop."""
    verdict, _ = verdict_of(_run_with(check_id), check_id, "bad")
    for finding in verdict.findings:
        assert re.match(
            r"(services?|networks?|volumes?|secrets?|configs?|variables?|ports?|host ports?|engine"
            r"|project|file|certificate|image|network|subnet|swarm|node)\b.*: \S",
            finding.message,
        ), finding.message
        assert not finding.message.endswith((".", "!"))
        assert "\n" not in finding.message
        assert len(finding.message) < 160


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*/*.py")), ids=lambda path: path.stem)
def test_check_modules_are_short(path):
    """At most 120 lines of code: the page, which is the docstring of the check, may be longer."""
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    pages = [page for page in map(ast.get_docstring, functions) if page and page.startswith("#")]
    assert len(text.splitlines()) - sum(len(page.splitlines()) + 2 for page in pages) <= 120


def _run_with(check_id):
    if check_id in MACHINERY:
        return tuple(CHECKS.values())
    return (CHECKS[check_id],)


@pytest.mark.parametrize("check_id", fixture_ids())
def test_the_subject_that_a_message_names_is_the_findings(check_id):
    """Findings are joined by it: a message that names another one would stay apart."""
    verdict, _ = verdict_of(_run_with(check_id), check_id, "bad")
    for finding in verdict.apart:
        named = re.match(SUBJECT, finding.message)
        assert named is None or (named[1], named[2]) == finding.about, finding.message
