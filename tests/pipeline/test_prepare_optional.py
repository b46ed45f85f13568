"""`prepare` leaves empty what the project's own example has commented out, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from repository_support import SERVICE, commit, environment, ids_of, prepare, values


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def test_a_feature_that_is_off_stops_being_warned_of(project, capsys):
    lines = "    environment: ['OPENAI_API_KEY=${OPENAI_API_KEY}', 'REGION=${REGION}']\n"
    example = "A=1\n# only with OpenAI\n#OPENAI_API_KEY=sk-...\n# export REGION=eu\n"
    commit(project, compose__yaml=SERVICE + lines, __env__example=example)

    assert prepare(project) == 0

    assert "add 'REGION', empty" in capsys.readouterr().err
    text = (project / ".env").read_text()
    assert "# REGION: empty, as it is commented out in .env.example\nREGION=\n" in text
    assert environment(project, "app") == {"OPENAI_API_KEY": "", "REGION": ""}
    assert "variable-unset" not in ids_of(project, capsys)
    assert prepare(project, "--detailed-exit-code") == 0  # nothing is left to do


LEFT = {
    "the example does not name it": ("    environment: ['A=${OTHER}']\n", "#REGION=eu\n"),
    "a secret of one's own": ("    environment: ['A=${APP_PASSWORD}']\n", "#APP_PASSWORD=x\n"),
    "a default stands elsewhere": (
        "    environment: ['A=${REGION}', 'B=${REGION-eu}']\n",
        "#B=2\n",
    ),
    "only words": ("    environment: ['A=${REGION}']\n", "# the REGION=is where it runs\n"),
    "a name of a network": ("    network_mode: ${NET}\n    environment: {A: '1'}\n", "#NET=host\n"),
}


@pytest.mark.parametrize("why", LEFT)
def test_what_is_not_plainly_off_is_not_set_to_nothing(project, why):
    lines, example = LEFT[why]
    commit(project, compose__yaml=SERVICE + lines, __env__example=f"A=1\n{example}")

    prepare(project)

    made = project / ".env"
    assert "" not in (values(made) if made.exists() else {}).values()


def test_what_somebody_else_issues_in_two_halves_stays_empty(project):
    lines = "    env_file: [.env]\n"
    example = (
        "# of the bank: https://bank.example/keys, required for transfers\n"
        "BANK_SECRET_ID=\nBANK_SECRET_KEY=\n\n"
        "FILES_ACCESS_KEY=\nFILES_SECRET_KEY=\n\nAPP_SECRET_KEY=\n"
    )
    commit(project, compose__yaml=SERVICE + lines, __env__example=example)

    prepare(project)

    made = values(project / ".env")
    assert made["BANK_SECRET_KEY"] == made["FILES_SECRET_KEY"] == ""
    assert len(made["APP_SECRET_KEY"]) > 20
