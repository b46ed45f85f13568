"""Examples of configuration that `prepare` copies: their placeholders do not pass as values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.knowledge.values.settings import settings_of
from repository_support import commit, prepare

MOUNTED = """\
services:
  web:
    image: example.test/web:1
    volumes: ["./{name}:/etc/web/{name}:ro"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def copied(project: Path, name: str, text: str, compose: str = MOUNTED) -> str:
    """Prepare a project that has only the example of the file `name`, and return the copy."""
    commit(project, compose__yaml=compose.replace("{name}", name))
    (project / f"{name}.example").write_text(text)
    assert prepare(project) == 0
    return (project / name).read_text()


FORMATS = {
    "app.yml": "# mine\nsecret_key: replace-me   # yours\nport: 80\n",
    "app.yaml": "web:\n  session_secret: 'CHANGE_ME'\n",
    "app.json": '{\n  "encryption_key": "<your key>",\n  "port": 80\n}\n',
    "app.toml": '[web]\nsecret_key = "changeme"\n',
    "app.ini": "[web]\nsecret_key=change-this\n",
    "app.properties": "web.session-secret = your-session-secret\n",
    "app.php": "<?php\n$secret_key = 'put-your-secret-here';\n",
    "app.xml": "<web>\n  <secretKey>changeme</secretKey>\n</web>\n",
    "app.conf": "secret_key: replace-me\r\nport: 80\r\n",
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_secret_of_the_program_alone_is_generated_in_the_copy(project, name, capsys):
    text = FORMATS[name]
    (project / name).write_text(text)
    old = next(one for one in settings_of((project / name).read_text()) if "80" not in one.value)
    (project / name).unlink()

    after = copied(project, name, text)

    [new] = [one for one in settings_of(after) if one.name == old.name]
    assert len(new.value) >= 43
    assert after.replace(new.value, old.value) == text.replace("\r\n", "\n")
    shown = capsys.readouterr()
    assert new.value not in shown.out + shown.err
    assert prepare(project, "--detailed-exit-code") == 0  # nothing is left to do
    assert (project / name).read_text() == after
    assert (project / f"{name}.example").read_text() == text.replace("\r\n", "\n")


LEFT = {
    "a password has another side": "db_password: replace-me\n",
    "a password in a URL": "store: redis://:changeme@store/0\n",
    "another service issues it": "stripe_secret_key: your-stripe-key\n",
    "the container gets it too": "session_secret: replace-me\n",
    "two of one name": "a:\n  secret_key: replace-me\nb:\n  secret_key: replace-me\n",
    "it repeats what the Compose file says": "cookie_secret: your-shop-front-secret\n",
    "no secret": "region: <your region>\nowner: your-name\n",
}


@pytest.mark.parametrize("why", LEFT)
def test_what_someone_else_must_know_is_left_to_a_person(project, why, capsys):
    text = LEFT[why]
    compose = (
        f"{MOUNTED}    environment: {{SESSION_SECRET: a8shd7asd, X: your-shop-front-secret}}\n"
    )

    assert copied(project, "app.yml", text, compose) == text

    assert "left: file './app.yml': '" in capsys.readouterr().err
    run(["check", "-C", str(project), "--engine", "none", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert "mounted-file-placeholder" in {one["check"] for one in found}


def test_what_two_copies_share_is_left_to_a_person(project):
    text = "jwt_secret: replace-me\n"
    (project / "api.yml.example").write_text(text)
    compose = f'{MOUNTED}  api:\n    image: a\n    volumes: ["./api.yml:/api.yml"]\n'

    assert copied(project, "app.yml", text, compose) == text
    assert (project / "api.yml").read_text() == text


def test_the_recipe_beside_the_placeholder_is_followed(project):
    text = "# openssl rand -hex 16\nsecret_key: replace-me\n"

    after = copied(project, "app.yml", text)

    assert len(bytes.fromhex(next(settings_of(after)).value)) == 16


def test_the_plan_shows_the_kind_and_undo_takes_the_copy_back(project, capsys):
    commit(project, compose__yaml=MOUNTED.replace("{name}", "app.yml"))
    (project / "app.yml.example").write_text("secret_key: replace-me\n")

    assert prepare(project, "--dry-run") == 0
    assert "generate, 32 bytes: secret_key" in capsys.readouterr().out
    assert not (project / "app.yml").exists()
    assert prepare(project) == 0
    assert run(["undo", "-C", str(project)]) == 0
    assert not (project / "app.yml").exists()


def test_a_file_that_is_there_already_stays(project, capsys):
    (project / "app.yml").write_text("secret_key: replace-me\n")

    assert copied(project, "app.yml", "secret_key: replace-me\n") == "secret_key: replace-me\n"

    run(["check", "-C", str(project), "--engine", "none"])
    assert "put your own into ./app.yml, line 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("key: value", ("key", "value")),
        ("  - key: value # why", ("key", "value")),
        ('"key": "a, b",', ("key", "a, b")),
        ("key = a b ; why", ("key", "a b")),
        ("  'key' => 'value',", ("key", "value")),
        ("$key = 'value';", ("key", "value")),
        ("define('KEY', 'value');", ("KEY", "value")),
        ("<key>value</key>", ("key", "value")),
        ("# key: value", None),
        ("// key: value", None),
        ("<!-- <key>value</key> -->", None),
        ("key:", None),
        ("key: ''", None),
        ("key: 'open", None),
        ("server {", None),
        ("plain words", None),
    ],
)
def test_a_line_sets_one_value(line, found):
    made = next(settings_of(f"first\r\n{line}\r\n"), None)
    assert (made and (made.name, made.value)) == found
