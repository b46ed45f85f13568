"""The machinery of checks: missing evidence, silences, roll-up, order, selection."""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.check.api import Context, Needs, Severity, check
from bootready.check.discover import choose, find, index
from bootready.check.rollup import in_order, roll_up
from bootready.check.run import Evidence, run_checks, run_entries
from bootready.check.settings import read_settings
from bootready.check.silence import silences_in
from bootready.engine.recorded import RecordedEngine
from bootready.errors import BootreadyError, UsageError
from bootready.host.recorded import RecordedHost
from bootready.model.finding import Finding
from bootready.model.position import Location, Span
from bootready.model.request import Request


@pytest.fixture
def evidence_of(tmp_path):
    """Return a function: the text of a Compose file -> evidence without an engine."""

    def make(text):
        (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
        project = pipeline.load(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)})
        context = Context(project, RecordedHost(str(tmp_path)), RecordedEngine())
        return Evidence(context, {Needs.ENGINE: "nobody answers"})

    return make


def project_of(services):
    rows = [f"  s{n}:\n    image: x\n    restart: allways\n" for n in range(services)]
    return "services:\n" + "".join(rows)


def test_missing_evidence_skips_with_its_reason(evidence_of):
    """A check that needs the engine is skipped aloud where none answers."""
    entries = choose(index(), ["image-absent"])
    verdict = run_entries(entries, evidence_of(project_of(1)))
    assert [(s.check_id, s.reason) for s in verdict.skipped] == [
        ("image-absent", "needs the engine: nobody answers")
    ]
    assert verdict.checks == 0


def test_undeclared_evidence_is_withheld(evidence_of):
    """A check that did not declare the host cannot ask it."""

    @check(summary="x", severity=Severity.NOTE, since="0")
    def sneaky(context, report):
        yield report(None, str(context.host.listeners(80)))

    with pytest.raises(BootreadyError, match="asks the host for 'listeners' without declaring it"):
        run_checks([sneaky], evidence_of(project_of(1)))


def test_a_thousand_equal_faults_are_one_finding(evidence_of):
    """One cause is one finding, with a count; in brief it names the first ones only."""
    verdict = run_entries(choose(index(), ["restart-unknown"]), evidence_of(project_of(1000)))
    assert [f.brief for f in verdict.findings] == [
        "services 's0', 's1' and 998 more: unknown restart policy 'allways'"
    ]
    assert all(f"'s{number}'" in verdict.findings[0].message for number in range(1000))
    assert verdict.findings[0].places == 1000
    assert len(verdict.findings[0].related) == 999


def test_findings_are_in_the_order_of_causes():
    """The gravest first, then earlier topics, whatever order they were found in."""
    place = Location(Span("f", 1, 1, 1, 2))
    late = Finding("b-check", Severity.ERROR, "service 'a': x", place)
    early = Finding("c-check", Severity.ERROR, "service 'a': y", place)
    note = Finding("a-check", Severity.NOTE, "service 'a': z", place)
    topics = {"b-check": "resources", "c-check": "environment", "a-check": "environment"}
    assert in_order([note, late, early], topics) == [early, late, note]
    assert roll_up([late, late._replace(severity=Severity.WARNING)]) != [late]


@pytest.mark.parametrize(
    ("line", "left", "silenced"),
    [
        pytest.param("restart: allways", ["restart-unknown"], 0, id="no comment"),
        pytest.param("restart: allways # bootready: ignore[restart-unknown] why", [], 1, id="why"),
        pytest.param(
            "restart: allways # bootready: ignore[restart-unknown]",
            ["restart-unknown", "silence-unreasoned"],
            0,
            id="without a reason it silences nothing",
        ),
        pytest.param(
            "restart: always # bootready: ignore[restart-unknown] why",
            ["silence-stale"],
            0,
            id="stale",
        ),
        pytest.param(
            "# bootready: ignore[restart-unknown] why\n    restart: allways", [], 1, id="above"
        ),
    ],
)
def test_comments_silence_with_a_reason(evidence_of, line, left, silenced):
    """A comment at the line, or above it, silences one check there, and says why."""
    evidence = evidence_of(f"services:\n  a:\n    image: x\n    {line}\n")
    names = ["restart-unknown", "silence-stale", "silence-unreasoned"]
    silences = silences_in(evidence.context.project.sources)
    verdict = run_entries(choose(index(), names), evidence, silences)
    assert [finding.check_id for finding in verdict.findings] == left
    assert len(verdict.silenced) == silenced


def test_settings_silence_and_choose(tmp_path):
    """`bootready.toml` silences with a reason and sets what fails."""
    text = (
        '[checks]\nfail-on = "warning"\nskip = ["git"]\n[checks.ignore]\nimage-absent = "air gap"\n'
    )
    (tmp_path / "bootready.toml").write_text(text, encoding="utf-8")
    settings = read_settings(str(tmp_path))
    assert settings.fail_on is Severity.WARNING
    assert settings.skip == ("git",)
    assert [(s.check_id, s.reason) for s in settings.silences] == [("image-absent", "air gap")]


def test_unknown_names_are_usage_errors():
    """A misspelt id is refused, with the nearest one."""
    with pytest.raises(UsageError, match="unknown check 'secret-file-mising'") as raised:
        choose(index(), ["secret-file-mising"])
    assert raised.value.hint == "did you mean 'secret-file-missing'?"
    assert find("nonsense-check") is None
