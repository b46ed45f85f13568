"""`bootready explain WORD`: what people type, from the name of a variable to an image."""

from __future__ import annotations

import json

import pytest

from bootready.cli import run

COMPOSE = """\
x-common: &common
  MODE: fast
  SALT: hunter2
services:
  web:
    image: nginx:${TAG:-1}
    ports: ["8080:80"]
    environment:
      <<: *common
      LINK: http://u:${PASS}@h/
    env_file: [app.env]
    build: {context: ., args: [BASE, EDITION=full]}
  jobs.worker:
    image: registry.example:5000/team/postgres:18@sha256:${DIGEST}
    environment: {<<: *common, MODE: slow}
    volumes: [data:/data]
networks: {back: {}}
volumes: {data: {}}
"""
WEB = "services.web.environment"
JOBS = "services.jobs.worker.environment"


@pytest.fixture
def explain(tmp_path, capsys):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "app.env").write_text("SECRET_KEY_BASE=hunter2\nLEVEL=low\n")
    (tmp_path / ".env").write_text(
        "TAG='1.27'\nBASE=debian\nPASS=hunter2\nORPHAN=x\nDIGEST=" + "0123456789abcdef" * 4
    )

    def call(*words: str) -> tuple[int, list[str], str]:
        code = run(["explain", "-C", str(tmp_path), *words])
        printed = capsys.readouterr()
        assert "hunter2" not in printed.out + printed.err
        return code, printed.out.splitlines(), printed.err

    return call


@pytest.mark.parametrize(
    ("what", "lines"),
    [
        pytest.param(
            "SECRET_KEY_BASE",
            [
                "variable 'SECRET_KEY_BASE'",
                "   = value: ****",
                f"   = given: to service 'web', by an env_file, in `{WEB}.SECRET_KEY_BASE`",
                "  --> app.env:1:1",
            ],
            id="a key of an env_file",
        ),
        pytest.param(
            "MODE",
            [
                "   = given: to service 'web', in `services.web.environment.MODE`: 'fast'",
                "  --> compose.yaml:2:9",
                f"   = given: to service 'jobs.worker', in `{JOBS}.MODE`: 'slow'",
            ],
            id="a key of environment, with what each service gets",
        ),
        pytest.param("SALT", ["   = value: ****", "3 |   SALT: ****"], id="a secret key"),
        pytest.param(
            "LINK",
            ["   = value: ****"],
            id="a harmless name whose value is made of a secret",
        ),
        pytest.param(
            "BASE",
            [
                "   = value: debian",
                "  --> .env:2:1",
                "   = given: to service 'web', in `services.web.build.args.BASE`: 'debian'",
                "  --> compose.yaml:12:32",
            ],
            id="a build argument that a variable is handed on as",
        ),
        pytest.param("EDITION", ["   = value: full"], id="a build argument"),
        pytest.param(
            "TAG",
            ["   = value: 1.27", "1 | TAG='1.27'", "   = used: in services.web.image with `:-`"],
            id="what the value line shows, the quoted line shows too",
        ),
        pytest.param("PASS", ["3 | PASS=****"], id="a secret is masked in both"),
        pytest.param(
            "ORPHAN",
            [
                "   = value: x",
                "   = used: nowhere: no Compose file refers to it, and no service is given it",
            ],
            id="a variable that nothing uses",
        ),
        pytest.param("web.ports[0].target", ["   = value: 80"], id="a path without services"),
        pytest.param(
            "jobs.worker.environment.MODE", ["   = value: slow"], id="a service with a dot"
        ),
        pytest.param(
            "nginx",
            [
                "image 'nginx:1.27'",
                "   = used: built and named by service 'web'",
                "  --> compose.yaml:6:12",
            ],
            id="an image without its tag",
        ),
        pytest.param(
            "postgres:18",
            ["   = used: run by service 'jobs.worker'"],
            id="an image without registry and digest",
        ),
        pytest.param("data", ["volumes.data"], id="a volume"),
        pytest.param(
            "back",
            [
                "network 'back'",
                "  --> compose.yaml:17:12",
                "   = used: nowhere: Compose does not create it",
            ],
            id="a network that nothing uses",
        ),
    ],
)
def test_what_people_type_is_found(explain, what, lines):
    code, out, _ = explain(what)
    assert code == 0
    assert [line for line in lines if line not in out] == [], "\n".join(out)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("web.prts[0]", "did you mean 'ports'?"),
        ("EDITON", "did you mean 'EDITION'?"),
        ("datta", "did you mean 'data'?"),
        ("ngin:1.27", "did you mean 'nginx:1.27'?"),
    ],
)
def test_a_word_that_is_nowhere_has_a_neighbour(explain, what, words):
    code, out, err = explain(what)
    assert (code, out) == (2, [])
    assert words in err


def test_one_place_is_shown_once(explain):
    """The anchor gives both services the same line; a use by interpolation is no second place."""
    _, out, _ = explain("LINK")
    assert out.count("  --> compose.yaml:10:13") == 1


def test_for_programs(explain):
    _, out, _ = explain("--json", "MODE")
    answer = json.loads("\n".join(out))
    assert (answer["value"], answer["hidden"]) == (None, False)
    assert [step["role"] for step in answer["steps"]] == ["given", "given"]


@pytest.mark.parametrize("form", ["[ABSENT]", "{ABSENT: }"], ids=["a list", "a mapping"])
def test_a_build_argument_that_nothing_sets_is_found(tmp_path, capsys, form):
    """Compose leaves it out of the model."""
    text = f"services:\n  web:\n    build:\n      context: .\n      args: {form}\n"
    (tmp_path / "compose.yaml").write_text(text)
    assert run(["explain", "-C", str(tmp_path), "ABSENT"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "variable 'ABSENT'"
    words = "in services.web.build.args.ABSENT: nothing sets it, so the build is not given it"
    assert out[2:4] == [f"   = used: {words}", "  --> compose.yaml:5:14"]


def test_a_place_that_an_anchor_gives_to_many_is_shown_once(tmp_path, capsys):
    users = "".join(f"  s{number}: {{image: a, environment: *e}}\n" for number in range(6))
    (tmp_path / "compose.yaml").write_text(f"x-e: &e {{MODE: '${{MODE:-b}}'}}\nservices:\n{users}")
    assert run(["explain", "-C", str(tmp_path), "MODE"]) == 0
    out = capsys.readouterr().out
    assert out.count("  --> compose.yaml:1:17") == 1
    assert "services.s2.environment.MODE and 3 more with `:-`" in out


def test_without_a_word_it_says_what_there_is(explain):
    code, out, _ = explain()
    assert code == 0
    assert out[0] == "services: web, jobs.worker"
    assert out[1].startswith("images: nginx:1.27, registry.example:5000/team/postgres:18@sha256:")
    assert "variables: BASE, DIGEST, ORPHAN, PASS, TAG" in out
    assert "volumes: data" in out
    code, out, _ = explain("--json")
    assert json.loads("\n".join(out))["networks"] == ["back", "default"]


def test_image_and_log_say_what_they_need(explain):
    for word, needed in (("image", "a reference or service"), ("log", "a file")):
        code, _, error = explain(word)
        assert code == 2
        assert f"'explain {word}' needs {needed}" in error
