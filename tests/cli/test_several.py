"""The projects of a repository are looked at in one run: one verdict, a line for each."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from bootready.cli import run

READY = "services:\n  web:\n    image: nginx:1.27\n"
POLICY = f"{READY}    restart: allways\n"
SCHEMAS = Path(__file__).parents[2] / "docs/reference"
SCHEMA_NAMES = ("check.schema.json", "repository.schema.json")
SARIF_SCHEMA = Path(__file__).parents[1] / "report/sarif.schema.json"


def git(directory: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.test")
    subprocess.run(["git", "-C", str(directory), *who, *arguments], check=True, capture_output=True)


def commit(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(directory, "init", "-q")
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "-m", "all")


@pytest.fixture
def monorepo(tmp_path, monkeypatch) -> Path:
    """Three projects, two of them the same, and one that is ready."""
    files = {
        "svc/a b/compose.yaml": POLICY,
        "svc/copy/compose.yaml": POLICY,
        "svc/ok/docker-compose.yml": READY,
        "svc/ok/docker-compose.dev.yml": READY,
    }
    commit(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 1) -> str:
    assert run(["check", "--engine", "none", *arguments]) == code
    return capsys.readouterr().out


def test_one_verdict_has_a_line_for_each_project(monorepo, capsys):
    lines = said(capsys, "-r").splitlines()
    assert "svc/a b   not ready: 1 error" in lines
    assert "svc/copy  not ready: 1 error" in lines
    assert "svc/ok    ready: no findings" in lines
    assert "not ready: 2 of 3 projects; looked at 3 files and 3 services" in lines
    assert "  --> svc/a b/compose.yaml:4:14" in lines  # a terminal opens it from here
    assert "1 more file is loaded only with -f, and not looked at (-v names them)" in lines


def test_variants_are_offered_not_guessed(monorepo, capsys):
    words = "not looked at: -f svc/ok/docker-compose.yml -f svc/ok/docker-compose.dev.yml"
    assert words in said(capsys, "-r", "-v")


def test_several_directories_count_each(monorepo, capsys):
    """The first one was once dropped without a word."""
    assert "not ready: 1 of 2 projects" in said(capsys, "-C", "svc/copy", "-C", "svc/ok")
    assert "ready: 1 project;" in said(capsys, "-C", "svc/ok", "-r", code=0)


@pytest.mark.parametrize("command", ["fix", "prepare", "config", "status"])
def test_commands_of_one_project_refuse_a_second_directory(monorepo, capsys, command):
    assert run([command, "-C", "svc/ok", "-C", "svc/copy"]) == 2
    assert "given twice" in capsys.readouterr().err


def test_sarif_has_a_run_for_each_project(monorepo, capsys):
    log = json.loads(said(capsys, "-r", "--format", "sarif"))
    Draft202012Validator(json.loads(SARIF_SCHEMA.read_text())).validate(log)
    assert [one["automationDetails"]["id"] for one in log["runs"]] == [
        "bootready/svc/a b/",
        "bootready/svc/copy/",
        "bootready/svc/ok/",
    ]
    (base,) = {one["originalUriBaseIds"]["%SRCROOT%"]["uri"] for one in log["runs"]}
    assert base.endswith(f"{monorepo.name}/")
    results = [one for run_ in log["runs"] for one in run_["results"]]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in results]
    assert places == [
        {"uri": "svc/a%20b/compose.yaml", "uriBaseId": "%SRCROOT%"},
        {"uri": "svc/copy/compose.yaml", "uriBaseId": "%SRCROOT%"},
    ]
    prints = [one["partialFingerprints"]["bootready/v2"] for one in results]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("form", ["github", "gitlab"])
def test_annotations_land_on_files_of_the_repository(monorepo, capsys, form):
    shown = said(capsys, "-r", "--format", form)
    if form == "github":
        files = [line.partition("file=")[2].partition(",")[0] for line in shown.splitlines()]
        files = [name for name in files if name]
    else:
        rows = json.loads(shown)
        files = [row["location"]["path"] for row in rows]
        assert len({row["fingerprint"] for row in rows}) == len(rows)
        # https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
        for row in rows:
            assert {"description", "check_name", "fingerprint", "location", "severity"} == set(row)
            assert row["severity"] in {"info", "minor", "major", "critical", "blocker"}
            assert row["location"]["lines"]["begin"] >= 1
    assert files == ["svc/a b/compose.yaml", "svc/copy/compose.yaml"]
    assert all((monorepo / name).is_file() for name in files)


def test_junit_has_a_suite_for_each_project(monorepo, capsys):
    root = ET.fromstring(said(capsys, "-r", "--format", "junit"))
    assert root.tag == "testsuites"
    assert [suite.get("package") for suite in root] == ["svc/a b", "svc/copy", "svc/ok"]
    assert [suite.get("failures") for suite in root] == ["1", "1", "0"]
    # What the schema of Jenkins' xUnit plugin (junit-10.xsd) demands of a suite.
    assert all({"name", "tests", "failures", "errors"} <= set(suite.keys()) for suite in root)
    for suite in root:
        *cases, last = suite
        assert int(suite.get("tests", "")) == len(cases)
        assert last.tag == "system-out"
        for case in cases:
            assert case.tag == "testcase"
            assert case.get("name")
            assert case.get("classname")
            assert {part.tag for part in case} <= {"failure", "skipped", "system-out"}


def test_json_holds_each_verdict_as_of_one_project(monorepo, capsys):
    values = json.loads(said(capsys, "-r", "--json"))
    check, several = (json.loads((SCHEMAS / name).read_text()) for name in SCHEMA_NAMES)
    known = Registry().with_resource("check.schema.json", Resource.from_contents(check))
    Draft202012Validator(several, registry=known).validate(values)
    assert [one["project"]["path"] for one in values["projects"]] == [
        "svc/a b",
        "svc/copy",
        "svc/ok",
    ]
    assert not values["ready"]
    assert values["variants"] == [
        {
            "file": str(monorepo / "svc/ok/docker-compose.dev.yml"),
            "after": str(monorepo / "svc/ok/docker-compose.yml"),
        }
    ]


def test_markdown_has_a_table_of_projects(monorepo, capsys):
    shown = said(capsys, "-r", "--format", "markdown")
    assert "| `svc/ok` | ready: no findings |" in shown
    assert "### `svc/copy`" in shown


def test_one_that_cannot_be_read_does_not_hide_the_others(monorepo, capsys):
    commit(monorepo, {"svc/bad/compose.yaml": "services: [\n", "svc/ok/bootready.toml": "x = ["})
    shown = said(capsys, "-r", code=2)
    assert "svc/bad   cannot be read" in shown
    assert "svc/ok    cannot be read" in shown
    assert "svc/copy  not ready: 1 error" in shown
    results = json.loads(said(capsys, "-r", "--format", "sarif", code=2))["runs"]
    (bad,) = (one for one in results if one["automationDetails"]["id"] == "bootready/svc/bad/")
    assert bad["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1


def test_what_a_project_includes_is_a_part_of_it(tmp_path, capsys, monkeypatch):
    files = {
        "compose.yaml": "include: [tier/compose.yaml]\nservices: {}\n",
        "tier/compose.yaml": POLICY,
        "other/compose.yaml": READY,
    }
    commit(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    shown = said(capsys, "-r")
    assert shown.count("error[restart-unknown]") == 1
    assert "tier   part of another project, which includes it" in shown
    assert "not ready: 1 of 2 projects" in shown


def test_a_repository_without_a_project_says_so(tmp_path, capsys, monkeypatch):
    commit(tmp_path, {"README": ""})
    monkeypatch.chdir(tmp_path)
    assert run(["check", "-r"]) == 2
    assert "no Compose file that git tracks" in capsys.readouterr().err


def test_one_project_is_not_meant_by_words_for_several(monorepo, capsys):
    assert run(["check", "-r", "-f", "svc/ok/docker-compose.yml"]) == 2
    assert "--recursive looks at several" in capsys.readouterr().err


MOVED = f"# one\n# two\n\n{POLICY}"


def test_fingerprints_survive_moved_lines_and_places(monorepo, capsys, tmp_path_factory):
    def prints() -> list[str]:
        runs = json.loads(said(capsys, "-r", "--format", "sarif"))["runs"]
        return [
            one["partialFingerprints"]["bootready/v2"] for run_ in runs for one in run_["results"]
        ]

    before = prints()
    (monorepo / "svc/copy/compose.yaml").write_text(MOVED)
    assert prints() == before
    (monorepo / "svc/copy/compose.yaml").write_text(POLICY.replace("web", "shop"))
    assert prints()[0] == before[0]
    assert prints()[1] != before[1]


CHANGES = [
    pytest.param("a/compose.yaml", id="its file"),
    pytest.param("a/app.env", id="an env file"),
    pytest.param("a/.env.example", id="the example of its .env"),
    pytest.param("a/compose.override.yaml", id="a new override"),
    pytest.param("shared/more.yaml", id="an include"),
    pytest.param("image/src/deep.py", id="a build context"),
    pytest.param("conf/nginx.conf", id="a mounted file"),
    pytest.param("conf/dir/x", id="a file in a mounted directory"),
    pytest.param("bootready.toml", id="nothing of it"),
]


@pytest.mark.parametrize("changed", CHANGES)
def test_only_projects_that_a_change_touches_are_looked_at(tmp_path, capsys, monkeypatch, changed):
    text = """\
        include: [../shared/more.yaml]
        services:
          web:
            build: ../image
            env_file: [app.env]
            volumes: ["../conf/nginx.conf:/n:ro", "../conf/dir:/d"]
        """
    files = {
        "a/compose.yaml": textwrap.dedent(text),
        "a/app.env": "A=b\n",
        "a/.env.example": "A=b\n",
        "shared/more.yaml": READY.replace("web", "more"),
        "image/Dockerfile": "FROM scratch\n",
        "image/src/deep.py": "",
        "conf/nginx.conf": "",
        "conf/dir/x": "",
        "b/compose.yaml": READY,
    }
    commit(tmp_path, files)
    git(tmp_path, "checkout", "-q", "-b", "work")
    kept = files.get(changed, "services: {}\n" if changed.endswith("yaml") else "")
    commit(tmp_path, {changed: f"{kept}# changed\n"})
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--engine", "none", "-r", "--changed-since", "HEAD~1", "--json"]) in {0, 1}
    values = json.loads(capsys.readouterr().out)
    touched = [one["project"]["path"] for one in values["projects"]]
    expected = [] if changed == "bootready.toml" else ["a"]
    assert touched == expected
    assert len(values["unchanged"]) == 2 - len(expected)


def test_what_is_staged_or_edited_counts_as_changed(monorepo, capsys):
    (monorepo / "svc/copy/compose.yaml").write_text(MOVED)
    assert "svc/copy  not ready" in said(capsys, "-r", "--changed-since", "HEAD")
    git(monorepo, "add", "-A")
    shown = said(capsys, "-r", "--changed-since", "HEAD")
    assert "svc/copy  not ready" in shown
    assert "not ready: 1 of 1 project; looked at 1 files and 1 services; 2 unchanged" in shown


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:svc"])
def test_a_revision_that_git_does_not_know_is_said(monorepo, capsys, revision):
    assert run(["check", "-r", f"--changed-since={revision}"]) == 2
    assert "is not a commit that git knows here" in capsys.readouterr().err
    assert not (monorepo / "x").exists()


def test_validate_looks_at_several_as_well(monorepo, capsys, monkeypatch):
    monkeypatch.setenv("BOOTREADY_COMPOSE", str(monorepo / "nothing"))
    assert run(["validate", "-r"]) == 1
    assert "not ready: 2 of 3 projects" in capsys.readouterr().out


DIVIDED = """
import os
from bootready.pipeline.parallel import in_parallel
from bootready.pipeline import parallel
parallel._cores = lambda: 3
here = os.getpid()
def make():
    def work(piece):
        if piece == 5 and os.getpid() != here:
            raise ValueError("a child could not do it")
        return piece * piece
    return work
print(in_parallel(range(40), make) == [one * one for one in range(40)])
"""


def test_divided_work_comes_back_in_order_whatever_becomes_of_a_child():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DIVIDED], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_projects_near_a_directory_without_one_are_named(monorepo, capsys, monkeypatch):
    assert run(["check"]) == 2
    assert "name the directory: -C 'svc/a b'" in capsys.readouterr().err
    (monorepo / "svc/copy/compose.yaml").rename(monorepo / "svc/copy/docker-compose.pg.yml")
    assert run(["check", "-C", "svc/copy"]) == 2
    assert "name the files: -f docker-compose.pg.yml" in capsys.readouterr().err


def test_fix_repairs_every_project_in_a_diff_that_git_takes(tmp_path, capfd, monkeypatch):
    text = f"version: '3'\n{READY}"
    files = {"a/compose.yaml": text, "b/compose.yaml": text, "bad/compose.yaml": "services: [\n"}
    commit(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    assert run(["fix", "-r"]) == 2  # one of them cannot be read
    shown = capfd.readouterr()
    assert "--- a/a/compose.yaml" in shown.out
    assert "+++ b/b/compose.yaml" in shown.out
    assert "bad/compose.yaml:" in shown.err
    subprocess.run(["git", "apply", "-"], input=shown.out, text=True, check=True)
    assert [(tmp_path / name / "compose.yaml").read_text() for name in "ab"] == [READY] * 2
    assert run(["fix", "-r", "--json"]) == 2
    assert "--json is of one project" in capfd.readouterr().err


def test_settings_of_the_repository_hold_for_projects_without_their_own(monorepo, capsys):
    shared = '[checks]\nfail-on = "note"\n[checks.ignore]\nrestart-unknown = "as agreed"\n'
    commit(monorepo, {"bootready.toml": shared, "svc/copy/bootready.toml": ""})
    lines = said(capsys, "-r").splitlines()
    assert "svc/a b   ready: no findings" in lines
    assert "svc/copy  not ready: 1 error" in lines  # the nearest file counts, and it alone
    assert "svc/ok    ready: no findings" in lines  # which has no use for the silence
    assert run(["validate", "-C", "svc/a b"]) == 0
    capsys.readouterr()


def test_comparing_runs_no_program_of_the_repository(monorepo, capsys):
    """Its configuration may come with an archive, and name programs for many occasions."""
    ran = monorepo / "ran"
    program = monorepo / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 1\n")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "diff.external", "filter.x.clean"):
        git(monorepo, "config", key, str(program))
    for hook in ("post-index-change", "pre-commit", "reference-transaction"):
        (monorepo / ".git/hooks" / hook).symlink_to(program)
    (monorepo / ".git/info/attributes").write_text("* filter=x diff=x\n")
    git(monorepo, "config", "remote.origin.url", "ssh://nowhere.invalid/x")
    git(monorepo, "config", "remote.origin.promisor", "true")
    git(monorepo, "config", "extensions.partialClone", "origin")
    (monorepo / "svc/copy/compose.yaml").write_text(MOVED)
    for revision in ("HEAD", "0123456789012345678901234567890123456789"):
        assert run(["check", "-r", "--engine", "none", "--changed-since", revision]) in {1, 2}
    assert not ran.exists()


def test_an_index_made_by_hand_leads_nowhere(tmp_path, capsys, monkeypatch):
    outside = tmp_path / "out"
    outside.mkdir()
    (outside / "compose.yaml").write_text(POLICY)
    commit(tmp_path / "repo", {"xx/out/compose.yaml": READY, "ok/compose.yaml": READY})
    index = tmp_path / "repo/.git/index"
    index.write_bytes(index.read_bytes().replace(b"xx/out/compose.yaml", b"../out/compose.yaml"))
    monkeypatch.chdir(tmp_path / "repo")
    shown = said(capsys, "-r", code=0)
    assert "ready: 1 project; looked at 1 files" in shown
    assert run(["validate", "-C", "ok"]) == 0
    capsys.readouterr()


def test_sarif_names_a_place_once_that_an_anchor_gives_to_several(tmp_path, capsys, monkeypatch):
    """The standard demands it, and upload to code scanning refuses the file otherwise."""
    services = "".join(f"  s{number}: *base\n" for number in range(4))
    text = f"x-base: &base\n  image: nginx:1.27\n  restart: allways\nservices:\n{services}"
    commit(tmp_path, {"compose.yaml": text})
    monkeypatch.chdir(tmp_path)
    log = json.loads(said(capsys, "--format", "sarif"))
    Draft202012Validator(json.loads(SARIF_SCHEMA.read_text())).validate(log)
