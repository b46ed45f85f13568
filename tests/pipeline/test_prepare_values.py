"""`prepare` does what install guides ask for: real values in place of placeholders and blanks."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import uuid
from pathlib import Path

import pytest

from bootready.apply.secrets.values import signed_token
from bootready.cli import run
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.read.dotenv import read_dotenv

SERVICE = "services:\n  app:\n    image: example.test/app:1\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def commit(project: Path, **files: str) -> None:
    """Write `files` (``__`` in a name is a dot) into a repository that tracks them."""
    for name, text in files.items():
        path = project / name.replace("__", ".").replace("SLASH", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for words in (["init", "-q"], ["add", "-A", "-f"]):
        subprocess.run(["git", *words], cwd=project, check=True, capture_output=True)


def prepare(project: Path, *more: str) -> int:
    return run(["prepare", "-C", str(project), "--engine", "none", *more])


def values(path: Path) -> dict[str, str]:
    variables = read_dotenv(path.read_text(), str(path), lambda _name: None)
    return {name: variable.value for name, variable in variables.items()}


def environment(project: Path, service: str) -> dict[str, str | None]:
    found = load(Request(directory=str(project)), {}).service(service)
    assert found is not None
    return {entry.name: entry.value for entry in found.environment}


def ids_of(project: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    run(["check", "-C", str(project), "--engine", "none", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    return [one["check"] for one in data["findings"] if one["severity"] != "note"]


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


def test_tokens_are_signed_anew_with_their_key(project):
    key = "your-super-secret-jwt-token-with-at-least-32-characters-long"
    token = signed_token(key.encode(), {"role": "anon"}).decode()
    commit(
        project,
        compose__yaml=f"""{SERVICE}    environment:
      JWT_SECRET: ${{JWT_SECRET}}
      ANON_KEY: ${{ANON_KEY}}
""",
        __env__example=f"JWT_SECRET={key}\nANON_KEY={token}\n",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    head, body, _ = found["ANON_KEY"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert claims["role"] == "anon"
    assert found["JWT_SECRET"] != key
    again = signed_token(found["JWT_SECRET"].encode(), {"role": "anon"}).decode()
    assert again.split(".")[0] == head
    from bootready.plan.value_groups import signed_claims

    assert signed_claims(found["ANON_KEY"], found["JWT_SECRET"]) is not None


def test_a_vapid_pair_belongs_together(project):
    from bootready.apply.secrets.keys import public_key

    commit(
        project,
        compose__yaml=f"""{SERVICE}    environment:
      VAPID_PRIVATE_KEY: ${{VAPID_PRIVATE_KEY}}
      VAPID_PUBLIC_KEY: ${{VAPID_PUBLIC_KEY}}
""",
        __env__example="# generate with: npx web-push generate-vapid-keys\n"
        "VAPID_PUBLIC_KEY=replace-me\nVAPID_PRIVATE_KEY=replace-me\n",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    assert public_key(found["VAPID_PRIVATE_KEY"].encode()).decode() == found["VAPID_PUBLIC_KEY"]


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


def example_of(names: str) -> str:
    """Return a Compose file whose service reads `names` from the `.env`."""
    lines = "".join(f"      {name}: ${{{name}}}\n" for name in names.split())
    return f"{SERVICE}    environment:\n{lines}"


def test_a_hash_is_made_of_its_password(project, capsys):
    """Where the project has none, the password is beside it: somebody has to know it."""
    names = "ADMIN_PASSWORD ADMIN_PASSWORD_HASH DASHBOARD_AUTH PROXY_PASSWORD_HASH TOKEN_SHA256"
    commit(
        project,
        compose__yaml=example_of(f"{names} API_TOKEN API_TOKEN_SHA256 JOB_TOKEN_HASH"),
        __env__example="""\
ADMIN_PASSWORD=change-me
ADMIN_PASSWORD_HASH=change-me # caddy hash-password
DASHBOARD_AUTH=replace-me # htpasswd -nb user password
PROXY_PASSWORD_HASH=admin:replace-me
API_TOKEN=replace-me
API_TOKEN_SHA256=replace-me
JOB_TOKEN_HASH=replace-me
TOKEN_SHA256=
""",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    assert bcrypt_fits(found["ADMIN_PASSWORD"], found["ADMIN_PASSWORD_HASH"])
    user, _, made = found["DASHBOARD_AUTH"].partition(":")
    assert user == "admin"
    assert bcrypt_fits(found["DASHBOARD_AUTH_PASSWORD"], made)
    assert bcrypt_fits(found["PROXY_PASSWORD"], found["PROXY_PASSWORD_HASH"][len("admin:") :])
    hexed = hashlib.sha256(found["API_TOKEN"].encode()).hexdigest()
    assert found["API_TOKEN_SHA256"] == hexed
    assert found["JOB_TOKEN_HASH"] == "replace-me"  # nobody says which hash
    told = capsys.readouterr().err
    assert "'ADMIN_PASSWORD_HASH', bcrypt of 'ADMIN_PASSWORD'" in told
    assert not [one for one in found.values() if len(one) > 20 and one in told]
    # Compose gives containers the very hash: nothing of it is interpolated.
    assert environment(project, "app")["ADMIN_PASSWORD_HASH"] == found["ADMIN_PASSWORD_HASH"]
    first = (project / ".env").read_bytes()
    assert prepare(project) == 0
    assert (project / ".env").read_bytes() == first


def bcrypt_fits(clear: str, made: str) -> bool:
    """Whether `made` is the hash of `clear`, by our own implementation, which has its own tests."""
    from bootready.apply.secrets import bcrypt

    alphabet = bcrypt._ALPHABET
    digits = [alphabet.index(char) for char in made.split("$")[3][:22]]
    number = int.from_bytes(bytes(0), "big")
    for digit in digits:
        number = number << 6 | digit
    salt = (number >> 4).to_bytes(16, "big")
    return bcrypt.hashed(clear.encode(), salt) == made


def test_the_password_of_a_label_is_hashed(project):
    label = "traefik.http.middlewares.a.basicauth.users=${TRAEFIK_AUTH:?run htpasswd}"
    commit(project, compose__yaml=f"{SERVICE}    labels: ['{label}']\n", __env="TRAEFIK_AUTH=\n")
    subprocess.run(["git", "rm", "-q", "--cached", ".env"], cwd=project, check=True)
    prepare(project)
    (project / ".env").write_text("TRAEFIK_AUTH=admin:replace-me\n")
    assert prepare(project) == 0
    found = values(project / ".env")
    assert bcrypt_fits(found["TRAEFIK_AUTH_PASSWORD"], found["TRAEFIK_AUTH"][len("admin:") :])
    service = load(Request(directory=str(project)), {}).service("app")
    assert dict(service.labels).popitem()[1].endswith(found["TRAEFIK_AUTH"])


@pytest.mark.parametrize("blank", [True, False])
def test_a_key_pair_that_the_program_signs_with_belongs_together(project, blank):
    from bootready.apply.secrets.keys import public_key

    value = "" if blank else "replace-me"
    commit(
        project,
        compose__yaml=example_of(
            "JWT_PRIVATE_KEY JWT_PUBLIC_KEY STRIPE_PRIVATE_KEY STRIPE_PUBLIC_KEY"
        ),
        __env__example=f"""\
# openssl genrsa -out private.pem
JWT_PRIVATE_KEY={value}
# generate it with openssl rsa -pubout
JWT_PUBLIC_KEY={value}

STRIPE_PRIVATE_KEY={value}
STRIPE_PUBLIC_KEY={value}
""",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    private = found["JWT_PRIVATE_KEY"]
    assert private.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert public_key(private.encode()).decode() == found["JWT_PUBLIC_KEY"]
    assert (found["STRIPE_PRIVATE_KEY"], found["STRIPE_PUBLIC_KEY"]) == (value, value)
    assert environment(project, "app")["JWT_PRIVATE_KEY"] == private


def test_a_pair_of_another_curve_is_left_to_a_person(project):
    text = "# ES256\nJWT_PRIVATE_KEY=replace-me\nJWT_PUBLIC_KEY=replace-me\n"
    commit(
        project,
        compose__yaml=example_of("JWT_PRIVATE_KEY JWT_PUBLIC_KEY"),
        __env__example=text,
    )
    assert prepare(project) == 0
    assert (project / ".env").read_text() == text


def test_the_tokens_of_roles_are_signed_with_their_key(project):
    from bootready.plan.value_groups import signed_claims

    commit(
        project,
        compose__yaml=example_of("JWT_SECRET ANON_KEY SERVICE_ROLE_KEY"),
        __env__example="JWT_SECRET=replace-me\nANON_KEY=your-anon-key\n"
        "SERVICE_ROLE_KEY=your-service-key\n",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    for name, role in (("ANON_KEY", "anon"), ("SERVICE_ROLE_KEY", "service_role")):
        claims = dict(signed_claims(found[name], found["JWT_SECRET"]))
        assert claims["role"] == f'"{role}"'
        assert int(claims["exp"]) > 2_000_000_000


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
