"""Every report format says the same verdict, and none says a secret."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from bootready.cli import run
from bootready.errors import UsageError
from bootready.model.action import CreateDirectory
from bootready.model.finding import Finding, Remedy, Safety, Severity, Skipped, Verdict
from bootready.model.position import Location, Span
from bootready.report.excerpt import masked
from bootready.report.formats.render import FORMATS, render
from bootready.report.formats.text import Source, finding_text, is_ready, render_verdict

TEXT = (
    "services:\n  web:\n    environment:\n      DB_PASSWORD: hunter2hunter2\n    restart: allways\n"
)
PLACE = Location(Span("/p/compose.yaml", 5, 14, 5, 21), ("services", "web", "restart"), "here")
SECRET = Location(Span("/p/compose.yaml", 4, 20, 4, 34), (), "here")
SOURCE = Source("/p", {"/p/compose.yaml": TEXT})
FINDING = Finding(
    "restart-unknown", Severity.ERROR, "service 'web': unknown restart policy 'allways'", PLACE
)
OTHER = FINDING._replace(check_id="secret-inline", severity=Severity.WARNING, primary=SECRET)
VERDICT = Verdict(
    (FINDING, OTHER), (), (Skipped("image-absent", "needs the engine: x"),), 1, 1, 0, 9
)


@pytest.mark.parametrize("name", FORMATS)
def test_format_names_the_check_and_no_secret(name):
    """Each format has the finding and masks what a source line must not show."""
    said = render(name, VERDICT, SOURCE, "shop")
    assert "restart-unknown" in said
    assert "hunter2" not in said


def test_machine_formats_can_be_parsed():
    """JSON is JSON, XML is XML."""
    assert json.loads(render("json", VERDICT, SOURCE))["ready"] is False
    assert json.loads(render("sarif", VERDICT, SOURCE))["version"] == "2.1.0"
    assert len(json.loads(render("gitlab", VERDICT, SOURCE))) == 2
    assert ET.fromstring(render("junit", VERDICT, SOURCE)).get("failures") == "1"


def test_sarif_carries_the_page_the_edits_and_what_was_not_looked_at(tmp_path, capsys, monkeypatch):
    """A viewer can show why it matters, and make the same edit as `bootready fix`."""
    text = (
        "services:\n  web:\n    image: x\n    environment: {WORD: ok}\n"
        "    healthcheck: {test: 'test \"$WORD\" = ok'}\n"
    )
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    monkeypatch.delenv("WORD", raising=False)
    assert run(["check", "-C", str(tmp_path), "--engine", "none", "--format", "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)["runs"][0]
    (result,) = (one for one in log["results"] if one["ruleId"] == "dollar-unescaped")
    (change,) = result["fixes"][0]["artifactChanges"]
    (edit,) = change["replacements"]
    column = text.splitlines()[4].index("$") + 1
    assert edit["insertedContent"] == {"text": "$"}
    assert edit["deletedRegion"] == {
        "startLine": 5, "startColumn": column, "endLine": 5, "endColumn": column
    }  # fmt: skip
    (rule,) = (one for one in log["tool"]["driver"]["rules"] if one["id"] == "dollar-unescaped")
    assert "## Remedy" in rule["help"]["markdown"]
    skipped = log["invocations"][0]["toolConfigurationNotifications"]
    assert any("it was not queried" in entry["message"]["text"] for entry in skipped)


def test_a_control_character_leaves_junit_well_formed():
    """A file name may hold what XML cannot."""
    odd = VERDICT._replace(findings=(FINDING._replace(message="file 'a\x1bb': x"),))
    assert ET.fromstring(render("junit", odd, SOURCE)).get("failures") == "1"


def test_a_finding_without_a_place_stands_at_the_first_file_for_gitlab():
    """GitLab shows no finding that has no file."""
    nowhere = VERDICT._replace(findings=(FINDING._replace(primary=None),))
    (row,) = json.loads(render("gitlab", nowhere, SOURCE, "shop"))
    assert row["location"] == {"path": "compose.yaml", "lines": {"begin": 1}}


def test_github_gets_a_step_summary(tmp_path, capsys, monkeypatch):
    """Beside the annotations the findings are in the summary of the step."""
    (tmp_path / "compose.yaml").write_text("services:\n  web: {image: x, restart: allways}\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    options = ["--engine", "none", "--only", "restart-unknown", "--format", "github"]
    assert run(["check", "-C", str(tmp_path), *options]) == 1
    assert capsys.readouterr().out.startswith("::error file=compose.yaml,line=2,col=")
    assert "| error | `restart-unknown` |" in (tmp_path / "summary.md").read_text()


def test_unknown_format_is_a_usage_error():
    """A format that does not exist is named, with those that do."""
    with pytest.raises(UsageError, match="unknown format 'pdf'"):
        render("pdf", VERDICT, SOURCE)


def test_nothing_examined_is_never_ready():
    """A verdict without files or checks is not ready, whatever it found."""
    assert not is_ready(Verdict((), (), (), 0, 0, 0, 9))
    assert not is_ready(Verdict((), (), (), 1, 1, 0, 0))
    assert render_verdict(Verdict((), (), (), 0, 0, 0, 0), SOURCE).startswith("not ready: nothing")


def test_text_points_with_a_caret():
    """The text report shows the line, the caret under the value, and its label."""
    assert "5 |     restart: allways\n  |              ^^^^^^^ here" in render_verdict(
        VERDICT, SOURCE
    )


@pytest.mark.parametrize(
    ("path", "root", "command"),
    [
        pytest.param("/shop/data", "", "prepare", id="inside"),
        pytest.param("/data", "", "prepare --outside", id="outside"),
        pytest.param("/repo/data", "/repo", "prepare", id="in the repository"),
    ],
)
def test_the_remedy_is_the_command_that_does_it(path, root, command):
    """`prepare` alone leaves what is outside of the project's repository."""
    remedy = Remedy("creates it", Safety.SAFE, (CreateDirectory(path),))
    source = SOURCE._replace(directory="/shop", root=root)
    text = finding_text(FINDING._replace(primary=None, remedy=remedy), source)
    assert f"   = remedy: bootready {command}    creates it" in text


def test_services_that_share_a_line_have_no_other_place():
    """An anchor is one place, however many services refer to it."""
    shared = FINDING._replace(related=(FINDING.primary,) * 5, places=8)
    assert "also at" not in finding_text(shared, SOURCE)


@pytest.mark.parametrize(
    ("line", "file", "shown"),
    [
        pytest.param("  API_TOKEN: abc123", "c.yaml", "  API_TOKEN: ****", id="mapping"),
        pytest.param("  - DB_PASSWORD=abc", "c.yaml", "  - DB_PASSWORD=****", id="list"),
        pytest.param(
            "  A: ${DB_PASSWORD:-abc}", "c.yaml", "  A: ${DB_PASSWORD:-****}", id="default"
        ),
        pytest.param("  U: db://me:abc@host/x", "c.yaml", "  U: db://me:****@host/x", id="url"),
        pytest.param("NAME=abc", "/p/.env", "NAME=****", id="env file"),
        pytest.param("NAME=abc", "/p/.env.example", "NAME=abc", id="example"),
        pytest.param("DB_PASSWORD=a", "/p/app-env.sample", "DB_PASSWORD=****", id="its secret"),
        pytest.param("export TOKEN='a'", "/p/.env.dist", "export TOKEN='****'", id="exported"),
        pytest.param("URL=amqp://a:b@c", "/p/.env.example", "URL=amqp://a:****@c", id="its URL"),
        pytest.param(
            "    file: ./secrets/pw.txt", "c.yaml", "    file: ./secrets/pw.txt", id="path"
        ),
        pytest.param("  secrets: [token]", "c.yaml", "  secrets: [token]", id="grant"),
    ],
)
def test_values_of_secrets_are_masked(line, file, shown):
    """What a key says is a secret is not shown; paths and grants are."""
    assert masked(line, file) == shown
