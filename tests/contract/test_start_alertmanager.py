"""Alertmanager's configuration holds each variable as it was given, whatever characters it has."""

from __future__ import annotations

import shutil
import string
import subprocess
from pathlib import Path

import pytest
import yaml

from documents_support import ROOT

DIRECTORY = ROOT / "infra/06-observability/alertmanager"
NAMES = ("SMTP_SMARTHOST", "SMTP_FROM", "ALERT_EMAIL_TO", "SLACK_CHANNEL")
PRINTABLE = string.digits + string.ascii_letters + string.punctuation
SHELLS = [["sh"], ["busybox", "sh"]]
"""The image's shell and sed are busybox's."""


def configuration(directory: Path, shell: list[str], values: dict[str, str]) -> dict:
    """Return what the script makes of the variables, in a place of its own."""
    script = (DIRECTORY / "start-alertmanager.sh").read_text()
    for path in ("/run/secrets", "/etc/alertmanager", "/tmp"):
        (directory / path.rpartition("/")[2]).mkdir(exist_ok=True)
    for name in ("smtp_password", "slack_webhook"):
        (directory / "secrets" / name).write_text("secret")
    shutil.copy(DIRECTORY / "alertmanager.yml", directory / "alertmanager")
    script = script.replace("/tmp/", f"{directory}/tmp/")
    script = script.replace(" /etc/alertmanager/", f" {directory}/alertmanager/")
    script = script.replace('"/run/secrets', f'"{directory}/secrets')
    script = script.replace("exec /bin/alertmanager", "exit 0 #")
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    subprocess.run([*shell, "-c", script], env={**path, **values}, check=True)
    return yaml.safe_load((directory / "tmp/alertmanager.yml").read_text())


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
@pytest.mark.parametrize(
    "value",
    [
        PRINTABLE,
        PRINTABLE[::-1],
        " in the middle ",
        "@SMTP_FROM@ and @SLACK_CHANNEL@",
        "x40 \\x40 \\\\ \\n & && \\& | \"' ${HOME} $(id) `id`",
        "알림, é",
    ],
    ids=["printable", "backwards", "spaces", "placeholders", "escapes", "letters"],
)
def test_a_value_arrives_as_it_was_given(tmp_path: Path, shell: list[str], value: str) -> None:
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    values = {name: f"{number}{value}" for number, name in enumerate(NAMES)}
    made = configuration(tmp_path, shell, values)
    receiver = made["receivers"][0]
    assert made["global"]["smtp_smarthost"] == values["SMTP_SMARTHOST"]
    assert made["global"]["smtp_from"] == values["SMTP_FROM"]
    assert made["global"]["smtp_auth_username"] == values["SMTP_FROM"]
    assert receiver["email_configs"][0]["to"] == values["ALERT_EMAIL_TO"]
    assert receiver["slack_configs"][0]["channel"] == f"#{values['SLACK_CHANNEL']}"


def test_a_second_line_makes_no_key(tmp_path: Path) -> None:
    values = dict.fromkeys(NAMES, "x")
    values["SMTP_FROM"] = "a\n  smtp_require_tls: false"
    made = configuration(tmp_path, ["sh"], values)
    assert "smtp_require_tls" not in made["global"]
    assert made["global"]["smtp_from"] == "a   smtp_require_tls: false"
