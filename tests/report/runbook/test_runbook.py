"""The runbook of a project says what its files say, the same everywhere, and no secret."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.errors import UsageError
from bootready.model.action import SecretKind
from bootready.report.runbook.markers import renewed
from bootready.report.runbook.tables import SECTIONS
from bootready.report.runbook.words import LANGUAGES, words_of

SHOP = Path(__file__).parent / "shop"
MARKED = "# Ours\n\n<!-- bootready runbook: secrets -->\n<!-- /bootready runbook -->\n\nEnd.\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A clone of the project `shop`, in which every file is tracked by git."""
    directory = tmp_path / "clone" / "shop"
    shutil.copytree(SHOP, directory)
    for words in (["init", "-q"], ["add", "-A", "-f"]):
        subprocess.run(["git", "-c", "core.autocrlf=false", *words], cwd=directory, check=True)
    monkeypatch.chdir(directory)
    return directory


@pytest.mark.parametrize("language", LANGUAGES)
def test_runbook_of_a_project_is_golden(shop, capsys, golden, language):
    assert run(["runbook", "--language", language]) == 0
    produced = capsys.readouterr().out
    # The last section is the catalogue's own: it grows with every check.
    head, _, failures = produced.partition(f"## {words_of(language)['failures']}\n")
    golden(head, Path(__file__).parent / f"shop.{language}.md")
    assert "| `secret-file-missing` | the file of a secret does not exist |" in failures
    assert "hunter2" not in produced


def test_what_lies_on_the_machine_changes_nothing(shop, capsys, monkeypatch):
    """A prepared tree, somebody's .env and somebody's shell give the bytes of a fresh clone."""
    run(["runbook"])
    before = capsys.readouterr().out
    (shop / "data/db").mkdir(parents=True)
    (shop / "secrets").mkdir()
    (shop / "secrets/db_password.txt").write_text("hunter2hunter2")
    (shop / ".env").write_text("DOMAIN=mine.example\nDB_PASSWORD=hunter2hunter2\n")
    monkeypatch.setenv("WEB_PORT", "9999")
    run(["runbook"])
    assert capsys.readouterr().out == before


def test_a_language_has_the_words_of_the_other():
    assert words_of("en").keys() == words_of("ko").keys()
    for kind in SecretKind:
        assert f"kind_{kind.value}" in words_of("en")
    with pytest.raises(UsageError, match="unknown language 'xx'"):
        words_of("xx")


def test_update_renews_the_marked_place_and_nothing_else(shop, capsys):
    page = shop / "BOOT.md"
    page.write_text(MARKED)
    assert run(["runbook", "--update", "BOOT.md", "--check"]) == 1
    assert page.read_text() == MARKED
    assert "+| `db_password` |" in capsys.readouterr().out
    assert run(["runbook", "--update", "BOOT.md"]) == 0
    text = page.read_text()
    assert text.startswith("# Ours\n\n<!-- bootready runbook: secrets -->\n\n| secret |")
    assert text.endswith("\n\n<!-- /bootready runbook -->\n\nEnd.\n")
    assert run(["runbook", "--update", "BOOT.md", "--check"]) == 0


def test_update_keeps_line_ends_mode_and_examples_of_markers(shop):
    page = shop / "BOOT.md"
    example = "```\n<!-- bootready runbook: secrets -->\n```\n"
    page.write_bytes((example + MARKED).replace("\n", "\r\n").encode())
    page.chmod(0o640)
    link = shop / "LINK.md"
    link.symlink_to(page)
    assert run(["runbook", "--update", "LINK.md"]) == 0
    data = page.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert data.startswith(example.replace("\n", "\r\n").encode())
    assert b"| `db_password` |" in data
    assert page.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert run(["runbook", "--update", "BOOT.md", "--check"]) == 0


def test_output_is_compared_and_written(shop):
    assert run(["runbook", "-o", "RUNBOOK.md", "--check"]) == 1
    assert not (shop / "RUNBOOK.md").exists()
    assert run(["runbook", "-o", "RUNBOOK.md"]) == 0
    assert run(["runbook", "-o", "RUNBOOK.md", "--check"]) == 0
    compose = shop / "compose.yaml"
    compose.write_text(compose.read_text().replace("8080", "8081"))
    assert run(["runbook", "-o", "RUNBOOK.md", "--check"]) == 0, "the template says the port"
    (shop / ".env.example").write_text("WEB_PORT=8090\n")
    assert run(["runbook", "-o", "RUNBOOK.md", "--check"]) == 1


def test_every_section_can_be_printed_alone(shop, capsys):
    for name in SECTIONS:
        assert run(["runbook", "--section", name]) == 0
        assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("plain\n", "no marker in it", id="no marker"),
        pytest.param("<!-- bootready runbook: secrets -->\n", "ends this marker", id="no end"),
        pytest.param(
            "<!-- bootready runbook: nonsense -->\n<!-- /bootready runbook -->\n",
            "unknown section 'nonsense'",
            id="unknown section",
        ),
        pytest.param(
            "<!-- bootready runbook: secrets -->\n<!-- bootready runbook: boot -->\n",
            "a marker inside",
            id="nested",
        ),
    ],
)
def test_a_document_that_cannot_be_renewed_is_named(text, complaint):
    with pytest.raises(UsageError, match=complaint):
        renewed(text, "x.md", lambda _language: {"secrets": "s", "boot": "b"})


def test_check_without_a_file_is_a_usage_error(shop):
    assert run(["runbook", "--check"]) == 2
