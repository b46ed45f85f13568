"""A brown-field repository: what is found today is known, and only new findings fail."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from bootready.check.baseline import known_of, without_known
from bootready.cli import run
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.position import Location, Span

OLD = "services:\n  web:\n    image: nginx:1.27\n    restart: allways\n"
NEW = f"{OLD}  shop:\n    image: nginx:1.27\n    restart: allways\n"
FILE = "bootready.baseline.toml"


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    (tmp_path / "compose.yaml").write_text(OLD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOOTREADY_COMPOSE", str(tmp_path / "nothing"))
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(list(arguments)) == code
    return capsys.readouterr().out


def known(project: Path) -> list[dict[str, object]]:
    return tomllib.loads((project / FILE).read_text())["known"]


def test_only_new_findings_fail(project, capsys):
    said(capsys, "validate", code=1)
    assert said(capsys, "baseline") == f"{FILE}: 1 known, 1 of them new\n"
    assert "ready: 1 in the baseline; " in said(capsys, "validate")
    assert "ready: 1 in the baseline; " in said(capsys, "check", "--engine", "none")
    (project / "compose.yaml").write_text(f"# moved\n\n{NEW}")
    shown = said(capsys, "validate", code=1)
    assert "service 'shop'" in shown
    assert "service 'web'" not in shown  # though both would be one finding
    assert "not ready: 1 error, 1 in the baseline; " in shown
    assert "services 'web' and 'shop'" in said(capsys, "validate", "--no-baseline", code=1)


def test_people_read_the_file(project, capsys):
    said(capsys, "baseline", "--reason", 'asked "why"', "--expires", "2099-12-31")
    text = (project / FILE).read_text()
    assert text.startswith("# What bootready found in this project when the file was written")
    assert "expires = 2099-12-31\n" in text
    (entry,) = known(project)
    assert entry["check"] == "restart-unknown"
    assert entry["place"] == "compose.yaml services.web.restart"
    assert entry["finding"] == "service 'web': unknown restart policy 'allways'"
    assert entry["reason"] == 'asked "why"'
    assert str(project) not in text


def test_a_second_run_keeps_what_people_wrote(project, capsys):
    said(capsys, "baseline", "--reason", "the vendor's")
    (project / "compose.yaml").write_text(NEW)
    assert said(capsys, "baseline") == f"{FILE}: 2 known, 1 of them new\n"
    reasons = {entry["place"]: entry["reason"] for entry in known(project)}
    assert reasons["compose.yaml services.web.restart"] == "the vendor's"
    text = (project / FILE).read_bytes()
    said(capsys, "baseline")
    assert (project / FILE).read_bytes() == text


def test_what_is_gone_is_told_and_pruned(project, capsys):
    (project / "compose.yaml").write_text(NEW)
    said(capsys, "baseline")
    (project / "compose.yaml").write_text(OLD)
    shown = said(capsys, "validate")
    assert "1 finding of the baseline is gone: bootready baseline --prune\n" in shown
    assert "gone[restart-unknown]: service 'shop': " in said(capsys, "validate", "-v")
    assert "gone" not in said(capsys, "check", "--engine", "none")
    assert [one["check"] for one in json.loads(said(capsys, "validate", "--json"))["gone"]]
    # A check that was not asked for says nothing of what is gone.
    assert "gone" not in said(capsys, "validate", "--only", "secrets")
    (project / "compose.yaml").write_text(OLD.replace("nginx:1.27", "nginx:1.27\n    user: root"))
    assert said(capsys, "baseline", "--prune") == f"{FILE}: 1 known, 0 of them new\n"
    assert [entry["place"] for entry in known(project)] == ["compose.yaml services.web.restart"]


def test_what_has_expired_fails_again_until_it_is_known_anew(project, capsys):
    said(capsys, "baseline", "--expires", "2020-01-31")
    assert "the baseline knew it until 2020-01-31" in said(capsys, "validate", code=1)
    said(capsys, "baseline")
    assert len(known(project)) == 1
    said(capsys, "validate")


def test_as_many_of_a_kind_are_known_as_there_were():
    """Items of a list have no firm place, and may say the same: each entry knows one of them."""
    place = Location(Span("/p/compose.yaml", 5, 3, 5, 9), ("services", "web", "ports", 0))
    finding = Finding("x", Severity.ERROR, "service 'web': /tmp/copy-1/p/a is bad", place)
    moved = finding._replace(
        message="service 'web': /tmp/copy-2/p/a is bad",
        primary=place._replace(path=("services", "web", "ports", 7)),
    )
    verdict = Verdict((finding,), (), (), 1, 1, 0, 1, apart=(moved, moved))
    left = without_known(verdict, [known_of(finding, "/p")], "/p", {"x"}, {})
    assert (len(left.known), len(left.apart), left.gone) == (1, 1, ())


def test_programs_see_known_findings_as_suppressed(project, capsys):
    said(capsys, "baseline")
    log = json.loads(said(capsys, "validate", "--format", "sarif"))["runs"][0]
    assert [one["suppressions"] for one in log["results"]] == [[{"kind": "external"}]]
    assert json.loads(said(capsys, "validate", "--format", "gitlab")) == []
    (one,) = json.loads(said(capsys, "validate", "--json"))["known"]
    assert one["check"] == "restart-unknown"


def test_each_project_of_a_repository_has_its_own(project, capsys):
    for name in ("a", "b"):
        (project / name).mkdir()
        (project / name / "compose.yaml").write_text(OLD)
    (project / "compose.yaml").unlink()
    shown = said(capsys, "baseline", "-r")
    assert shown == "".join(f"{name}/{FILE}: 1 known, 1 of them new\n" for name in "ab")
    said(capsys, "validate", "-r")


def test_nothing_is_written_where_nothing_is_found(project, capsys):
    (project / "compose.yaml").write_text("services: {web: {image: 'nginx:1.27'}}\n")
    assert said(capsys, "baseline") == f"{FILE}: nothing to know\n"
    assert not (project / FILE).exists()


@pytest.mark.parametrize(
    "text",
    [
        "version = 2\n",
        "version = 1\nknown = 3\n",
        "version = 1\n[[known]]\ncheck = 'x'\n",
        "version = 1\n[[known]]\ncheck = 'x'\nid = 'y'\nexpires = 'soon'\n",
        "version = 1\n[[known]]\ncheck = 'x'\nid = 'y'\nother = 1\n",
        "= \n",
    ],
)
def test_a_file_that_cannot_be_read_is_said(project, capsys, text):
    (project / FILE).write_text(text)
    assert run(["check", "--engine", "none"]) == 2
    assert FILE in capsys.readouterr().err


def test_a_day_that_does_not_exist_is_refused(project, capsys):
    assert run(["baseline", "--expires", "2027-02-30"]) == 2
    assert "must be a date" in capsys.readouterr().err
