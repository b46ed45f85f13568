"""Many services with one fault are many repairs: each is made or withdrawn for itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootready.cli import run

SERVICE = """\
  {name}:
    image: postgres:17
    environment: {{POSTGRES_USER: u}}
    healthcheck: {{test: "pg_isready -U {dollar}POSTGRES_USER"}}
"""


def fixed(directory: Path, text: str, *more: str) -> str:
    """The Compose file after `fix --apply`; a second run must find nothing."""
    path = directory / "compose.yaml"
    path.write_text(text)
    assert run(["fix", "-C", str(directory), "--apply", *more]) == 0
    assert run(["fix", "-C", str(directory), "--detailed-exit-code", *more]) == 0
    return path.read_text()


def test_one_run_repairs_more_services_than_a_finding_names(tmp_path):
    names = [f"db{number}" for number in range(12)]

    def text(dollar: str) -> str:
        return "services:\n" + "".join(SERVICE.format(name=one, dollar=dollar) for one in names)

    assert fixed(tmp_path, text("$")) == text("$$")


def test_one_unsafe_run_repairs_every_dependency(tmp_path):
    waits = "  w{}:\n    image: web\n    depends_on: {{db: {{condition: service_healthy}}}}\n"
    head = "services:\n  db: {image: db, healthcheck: {disable: true}}\n"
    text = head + "".join(waits.format(number) for number in range(4))
    assert "service_healthy" not in fixed(tmp_path, text, "--unsafe")


ANCHOR = """\
x-health: &health
  test: [CMD-SHELL, 'pg_isready -U $POSTGRES_USER'] # mine
services:
  a: &a
    image: postgres:17
    environment: {POSTGRES_USER: u}
    healthcheck: *health
  b: {<<: *a, container_name: b}
"""


def test_an_anchor_is_repaired_where_all_that_read_it_agree(tmp_path):
    assert fixed(tmp_path, ANCHOR) == ANCHOR.replace("$P", "$$P")


def test_an_anchor_is_left_where_one_service_may_mean_something_else(tmp_path):
    other = "  c: {image: postgres:17, healthcheck: *health}\n"
    assert fixed(tmp_path, ANCHOR + other) == ANCHOR + other


def test_what_has_no_shell_is_left_beside_what_has_one(tmp_path):
    plain = "  p: {image: postgres:17, environment: {POSTGRES_USER: u},"
    plain += " healthcheck: {test: [CMD, pg_isready, -U, $POSTGRES_USER]}}\n"
    shell = "services:\n" + SERVICE.format(name="db", dollar="$")
    assert fixed(tmp_path, shell + plain) == shell.replace("$P", "$$P") + plain


def test_a_byte_order_mark_moves_no_edit_of_the_first_line(tmp_path):
    text = "\ufeffservices: {db: {image: a, environment: {A: b}, healthcheck: {test: '[ $A ]'}}}\n"
    assert fixed(tmp_path, text) == text.replace("$A", "$$A")


@pytest.mark.parametrize("end", ["", "\n"])
def test_git_applies_the_diff_of_new_files_and_of_files_in_any_encoding(tmp_path, capfdbinary, end):
    def git(*words: str, data: bytes = b"") -> None:
        subprocess.run(["git", *words], cwd=tmp_path, input=data, check=True)

    git("init", "-q")
    (tmp_path / "compose.yaml").write_text(
        "services:\n  a: {image: web, entrypoint: /r.sh, volumes: ['./r.sh:/r.sh'], secrets: [s]}\n"
        "secrets: {s: {file: ./private/s}}\n"
    )
    (tmp_path / "r.sh").write_bytes(b"#!/bin/sh\r\necho a\r\n")
    (tmp_path / ".gitignore").write_bytes(b"# caf\xe9" + end.encode())
    git("add", "-A")
    capfdbinary.readouterr()
    assert run(["fix", "-C", str(tmp_path)]) == 0
    git("apply", data=capfdbinary.readouterr().out)
    assert (tmp_path / ".gitattributes").read_text() == "*.sh text eol=lf\n"
    assert (tmp_path / ".gitignore").read_bytes() == b"# caf\xe9\n/private/s\n"
    assert (tmp_path / "r.sh").read_bytes() == b"#!/bin/sh\necho a\n"
    assert run(["fix", "-C", str(tmp_path), "--detailed-exit-code"]) == 0


def test_a_diff_masks_secrets_and_git_refuses_it_but_applies_the_exact_one(tmp_path, capfd):
    text = (
        "services:\n  a:\n    image: redis:7\n    environment:\n      DB_PASSWORD: not-for-logs\n"
    )
    text += "    healthcheck: {test: redis-cli -a $PW ping}\n"
    (tmp_path / "compose.yaml").write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    command = ["fix", "--unsafe", "-C", str(tmp_path)]

    def applied() -> int:
        diff = capfd.readouterr().out
        done = subprocess.run(["git", "apply"], cwd=tmp_path, input=diff, text=True, check=False)
        return done.returncode

    assert run(command) == 0
    shown = capfd.readouterr()
    assert "DB_PASSWORD: ****" in shown.out
    assert "1 line holds a secret" in shown.err
    assert "not-for-logs" not in shown.out + shown.err
    run(command)
    assert applied() != 0
    run([*command, "--exact"])
    assert applied() == 0
    assert (tmp_path / "compose.yaml").read_text() == text.replace("$PW", "$$PW")
