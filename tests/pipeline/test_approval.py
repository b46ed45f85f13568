"""`fix --apply` writes nothing that the project's approval document does not approve."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.cli import run

COMPOSE = 'version: "3"\nservices: {a: {image: alpine}}\n'
NAMED = '[approval]\ndocument = "spec.md"\n'
APPROVED = "---\ntitle: a\nstatus: 'Approved'  # by all\n---\n"


def applied(directory: Path, settings: str, document: str) -> tuple[int, bool]:
    """The exit code of `fix --apply`, and whether it wrote."""
    (directory / "bootready.toml").write_text(settings)
    (directory / "spec.md").write_text(document)
    (directory / "compose.yaml").write_text(COMPOSE)
    code = run(["fix", "--apply", "-C", str(directory)])
    return code, (directory / "compose.yaml").read_text() != COMPOSE


@pytest.mark.parametrize("settings", ["", "[checks]\n"])
def test_without_an_approval_document_nobody_is_asked(tmp_path, settings):
    assert applied(tmp_path, settings, "") == (0, True)


def test_an_approved_document_lets_it_write(tmp_path):
    assert applied(tmp_path, NAMED, APPROVED) == (0, True)
    assert applied(tmp_path, NAMED, "\ufeff" + APPROVED.replace("\n", "\r\n")) == (0, True)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("---\nstatus: Draft\n---\n", id="a draft"),
        pytest.param("---\nstatus: approved\n---\n", id="another word"),
        pytest.param("---\nstatus: Approved, not yet\n---\n", id="more words"),
        pytest.param("status: Approved\n", id="no front matter"),
        pytest.param("---\ntitle: a\n---\nstatus: Approved\n", id="behind the front matter"),
        pytest.param("---\nstatus: Approved\n", id="a front matter that never ends"),
        pytest.param("---\nstatus: Approved\nstatus: Draft\n---\n", id="said twice"),
        pytest.param("---\nreview:\n  status: Approved\n---\n", id="of something else"),
    ],
)
def test_any_other_document_keeps_it_from_writing(tmp_path, document):
    assert applied(tmp_path, NAMED, document) == (1, False)


@pytest.mark.parametrize(
    "settings",
    [
        '[approval]\ndocumnt = "spec.md"\n',
        '[aproval]\ndocument = "spec.md"\n',
        'approval = "spec.md"\n',
        '[approval]\ndocument = ["spec.md"]\n',
        "[approval]\n",
        "[approval\n",
    ],
)
def test_a_misspelt_setting_approves_nothing(tmp_path, settings):
    assert applied(tmp_path, settings, APPROVED) == (2, False)
