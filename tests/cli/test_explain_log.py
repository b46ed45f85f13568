"""`bootready explain log`: what the lines of a log mean, also by tables of the project's own."""

import io
import json
import os
import sys

import pytest

from bootready.cli import run

LOG = """web-1  | listening on 0.0.0.0:80
api-1  | Error: getaddrinfo ENOTFOUND dbs
api-1  | Error: getaddrinfo ENOTFOUND dbs
db-1   | FATAL:  password authentication failed for user "app"
"""
TABLE = """title = "Shop"
[[row]]
id = "shop-closed"
kind = "no-database"
says = ["the catalogue {name} is closed"]
cause = "the catalogue '{name}' is closed"
remedy = "open it"
"""


@pytest.fixture
def explain(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def asked(*arguments: str) -> tuple[int, str, str]:
        code = run(["explain", *arguments])
        return code, *capsys.readouterr()

    return asked


def test_each_line_that_means_something_is_told(explain, tmp_path):
    (tmp_path / "failed.log").write_text(LOG)
    code, out, _ = explain("log", "failed.log")
    assert code == 0
    assert "line 2 of 'api' (and 1 more like it): Error: getaddrinfo ENOTFOUND dbs" in out
    assert "cause: no network of the service knows the host name 'dbs'  [node-unknown-host]" in out
    assert "line 4 of 'db'" in out
    assert "line 1" not in out
    assert out.endswith("2 causes known in it: 4 lines read\n")


def test_json_has_the_row_the_kind_and_the_names(explain, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LOG.encode())))
    code, out, _ = explain("log", "-", "--json")
    told = json.loads(out)
    assert (code, told["version"], told["lines"]) == (0, 1, 4)
    first, second = told["found"]
    assert (first["line"], first["service"], first["times"]) == (2, "api", 2)
    assert (first["row"], first["kind"], first["values"]["host"]) == (
        "node-unknown-host",
        "unknown-host",
        "dbs",
    )
    assert second["values"] == {"user": "app"}


def test_a_log_without_known_lines_is_no_error(explain, tmp_path):
    (tmp_path / "a.log").write_text("all is well\n")
    assert explain("log", "a.log")[:2] == (0, "nothing known in it: 1 line read\n")


def test_secrets_and_what_a_screen_obeys_are_not_shown(explain, tmp_path):
    (tmp_path / "compose.yaml").write_text(
        "services: {a: {image: x, environment: {DB_PASSWORD: Tr0ub4dor}}}\n"
    )
    (tmp_path / "a.log").write_text("\x1b[31mconnect ECONNREFUSED db:5432 Tr0ub4dor\x1b[0m\x07\n")
    _, out, _ = explain("log", "a.log")
    assert "Tr0ub4dor" not in out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "'db:5432'" in out


def test_a_table_of_the_project_is_asked_and_named(explain, tmp_path):
    (tmp_path / "words.toml").write_text(TABLE)
    (tmp_path / "bootready.toml").write_text('[diagnose]\nwords = ["words.toml"]\n')
    (tmp_path / "a.log").write_text("2024 shop: the catalogue toys is closed\n")
    _, out, _ = explain("log", "a.log")
    assert "cause: the catalogue 'toys' is closed  [shop-closed, words.toml]" in out


@pytest.mark.parametrize(
    ("settings", "table", "words"),
    [
        ('words = ["../w.toml"]', TABLE, "outside the project"),
        ('words = ["/etc/hostname"]', TABLE, "outside the project"),
        ('words = ["none.toml"]', TABLE, "No such file"),
        ('words = ["w.toml"]', "title = 3", "`title` must be a string"),
        ('words = ["w.toml"]', TABLE.replace("{name}", "{...}"), "begin or end"),
        ('words = "w.toml"', TABLE, "must be a list of files"),
        ('word = ["w.toml"]', TABLE, "not a setting"),
    ],
)
def test_a_table_that_is_wrong_is_told(explain, tmp_path, settings, table, words):
    (tmp_path / "w.toml").write_text(table.replace("the catalogue {...} is closed", "{...} closed"))
    (tmp_path / "bootready.toml").write_text(f"[diagnose]\n{settings}\n")
    (tmp_path / "a.log").write_text("x\n")
    code, _, err = explain("log", "a.log")
    assert code == 2
    assert words in err


def test_what_is_no_file_is_not_waited_for(explain, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "none.log", "."):
        code, out, err = explain("log", name)
        assert (code, out) == (2, "")
        assert name in err


def test_a_hostile_line_ends(explain, tmp_path):
    """Lines of one sign, of every sign that templates have, and of millions."""
    lines = [sign * 3000 for sign in "a./:'\"A_1 -{[(@\\"]
    lines += ["connect ECONNREFUSED " + "a" * 1_000_000, "lookup a" * 400, "is not set A_" * 300]
    (tmp_path / "a.log").write_text("\n".join(lines))
    code, out, _ = explain("log", "a.log")
    assert code == 0
    assert f"{len(lines)} lines read" in out
