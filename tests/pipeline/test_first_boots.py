"""First boots of public projects, made small: what is said, what is made, and what is said then.

Each was once wrong: a repair that broke the project, a file of the wrong kind, silence.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from bootready.cli import run
from bootready.model.request import Request
from bootready.pipeline import load
from repository_support import commit

NEXT = "next: bootready"


class Case(NamedTuple):
    """The files of a clone; `said` is what `check` prints of them, `left` what it prints after
    `fix --apply` and `prepare`, and `made` the new files.
    """

    files: dict[str, str]
    said: tuple[str, ...]
    made: frozenset[str] = frozenset()
    left: tuple[str, ...] = ("ready: no findings",)
    silent: tuple[str, ...] = ()
    """What neither of them prints."""


def service(text: str) -> str:
    return f"services:\n  a:\n    image: busybox\n{text}"


CASES = {
    "an include has the secrets again, as external": Case(
        {
            "compose.yaml": "include: [sub/compose.yaml]\n"
            "services: {a: {image: busybox, configs: [one, two]}}\n"
            "configs: {one: {file: ./one}, two: {file: ./two}}\n",
            "sub/compose.yaml": "services:\n  b: {image: busybox, configs: [one, two]}\n"
            "configs:\n  one:\n    external: true\n  two:\n    external: true\n",
            "one": "1",
            "two": "2",
        },
        ("external-over-definition", f"{NEXT} fix    repairs 1 of 1"),
    ),
    "an example sets what is unset": Case(
        {
            "compose.yaml": service("    ports: ['${WEB_PORT}:80']\n"),
            ".env.example": "WEB_PORT=80\n",
        },
        ("published-port-emptied", "makes .env from", f"{NEXT} prepare    repairs 1"),
        frozenset({".env"}),
    ),
    "a script of exports sets what is unset": Case(
        {
            "compose.yaml": service(
                "    environment: {INDEX_NAME: '${INDEX_NAME}', SIZE: '${SIZE}'}\n"
            ),
            "set_env.sh": '#!/bin/bash\nexport INDEX_NAME="rag"\nexport SIZE=3\n',
        },
        ("makes .env from './set_env.sh'", f"{NEXT} prepare    repairs 1 of 1"),
        frozenset({".env"}),
    ),
    "a user and a password without an example": Case(
        {
            "compose.yaml": "services:\n  mq:\n    image: rabbitmq:3\n    environment:\n"
            "      - RABBITMQ_DEFAULT_USER=${RABBITMQ_DEFAULT_USER}\n"
            "      - RABBITMQ_DEFAULT_PASS=${RABBITMQ_DEFAULT_PASS}\n"
        },
        ("'RABBITMQ_DEFAULT_USER' and 'RABBITMQ_DEFAULT_PASS'", f"{NEXT} prepare    repairs 1"),
        frozenset({".env"}),
    ),
    "only a shell text leaves it empty": Case(
        {
            "compose.yaml": service(
                '    user: "${AIRFLOW_UID:-50000}:0"\n'
                '    command: ["sh", "-c", "chown -R \\"${AIRFLOW_UID}:0\\" /sources"]\n'
            )
        },
        ("variable 'AIRFLOW_UID': not set", f"{NEXT} prepare    repairs 1 of 1"),
        frozenset({".env"}),
    ),
    "placeholders in the Compose file and in an env file": Case(
        {
            "compose.yaml": service(
                "    environment:\n      APP_SECRET: 'REPLACE_WITH_LONG_SECRET'\n"
                "      NEXTAUTH_SECRET:\n      SALT: ${SALT:-mysalt} # CHANGEME\n"
                "    env_file: [app.env]\n"
            )
            + "  db:\n    image: busybox\n"
            "    environment: {POSTGRES_PASSWORD: STRONG_DB_PASSWORD}\n",
            "app.env": "BASE_URL=replace-me\nSECRET_KEY_BASE=replace-me\n",
        },
        (
            "'APP_SECRET', 'SALT' and 'POSTGRES_PASSWORD' are placeholders",
            "'BASE_URL' and 'SECRET_KEY_BASE' are placeholders",
            "'NEXTAUTH_SECRET' has no value",
            f"{NEXT} prepare    repairs 3 of 3",
        ),
        frozenset({".env", "compose.override.yaml"}),
    ),
    "an env file sets what it uses": Case(
        {
            "compose.yaml": service(
                "    env_file: [api.env]\n    environment: {USER_NAME: '${USER_NAME}'}\n"
            ),
            ".env.example": "USER_NAME=plane\n",
            ".env": "USER_NAME=plane\n",
            "api.env": "HOST=a\nURL=postgres://${USER_NAME}@${HOST}/x\n",
        },
        ("ready: no findings", f"{NEXT} up"),
    ),
    "a tracked env file without a secret": Case(
        {"compose.yaml": service(""), ".env": "COMPOSE_PROJECT_NAME=demo\n"},
        ("ready: no findings",),
        silent=("git rm",),
    ),
    "a tracked env file with a known value": Case(
        {
            "compose.yaml": service("    environment: {S: '${RPC_SHARED_SECRET}'}\n"),
            ".env": "COMPOSE_PROJECT_NAME=demo\nRPC_SHARED_SECRET=supersecret\n",
        },
        (".env:2:1", "'RPC_SHARED_SECRET' has a publicly known value"),
        left=("publicly known value",),
        silent=("git rm",),
    ),
    "an example that nothing reads": Case(
        {"compose.yaml": service(""), ".env.example": "APP_SECRET=x\n"},
        ("ready: no findings", f"{NEXT} up"),
    ),
    "an image that another service builds": Case(
        {
            "compose.yaml": "services:\n"
            "  builder: {build: ./app, image: 'fb:1', pull_policy: never, entrypoint: ['true']}\n"
            "  app: {image: 'fb:1', pull_policy: never,"
            " depends_on: {builder: {condition: service_completed_successfully}}}\n",
            "app/Dockerfile": "FROM busybox\n",
        },
        ("ready: no findings",),
    ),
    "a profile with an empty name": Case(
        {"compose.yaml": service("    profiles: ['${X_PROFILE:-}']\n")}, ("ready: no findings",)
    ),
    "who has no proxy needs none": Case(
        {
            "compose.yaml": service(
                "    environment: ['HTTP_PROXY=${HTTP_PROXY}', 'no_proxy=$no_proxy', no_proxy]\n"
            ),
            ".env.example": "A=1\n",
        },
        ("note[variable-unset]", "set it only behind a proxy", "ready: 1 note"),
        frozenset({".env"}),
        silent=("env-example-incomplete",),
    ),
    "a registry's host is no secret": Case(
        {
            "compose.yaml": service("").replace("busybox", "'${DEPLOY_REGISTRY_HOST}/busybox'"),
            ".env.example": "A=1\n",
        },
        ("image: '${DEPLOY_REGISTRY_HOST}/busybox'", "bootready fix    add DEPLOY_REGISTRY_HOST"),
        left=("image: '${DEPLOY_REGISTRY_HOST}/busybox'",),
        silent=("****",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_is_said_before_and_after(tmp_path, monkeypatch, capsys, case):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    project = tmp_path / "shop"
    project.mkdir()
    monkeypatch.chdir(project)
    commit(project, **{".gitignore": ".env\ncompose.override.yaml\n", **case.files})
    before = _files(project)
    said = _checked(capsys)
    assert run(["fix", "--apply"]) == 0
    assert run(["prepare", "--engine", "none"]) == 0
    left = _checked(capsys)
    assert _files(project) - before == case.made
    assert [words for words in case.said if words not in said] == []
    assert [words for words in case.left if words not in left] == []
    assert [words for words in case.silent if words in said or words in left] == []
    assert load(Request(directory=str(project)), {}).problems == ()


@pytest.mark.parametrize("defined", ["", "secrets:\n    known: {file: ./known}\nvolumes: {}\n"])
def test_what_a_service_names_and_nothing_defines_is_a_file_on_request(
    tmp_path, monkeypatch, capsys, defined
):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    text = f"{service('    secrets: [db_password, {source: api_token}]')}\n{defined}"
    commit(tmp_path, compose__yaml=text, known="x")
    assert "bootready fix --unsafe    defines it in `secrets`" in _checked(capsys)
    assert run(["fix", "--apply"]) == 0
    assert (tmp_path / "compose.yaml").read_text() == text
    assert run(["fix", "--unsafe", "--apply"]) == 0
    assert run(["prepare", "--engine", "none"]) == 0
    assert len((tmp_path / "secrets/api_token").read_text()) == 43
    project = load(Request(directory=str(tmp_path)), {})
    assert project.problems == ()
    assert {"db_password", "api_token"} <= {one.name for one in project.secrets}


def test_a_misspelt_name_and_names_that_are_no_strings_do_not_keep_others_from_being_defined(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    names = 'db_pasword, api_token, "123", "true", "null", "1e3"'
    text = (
        "secrets:\n  db_password: {file: ./pw}\n"
        + service(f"    secrets: [{names}]\n    configs: [conf]")
        + "\nx-a: |+\n  kept\n\n\n"
    )
    commit(tmp_path, compose__yaml=text, pw="x")
    assert run(["fix", "--unsafe", "--apply"]) == 0
    project = load(Request(directory=str(tmp_path)), {})
    assert {one.name for one in project.secrets} == {
        "db_password",
        "api_token",
        "123",
        "true",
        "null",
        "1e3",
    }
    assert [one.name for one in project.configs] == ["conf"]
    assert "|+\n  kept\n\n\nconfigs:" in (tmp_path / "compose.yaml").read_text()


def _files(project: Path) -> set[str]:
    found = (path.relative_to(project) for path in project.rglob("*") if path.is_file())
    return {str(path) for path in found if path.parts[0] != ".git"}


def _checked(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    run(["check", "--engine", "none"])
    return capsys.readouterr().out


def test_a_note_is_no_reason_to_look_twice(tmp_path, monkeypatch, capsys):
    """The second look resolves and checks the project once more."""
    (tmp_path / "compose.yaml").write_text(service("    environment: {MAIL: '${MAIL_TO}'}\n"))
    (tmp_path / ".env").write_text("MAIL_TO=ops@example.com\n")
    looked: list[str] = []

    def with_remedies(_request, _environ, _project, verdict, **_more):
        looked.extend(one.check_id for one in verdict.findings)
        return verdict

    monkeypatch.setattr("bootready.pipeline.remedied.with_remedies", with_remedies)
    assert run(["check", "-C", str(tmp_path), "--engine", "none"]) == 0
    assert "note[value-placeholder]" in capsys.readouterr().out
    assert looked == []
    (tmp_path / ".env").write_text("MAIL_TO=\nA=${NO_SUCH}\n")
    (tmp_path / "compose.yaml").write_text(service("    ports: ['${PORT}:80']\n"))
    run(["check", "-C", str(tmp_path), "--engine", "none"])
    assert "published-port-emptied" in looked
