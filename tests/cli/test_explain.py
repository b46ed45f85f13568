"""`bootready explain`: where a value comes from, and never a secret's value."""

from __future__ import annotations

import json

import pytest

from bootready.cli import run

COMPOSE = """\
name: shop
services:
  web:
    image: busybox
    environment:
      DB_URL: postgres://${DB_USER:-app}@db/${DB_NAME}
      TOKEN: ${TOK}
    ports:
      - "${PORT:-8080}:80"
    secrets: [pw]
secrets:
  pw: {file: ./pw.txt}
  tok: {environment: TOK}
"""
OVERRIDE = "services: {web: {image: busybox:2}}\n"


@pytest.fixture
def explain(tmp_path, monkeypatch, capsys):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "compose.override.yaml").write_text(OVERRIDE)
    (tmp_path / ".env").write_text("DB_NAME=orders\nTOK=hunter2\n")
    for name in ("DB_USER", "DB_NAME", "TOK", "PORT", "COMPOSE_FILE"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["explain", "-C", str(tmp_path), *arguments])
        printed = capsys.readouterr()
        assert "hunter2" not in printed.out + printed.err
        return code, printed.out, printed.err

    return call


@pytest.mark.parametrize(
    ("what", "lines"),
    [
        pytest.param(
            "services.web.environment.DB_URL",
            [
                "   = value: postgres://app@db/orders",
                "  --> compose.yaml:6:15",
                "   = default: 'DB_USER' is not set, so the default 'app' is used",
                "  --> .env:1:1",
            ],
            id="a template names its variables and defaults",
        ),
        pytest.param(
            "services.web.image",
            [
                "   = value: busybox:2",
                "  --> compose.override.yaml:1:25",
                "  --> compose.yaml:4:12",
            ],
            id="an overridden value shows both places",
        ),
        pytest.param(
            "services.web.ports[0].published",
            ["   = value: 8080", "  --> compose.yaml:9:9"],
            id="a long syntax points at the short one",
        ),
        pytest.param(
            "TOK",
            ["   = value: ****", "  --> .env:2:1", "  --> compose.yaml:7:14"],
            id="a variable that a secret is made of is hidden",
        ),
        pytest.param(
            "pw",
            [
                "   = value: hidden, it is a secret",
                "   = file: its content is the file 'pw.txt'",
                "   = granted: given to service 'web' as /run/secrets/pw",
            ],
            id="a secret says where its content comes from and who gets it",
        ),
    ],
)
def test_it_shows_what_made_a_value(explain, what, lines):
    code, out, _ = explain(what)
    assert code == 0
    printed = out.splitlines()
    assert [line for line in lines if line not in printed] == []


def test_a_variable_of_an_include_comes_from_its_own_env_file(explain, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/compose.yaml").write_text(
        "services: {db: {image: 'db:${DBTAG}', secrets: [key]}}\nsecrets: {key: {environment: K}}\n"
    )
    (tmp_path / "sub/.env").write_text("DBTAG=16\nK=hunter2\n")
    (tmp_path / "compose.override.yaml").write_text("include: [sub/compose.yaml]\n")
    for what, line in (("services.db.image", 1), ("DBTAG", 1), ("secrets.key", 2)):
        code, out, _ = explain(what)
        assert code == 0
        assert f"  --> sub/.env:{line}:1" in out.splitlines()
        assert "not set" not in out


def test_an_entry_of_a_list_shows_the_one_that_it_replaced(explain, tmp_path):
    (tmp_path / "compose.override.yaml").write_text(
        "services: {web: {environment: {TOKEN: x}, ports: ['81:81']}}\n"
    )
    _, out, _ = explain("services.web.environment.TOKEN")
    assert "   = overridden: replaces the value written here\n  --> compose.yaml:7:14" in out
    _, out, _ = explain("services.web.ports")
    assert "   = merged: includes the value written here\n  --> compose.override.yaml:1" in out
    assert "   = merged: includes the value written here\n  --> compose.yaml:9" in out


def test_an_inherited_value_shows_the_chain_of_extends(explain, tmp_path):
    (tmp_path / "base.yaml").write_text(
        "services:\n"
        "  app: {extends: root, user: '1'}\n"
        "  root: {image: base, working_dir: /srv, user: '0'}\n"
    )
    (tmp_path / "compose.override.yaml").write_text(
        "services:\n  web:\n    extends: {file: base.yaml, service: app}\n"
    )
    _, out, _ = explain("services.web.working_dir")
    first = "   = inherited: service 'web' extends 'app'\n  --> compose.override.yaml:3:14\n"
    second = "   = inherited: service 'app' extends 'root'\n  --> base.yaml:2:18\n"
    assert "  --> base.yaml:3:36\n" in out
    assert out.index(first) < out.index(second)
    _, out, _ = explain("services.web.user")
    assert first in out
    assert second not in out
    _, out, _ = explain("services.web.ports[0].target")
    assert "inherited" not in out, "written by the service itself"


def test_override_shows_what_it_dropped(explain, tmp_path):
    (tmp_path / "compose.override.yaml").write_text(
        "services: {web: {ports: !override ['81:81'], image: !override busybox:3}}\n"
    )
    _, out, _ = explain("services.web.ports")
    assert "   = overridden: replaces the value written here\n  --> compose.yaml:9" in out
    _, out, _ = explain("services.web.image")
    assert "   = overridden: replaces the value written here\n  --> compose.yaml:4:12" in out


def test_a_variable_shows_the_env_files_that_it_beats(explain, tmp_path):
    (tmp_path / "one.env").write_text("LEVEL=low\nDEPTH=1\n")
    (tmp_path / "two.env").write_text("# later files win\nLEVEL=middle\nDEPTH=2\n")
    (tmp_path / "compose.override.yaml").write_text(
        "services: {web: {environment: {LEVEL: high}, env_file: [one.env, two.env]}}\n"
    )
    beaten = "   = overridden: replaces the value written here\n  --> "
    _, out, _ = explain("services.web.environment.LEVEL")
    assert "   = value: high\n" in out
    assert out.index(f"{beaten}two.env:2:1") < out.index(f"{beaten}one.env:1:1")
    _, out, _ = explain("services.web.environment.DEPTH")
    assert "   = written: set by an env_file\n  --> two.env:3:1" in out
    assert f"{beaten}one.env:2:1" in out


def test_what_compose_adds_was_written_by_nobody(explain):
    _, out, _ = explain("networks.default.name")
    assert "   = written: not written in any file; Compose adds it" in out.splitlines()


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("services.web.enviroment", "did you mean 'environment'?"),
        ("services.wbe", "did you mean 'web'?"),
        ("DB_NAM", "did you mean 'DB_NAME'?"),
        ("services.web.ports[7]", "`services.web.ports` has no"),
    ],
)
def test_an_unknown_name_comes_with_its_neighbour(explain, what, words):
    code, out, err = explain(what)
    assert (code, out) == (2, "")
    assert words in err


def test_it_explains_a_check_without_a_project(capsys):
    assert run(["explain", "secret-file-missing", "-C", "/nonexistent"]) == 0
    assert capsys.readouterr().out.startswith("# secret-file-missing\n")


def test_json_has_the_same_places(explain):
    code, out, _ = explain("--json", "services.web.environment.TOKEN")
    answer = json.loads(out)
    assert (code, answer["value"], answer["hidden"]) == (0, "****", True)
    assert [step["line"] for step in answer["steps"]] == [7, 2]


def test_a_scaled_service_still_shows_what_it_was_merged_with(tmp_path, capsys):
    """`scale` beside `deploy` rebuilds the service, which must not forget the file below it."""
    (tmp_path / "compose.yaml").write_text(
        "services: {web: {image: busybox, scale: 2, deploy: {replicas: 2}}}\n"
    )
    (tmp_path / "compose.override.yaml").write_text("services: {web: {environment: {A: b}}}\n")

    assert run(["explain", "-C", str(tmp_path), "services.web"]) == 0

    out = capsys.readouterr().out
    assert "   = merged: includes the value written here\n  --> compose.override.yaml:1" in out
    assert "   = merged: includes the value written here\n  --> compose.yaml:1" in out
