"""A repository through every format of CI, each read by a program that others use.

Three projects, two of them the same, one that cannot be read, names that formats have to escape.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
import xmlschema
from jsonschema import Draft202012Validator
from junitparser import Failure, JUnitXml
from markdown_it import MarkdownIt
from sarif.loader import load_sarif_file

from bootready.cli import run

HERE = Path(__file__).parent
FAULTY = """\
services:
  web:
    image: nginx:1.27
    restart: allways
    environment: {A: "$NOWHERE", "x|y": "a,b:c%25"}
    secrets: [token]
secrets: {token: {file: ./token.txt}}
"""
FILES = {
    "svc/a b/compose.yaml": FAULTY,
    "svc/copy%20é/compose.yaml": FAULTY,
    "svc/ok/compose.yaml": "services: {web: {image: 'nginx:1.27'}}\n",
    "svc/bad/compose.yaml": "services: [\n",
}
TWINS = ("svc/a b/compose.yaml", "svc/copy%20é/compose.yaml")
IDS = {
    "restart-unknown": "error",
    "secret-file-missing": "error",
    "secret-unignored-by-git": "warning",
    "variable-unset": "warning",
}
"""What is found in each of the two that are the same, and how grave it is."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> Path:
    """The directory with one report in each format, as one run writes them."""
    place = tmp_path_factory.mktemp("reports")
    repository = place / "repository"
    for name, text in FILES.items():
        (repository / name).parent.mkdir(parents=True)
        (repository / name).write_text(text)
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=repository, check=True, capture_output=True)
    names = ("sarif", "junit", "gitlab", "github", "markdown")
    wishes = [word for name in names for word in ("--output", f"{name}={place}/{name}")]
    code = run(["check", "-C", str(repository), "-r", "--engine", "none", "-q", *wishes])
    assert code == 2, "one of them cannot be read"
    (place / "sarif").rename(place / "all.sarif")
    return place


def test_sarif_tools_reads_each_project_as_a_run(reports):
    """`sarif-tools` groups, compares and shows the reports of many programs."""
    log = load_sarif_file(str(reports / "all.sarif"))
    assert [tool.get_tool_name() for tool in log.runs] == ["bootready"] * 4
    records = log.get_records()
    found = [(unquote(one["Location"]), one["Code"], one["Severity"]) for one in records]
    for twin in TWINS:
        assert {(code, grave) for place, code, grave in found if place == twin} == set(IDS.items())
    (unread,) = (one for one in records if one["Location"] == "svc/bad/compose.yaml")
    assert (unread["Code"], unread["Severity"], unread["Line"]) == ("compose-refuses", "error", 2)
    lines = {one["Code"]: one["Line"] for one in records if unquote(one["Location"]) == TWINS[0]}
    assert (lines["restart-unknown"], lines["secret-file-missing"]) == (4, 7)


def test_sarif_is_what_the_standard_says(reports):
    log = json.loads((reports / "all.sarif").read_text())
    schema = json.loads((HERE / "sarif.schema.json").read_text())
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(log)
    runs = log["runs"]
    assert len({run["automationDetails"]["id"] for run in runs}) == len(runs)
    prints = [
        (result["ruleId"], *result["partialFingerprints"].values())
        for run in runs
        for result in run["results"]
    ]
    assert max(Counter(prints).values()) == 1, "the two that are the same are told apart"


def test_junitparser_reads_a_suite_for_each_project(reports):
    xmlschema.XMLSchema(str(HERE / "junit.xsd")).validate(str(reports / "junit"))
    suites = {suite._elem.get("package"): suite for suite in JUnitXml.fromfile(reports / "junit")}
    assert set(suites) == {str(Path(name).parent) for name in FILES}
    for twin in TWINS:
        suite = suites[str(Path(twin).parent)]
        failed = [
            case.classname for case in suite for one in case.result if isinstance(one, Failure)
        ]
        assert sorted(failed) == sorted(one for one, grave in IDS.items() if grave == "error")
        assert suite.failures == len(failed)
        assert suite.tests == len(list(suite))
        assert f"({twin}:4:14)" in "".join(case.name for case in suite)
    assert suites["svc/ok"].failures == 0
    assert suites["svc/bad"].failures == 1


def test_a_report_on_one_project_is_held_to_the_same(tmp_path, capsys, monkeypatch):
    (tmp_path / "compose.yaml").write_text(FAULTY.replace("A:", '"<&\\x01":'))
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--engine", "none", "--format", "junit"]) == 1
    xmlschema.XMLSchema(str(HERE / "junit.xsd")).validate(capsys.readouterr().out)


def test_code_quality_tells_every_finding_apart(reports):
    rows = json.loads((reports / "gitlab").read_text())
    Draft202012Validator(json.loads((HERE / "codequality.schema.json").read_text())).validate(rows)
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    for twin in TWINS:
        found = {row["check_name"] for row in rows if row["location"]["path"] == twin}
        assert found == set(IDS)


COMMAND = re.compile(
    r"::(error|warning|notice) ((?:\w+=[^,:\s]*(?: [^,:]*)?)(?:,\w+=[^,:]*)*)::(.*)"
)
"""A workflow command: its name, its properties, its message, each escaped in its own way."""


def test_github_reads_a_command_in_every_line(reports):
    said = []
    for line in (reports / "github").read_text().splitlines():
        name, properties, message = COMMAND.fullmatch(line).groups()
        fields = dict(one.split("=", 1) for one in properties.split(","))
        assert re.fullmatch(r"(?:[^%]|%25|%0D|%0A)*", message), line
        assert set(fields) <= {"file", "line", "col", "title"}
        said.append((name, _read(fields.get("file", "")), fields["title"]))
    for twin in TWINS:
        found = {title: name for name, file, title in said if file == twin}
        assert found == IDS
    assert said[-1] == ("notice", "", "bootready")


def _read(text: str) -> str:
    """Undo the escapes of a property, the sign that they begin with at last."""
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_markdown_has_whole_tables(reports):
    """A cell that broke its row would make it another row, or none."""
    tokens = MarkdownIt("commonmark").enable("table").parse((reports / "markdown").read_text())
    kinds = Counter(token.type for token in tokens)
    assert kinds["table_open"] == 4, "one of the projects, and one for each that has findings"
    rows = kinds["tr_open"] - kinds["thead_open"]
    assert rows == len(FILES) + 2 * len(IDS) + 1
    assert not any(
        "|" in token.content and token.type == "inline" and token.level == 1 for token in tokens
    )
