"""`prepare` does what install guides ask for: real values in place of placeholders and blanks."""

from __future__ import annotations

import base64
import re
import uuid
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.model.request import Request
from bootready.pipeline import load
from repository_support import SERVICE, commit, environment, ids_of, prepare, values


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


EXAMPLE = """\
# openssl rand -hex 32
SECRET_KEY=generate_a_new_key
AUTH_PASSWORD=changeme # at least 12 characters
# `echo -n 'base64:'; openssl rand -base64 32`
APP_KEY=
export TOKEN="<insert>"
FERNET_KEY=replace-me
ADMIN_TOKEN=ChangeMe_UUIDv4
COLOUR=red
SMTP_PASSWORD=your-smtp-password
"""


def test_a_copy_of_the_example_has_real_values_in_its_lines(project, capsys):
    names = "SECRET_KEY AUTH_PASSWORD APP_KEY TOKEN FERNET_KEY ADMIN_TOKEN COLOUR SMTP_PASSWORD"
    lines = "".join(f"      {name}: ${{{name}}}\n" for name in names.split())
    commit(project, compose__yaml=f"{SERVICE}    environment:\n{lines}", __env__example=EXAMPLE)
    assert prepare(project) == 0
    shown = capsys.readouterr()
    found = values(project / ".env")
    assert re.fullmatch(r"[0-9a-f]{64}", found["SECRET_KEY"])
    assert re.fullmatch(r"[A-Za-z0-9]{43}", found["AUTH_PASSWORD"])
    assert len(base64.b64decode(found["APP_KEY"].removeprefix("base64:"), validate=True)) == 32
    assert len(base64.urlsafe_b64decode(found["FERNET_KEY"])) == 32
    assert uuid.UUID(found["ADMIN_TOKEN"]).version == 4
    assert found["COLOUR"] == "red"
    assert found["SMTP_PASSWORD"] == "your-smtp-password"
    text = (project / ".env").read_text()
    assert text.count("\n") == EXAMPLE.count("\n")
    assert f'export TOKEN="{found["TOKEN"]}"' in text
    assert "# at least 12 characters" in text
    assert not [value for name, value in found.items() if name != "COLOUR" and value in shown.out]
    assert (project / ".env.example").read_text() == EXAMPLE


def test_a_dry_run_shows_kinds_and_prepare_does_the_same(project, capsys):
    commit(
        project,
        compose__yaml=f"{SERVICE}    environment: {{SECRET_KEY: '${{SECRET_KEY}}'}}\n",
        __env__example=EXAMPLE,
    )
    prepare(project, "--dry-run")
    plan = capsys.readouterr().out
    assert "set 'SECRET_KEY', generate, hex, 32 bytes" in plan
    assert not (project / ".env").exists()


def test_a_second_run_changes_nothing_and_undo_takes_everything_back(project, capsys):
    commit(
        project,
        compose__yaml=f"{SERVICE}    environment: {{A_SECRET: '${{A_SECRET:-changeme}}'}}\n",
    )
    assert prepare(project) == 0
    first = (project / ".env").read_bytes()
    assert not {"value-placeholder", "value-blank"} & set(ids_of(project, capsys))
    assert prepare(project) == 0
    assert (project / ".env").read_bytes() == first
    run(["undo", "-C", str(project)])
    assert not (project / ".env").exists()
    assert "kept" not in capsys.readouterr().out


def test_what_is_tracked_is_set_in_an_override(project):
    commit(
        project,
        compose__yaml="""\
services:
  app:
    image: example.test/app:1
    ports: ["8000:8000"]
    env_file: [app.env]
    environment:
      APP_SECRET: 'REPLACE_WITH_LONG_SECRET'
      DATABASE_URL: postgresql://docmost:STRONG_DB_PASSWORD@db:5432/docmost
  db:
    image: example.test/db:1
    environment:
      - DB_PASSWORD=STRONG_DB_PASSWORD
""",
        app__env="BASE_URL=replace-me\nSECRET_KEY_BASE=replace-me # openssl rand -base64 48\n",
    )
    assert prepare(project) == 0
    app, database = environment(project, "app"), environment(project, "db")
    assert app["DATABASE_URL"] == f"postgresql://docmost:{database['DB_PASSWORD']}@db:5432/docmost"
    assert app["BASE_URL"] == "http://localhost:8000"
    assert len(base64.b64decode(str(app["SECRET_KEY_BASE"]), validate=True)) == 48
    assert len({app["APP_SECRET"], database["DB_PASSWORD"], app["SECRET_KEY_BASE"]}) == 3
    override = project / "compose.override.yaml"
    assert override.stat().st_mode & 0o777 == 0o600
    assert "replace-me" in (project / "app.env").read_text()
    run(["undo", "-C", str(project)])
    assert not override.exists()


def test_no_secret_is_appended_to_a_tracked_env_file(project):
    text = "COLOUR=red\n"
    commit(project, compose__yaml=f"{SERVICE}    command: ['${{APP_KEY:?}}']\n", __env=text)
    prepare(project)
    assert (project / ".env").read_text() == text


def test_a_variable_that_is_read_in_many_places_is_set_once(project):
    commit(
        project,
        compose__yaml="""\
services:
  cache:
    image: example.test/cache:1
    command: serve --requirepass ${REDIS_AUTH:-myredissecret}
  app:
    image: example.test/app:1
    environment:
      REDIS_AUTH: ${REDIS_AUTH:-myredissecret} # CHANGEME
      DATABASE_URL: ${DATABASE_URL:-postgresql://postgres:postgres@db:5432/postgres}
  db:
    image: example.test/db:1
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-postgres} # CHANGEME
""",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    service = load(Request(directory=str(project)), {}).service("cache")
    assert service.command[-1] == found["REDIS_AUTH"]
    assert found["DATABASE_URL"] == (
        f"postgresql://postgres:{found['POSTGRES_PASSWORD']}@db:5432/postgres"
    )


def test_a_secret_that_is_also_written_elsewhere_is_left_to_a_person(project):
    commit(
        project,
        compose__yaml=f"""{SERVICE}    environment: {{DB_PASSWORD: change-me-now}}
    volumes: ["./app.conf:/etc/app.conf"]
""",
        app__conf="password = change-me-now\n",
    )
    prepare(project)
    assert not (project / "compose.override.yaml").exists()


def test_different_secrets_with_one_placeholder_differ(project):
    commit(
        project,
        compose__yaml="""\
services:
  app:
    image: example.test/app:1
    environment: {COOKIE_SECRET: changeme, CSRF_COOKIE_SECRET: changeme, SESSION_SALT: changeme}
  queue:
    image: example.test/queue:1
    environment: {RABBITMQ_DEFAULT_PASS: changeme}
""",
    )
    assert prepare(project) == 0
    app, queue = environment(project, "app"), environment(project, "queue")
    assert len({*app.values(), *queue.values()}) == 4


def test_two_sides_of_one_secret_are_equal(project):
    commit(
        project,
        compose__yaml="""\
services:
  app:
    image: example.test/app:1
    environment:
      MEILISEARCH_KEY: ChangeMe_ChangeMe
      JWT__ENCODE__SECRET: string:CHANGE_ME
      JWT__DECODE__SECRET: string:CHANGE_ME
      DB_PASSWORD: change_this
      BROKER: amqp://app:change_it_too_me@queue/ password=change_this;
  search:
    image: example.test/search:1
    environment: {MEILI_MASTER_KEY: ChangeMe_ChangeMe}
  db:
    image: example.test/db:1
    environment: {MYSQL_PASSWORD: change_this}
""",
    )
    assert prepare(project) == 0
    app = environment(project, "app")
    assert app["MEILISEARCH_KEY"] == environment(project, "search")["MEILI_MASTER_KEY"]
    assert app["JWT__ENCODE__SECRET"] == app["JWT__DECODE__SECRET"]
    assert str(app["JWT__ENCODE__SECRET"]).startswith("string:")
    assert app["DB_PASSWORD"] == environment(project, "db")["MYSQL_PASSWORD"]


def test_what_nobody_sets_and_an_image_or_this_machine_tells(project):
    commit(
        project,
        compose__yaml="""\
services:
  app:
    image: example.test/app:1
    user: "${UID}:${GID}"
    environment:
      NEXTAUTH_SECRET:
      TZ: ${TZ}
      PASSWORD_MIN_LENGTH: ${PASSWORD_MIN_LENGTH:?}
      KEY: ${N8N_ENCRYPTION_KEY:?openssl rand -base64 32}
      STRIPE_API_KEY: ${STRIPE_API_KEY:?}
      FEATURE: ${FEATURE}
  queue:
    image: rabbitmq:3
    environment:
      - RABBITMQ_DEFAULT_USER=${RABBITMQ_DEFAULT_USER}
      - RABBITMQ_DEFAULT_PASS=${RABBITMQ_DEFAULT_PASS}
  db:
    image: mariadb:11
    environment: {MARIADB_ROOT_PASSWORD: "${DB_ROOT_PASSWORD}"}
""",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    assert found["UID"].isdigit()
    assert found["TZ"]
    assert found["PASSWORD_MIN_LENGTH"] == "12"
    assert len(base64.b64decode(found["N8N_ENCRYPTION_KEY"], validate=True)) == 32
    assert found["STRIPE_API_KEY"] == "bootready-placeholder-stripe-api-key"
    assert found["RABBITMQ_DEFAULT_USER"] == "app"
    assert len({found[name] for name in ("RABBITMQ_DEFAULT_PASS", "DB_ROOT_PASSWORD")}) == 2
    assert len(found["NEXTAUTH_SECRET"]) == 43
    assert "FEATURE" not in found


def test_a_persons_own_env_file_keeps_its_lines(project):
    own = "# mine\nAPP_SECRET=replace-me\nDB_PASSWORD=chosen-by-hand\n"
    commit(project, compose__yaml=f"{SERVICE}    env_file: [local.env]\n")
    (project / "local.env").write_text(own)
    assert prepare(project) == 0
    text = (project / "local.env").read_text()
    assert text.startswith(own)
    assert values(project / "local.env")["APP_SECRET"] != "replace-me"
    run(["undo", "-C", str(project)])
    assert (project / "local.env").read_text() == own


@pytest.mark.parametrize("has_data", [False, True])
def test_a_blank_that_an_image_refuses_is_generated_in_its_env_file(project, has_data, capsys):
    text = (
        "services:\n"
        "  db: {image: 'mariadb:11', env_file: .env, volumes: ['./rows:/var/lib/mysql']}\n"
        "  app:\n    image: example.test/app:1\n"
        "    environment: ['DATABASE_URL=mysql://root:${MARIADB_ROOT_PASSWORD}@db/shop']\n"
    )
    commit(project, compose__yaml=text, __env__example="PAGES=\nMARIADB_ROOT_PASSWORD=\n")
    if has_data:
        (project / "rows").mkdir()
        (project / "rows/ibdata1").write_text("rows")
    prepare(project)
    found = values(project / ".env")
    assert re.fullmatch(r"[A-Za-z0-9]{43}" if not has_data else "", found["MARIADB_ROOT_PASSWORD"])
    assert not found["PAGES"]
    assert "image-variable-missing" not in ids_of(project, capsys)


def test_data_that_is_there_keeps_its_password(project):
    commit(
        project,
        compose__yaml=f"""{SERVICE}    environment: {{POSTGRES_PASSWORD: '${{PW:-changeme}}'}}
    volumes: ["./data:/var/lib/data"]
""",
    )
    (project / "data").mkdir()
    (project / "data" / "PG_VERSION").write_text("16\n")
    prepare(project)
    assert not (project / ".env").exists()


def test_services_of_an_include_are_never_overridden(project):
    commit(
        project,
        compose__yaml="include: [sub.yaml]\n" + SERVICE,
        sub__yaml="services:\n  db:\n    image: example.test/db:1\n"
        "    environment: {DB_SECRET: change-me-now}\n",
    )
    prepare(project)
    assert not (project / "compose.override.yaml").exists()


def test_the_projects_own_generator_is_named_and_never_run(project, capsys):
    commit(
        project,
        compose__yaml=f"{SERVICE}    environment: {{A_SECRET: '${{A_SECRET:-changeme}}'}}\n",
        Makefile="secrets:\n\ttouch ran\n",
    )
    script = project / "gen-passwords.sh"
    script.write_text("#!/bin/sh\ntouch ran\n")
    script.chmod(0o755)
    assert prepare(project) == 0
    assert "own generator, which was not run: ./gen-passwords.sh" in capsys.readouterr().err
    assert not (project / "ran").exists()


@pytest.mark.parametrize("listed", [True, False])
def test_a_project_with_its_own_override_gets_one_more(project, listed, capsys):
    """COMPOSE_FILE names it beside the files that are read today; undo takes both back."""
    first = f"{SERVICE}    environment: {{APP_SECRET: change-me}}\n"
    second = "services:\n  app:\n    environment: {DEV_SECRET: REPLACE_ME}\n"
    name = "dev__yaml" if listed else "compose__override__yaml"
    commit(project, compose__yaml=first, **{name: second})
    if listed:
        (project / ".env").write_text("COMPOSE_FILE=compose.yaml:dev.yaml\n")
    assert prepare(project) == 0
    found = environment(project, "app")
    assert len(found["APP_SECRET"]) == len(found["DEV_SECRET"]) == 43
    assert not {"value-placeholder", "compose-refuses"} & set(ids_of(project, capsys))
    before = (project / ".env").read_bytes()
    assert prepare(project) == 0
    assert (project / ".env").read_bytes() == before
    run(["undo", "-C", str(project)])
    assert environment(project, "app")["APP_SECRET"] == "change-me"
    assert not (project / "compose.bootready.yaml").exists()


def test_files_that_the_command_line_names_get_no_override(project):
    commit(project, compose__yaml=f"{SERVICE}    environment: {{APP_SECRET: change-me}}\n")
    assert prepare(project, "-f", str(project / "compose.yaml")) == 0
    assert sorted(path.name for path in project.iterdir()) == [".git", "compose.yaml"]


@pytest.mark.parametrize("told", ["comment", "script", ""])
def test_blanks_that_the_projects_own_generator_fills_are_generated(project, told, capsys):
    above = "# Run ./gen-secrets.sh to fill these.\n" if told == "comment" else ""
    script = "sed -i s/PEER_PASSWORD=/PEER_PASSWORD=$(openssl rand -hex 16)/ .env\n"
    commit(
        project,
        compose__yaml=f"{SERVICE}    environment: [PEER_PASSWORD, MAIL_PASSWORD]\n",
        __env__example=f"{above}PEER_PASSWORD=\n\n# optional\nMAIL_PASSWORD=\n",
        **({"gen-secrets__sh": script} if told == "script" else {}),
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    assert len(found["PEER_PASSWORD"]) == (43 if told else 0)
    assert found["MAIL_PASSWORD"] == ""


@pytest.mark.parametrize("makes", [False, True])
def test_a_script_that_sets_up_a_machine_is_no_generator(project, makes, capsys):
    line = "echo TOKEN_SALT=$(openssl rand -hex 16) > .env\n" if makes else "pip install -e .\n"
    (project / "scripts").mkdir()
    (project / "scripts/bootstrap.sh").write_text(line)
    commit(project, compose__yaml=f"{SERVICE}    environment: ['TOKEN_SALT=${{TOKEN_SALT:?}}']\n")
    assert prepare(project) == 0
    assert ("./scripts/bootstrap.sh" in capsys.readouterr().err) is makes


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("generate-indexer-certs.yml", "docker compose -f generate-indexer-certs.yml up"),
        ("create-certs.yaml", "docker compose -f create-certs.yaml up"),
        ("generate-certs.sh", "./generate-certs.sh"),
        ("certs.yml", ""),
        ("generate-report.yml", ""),
    ],
)
def test_a_generator_of_certificates_is_named_where_they_are_missing(
    project, capsys, name, command
):
    mounts = "    volumes: ['./tls/root.pem:/etc/app/root.pem:ro']\n"
    commit(project, compose__yaml=f"{SERVICE}{mounts}")
    (project / name).write_text("services: {maker: {image: example.test/maker:1}}\n")

    run(["check", "-C", str(project), "--engine", "none"])

    said = capsys.readouterr().out
    assert "create the file ./tls/root.pem" in said
    assert ("the project has its own generator" in said) is bool(command)
    assert command in said
