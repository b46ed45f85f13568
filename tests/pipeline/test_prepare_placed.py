"""Variables that are set nowhere get a value where their place, or the project, tells one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.cli import run
from bootready.read.dotenv import read_dotenv


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def prepared(project: Path, services: str) -> dict[str, str]:
    """Return the `.env` that `prepare` makes for `services`, without its comments."""
    (project / "compose.yaml").write_text(f"services:\n{services}")
    assert run(["prepare", "-C", str(project), "--engine", "none"]) == 0
    path = project / ".env"
    if not path.exists():
        return {}
    variables = read_dotenv(path.read_text(), str(path), lambda _name: None)
    return {name: variable.value for name, variable in variables.items()}


APP = "  app:\n    image: example.test/app:1\n"
DATABASE = "  db:\n    image: postgres:17\n    environment: {POSTGRES_PASSWORD: x}\n"


def test_a_place_tells_what_will_do(project):
    found = prepared(
        project,
        """\
  tag: {image: "example.test/a:${TAG}"}
  cache:
    image: redis:$CACHE # a comment
  db:
    image: "postgres:${DATABASE}"
    environment: {POSTGRES_PASSWORD: x}
    volumes: ["data:/var/lib/postgresql/data"]
  web:
    image: example.test/web:1
    restart: ${AGAIN}
    ports: ["${OUTER}:9123", "127.0.0.1:${LOCAL}:9124/tcp", "${TAKEN}:9200", "9200:1"]
  user:
    image: example.test/user:1
    user: ${NOBODY:-7}
    environment: {A: "${NOBODY}"}
    command: [sh, -c, "chown ${NOBODY} /data"]
volumes: {data: {}}
""",
    )
    assert found == {
        "TAG": "latest",
        "CACHE": "latest",
        "DATABASE": "17",
        "AGAIN": "no",
        "OUTER": "9123",
        "LOCAL": "9124",
        "TAKEN": "9201",
        "NOBODY": "7",
    }


def test_a_required_variable_has_its_version_by_the_path_of_the_data(project):
    services = (
        '  a:\n    image: "postgres:${X:?}"\n    environment: {POSTGRES_PASSWORD: x}\n'
        '    volumes: ["d:/var/lib/postgresql/data"]\nvolumes: {d: {}}\n'
    )
    assert prepared(project, services) == {"X": "17"}


def test_a_name_and_its_place_tell_together(project):
    found = prepared(
        project,
        f"""{DATABASE}{APP}    container_name: ${{STACK_NAME}}-app
    volumes: ["${{DATA_DIR}}/files:/data", "${{UPLOAD_LOCATION}}:/uploads"]
    labels: ["rule=Host(`${{DOMAIN}}`)"]
    environment:
      - H=${{DB_HOST}}
      - P=${{POSTGRES_PORT}}
      - U=${{SHOP_BASE_URL}}
""",
    )
    assert found == {
        "STACK_NAME": "shop",
        "DATA_DIR": "./data",
        "UPLOAD_LOCATION": "./upload",
        "DOMAIN": "localhost",
        "DB_HOST": "db",
        "POSTGRES_PORT": "5432",
        "SHOP_BASE_URL": "http://localhost",
    }


def test_what_only_a_person_knows_is_left(project):
    found = prepared(
        project,
        f"""{APP}    environment:
      CREDENTIAL: ${{OPENAI_API_KEY}}
      ADDRESS_OF_ANOTHER_PROGRAM: ${{OLLAMA_BASE_URL}}
      NO_SERVICE_OF_IT: ${{SMTP_HOST}}
      MAY_BE_LEFT_OUT: ${{FEATURE}}
    command: [sh, -c, "echo $HOST_NAME"]
    volumes: ["${{CONFIG}}/app.yml:/app.yml"]
  part: {{image: "example.test/a:1-${{PART}}"}}
  kibana: {{image: "docker.elastic.co/kibana/kibana:${{VERSION}}"}}
""",
    )
    assert found == {}


def test_a_directory_that_has_what_is_mounted_is_found(project):
    (project / "app.yml").write_text("x: 1\n")
    found = prepared(project, f"{APP}    volumes: ['${{REPO_ROOT}}/app.yml:/app.yml']\n")
    assert found == {"REPO_ROOT": "."}


def test_the_readme_is_believed_before_the_place(project):
    (project / "README.md").write_text(
        "Start\n\n```shell\n$ export TAG=2.1\nexport OTHER=<token>\ndocker compose up\n```\n"
    )
    services = "  a: {image: 'example.test/a:${TAG}', environment: {B: '${OTHER}'}}\n"
    assert prepared(project, services) == {"TAG": "2.1"}


def test_a_cache_gets_a_password_only_if_it_is_told(project):
    cache = "  redis:\n    image: redis:8\n"
    app = f"{APP}    environment: {{REDIS_PASSWORD: '${{REDIS_PASSWORD}}'}}\n"
    assert prepared(project, cache + app) == {}
    told = f"{cache}    command: ['--requirepass', '${{REDIS_PASSWORD}}']\n{app}"
    assert len(prepared(project, told)["REDIS_PASSWORD"]) == 43


def test_an_address_of_its_own_is_passed_through(project, capsys):
    services = f"{APP}    ports: ['3000:3000']\n    environment: [WEBAPP_URL, DEBUG]\n"
    (project / "compose.yaml").write_text(f"services:\n{services}")
    run(["check", "-C", str(project), "--engine", "none"])
    assert "'WEBAPP_URL' has no value" in capsys.readouterr().out
    assert prepared(project, services) == {"WEBAPP_URL": "http://localhost:3000"}


def test_a_secret_of_two_services_is_generated(project):
    both = "environment: {A: '${CUBE_API_SECRET}'}"
    services = f"{APP}    {both}\n  cube:\n    image: example.test/cube:1\n    {both}\n"
    assert len(prepared(project, services)["CUBE_API_SECRET"]) == 43


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("environment: {A: b}", False),
        ("environment: [NAME]", True),
        ("volumes: ['.:/app']", True),
        ("env_file: [{path: .env, required: false}]", True),
    ],
)
def test_an_example_that_nothing_reads_is_not_copied(project, text, copied):
    (project / ".env.example").write_text("NAME=x\n")
    prepared(project, f"{APP}    {text}\n")
    assert (project / ".env").exists() == copied


def test_a_variable_that_only_a_shell_text_leaves_empty_is_named(project, capsys):
    (project / "compose.yaml").write_text(
        f"services:\n{APP}    user: ${{X_UID:-50000}}\n    command: sh -c 'chown ${{X_UID}} /a'\n"
    )
    run(["check", "-C", str(project), "--engine", "none"])
    assert "variable 'X_UID': not set" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["ports: ['${PORT}:80']", "volumes: ['${PORT}/a:/a']"])
def test_a_finding_names_the_example(project, capsys, text):
    (project / "compose.yaml").write_text(f"services:\n{APP}    {text}\n")
    (project / ".env.example").write_text("PORT=8088\n")
    run(["check", "-C", str(project), "--engine", "none"])
    assert "makes .env from its example" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "said"), [("${APP_NAME}", True), ("pa${WORD}s", False)])
def test_a_name_in_an_env_file_is_said_where_it_is_one(project, capsys, text, said):
    (project / "compose.yaml").write_text(f"services:\n{APP}    environment: {{A: '${{NAME}}'}}\n")
    (project / ".env").write_text(f"NAME={text}\n")
    run(["check", "-C", str(project), "--engine", "none"])
    out = capsys.readouterr().out.partition("-->")[0]
    assert "variable 'NAME'" in out
    assert (text.strip("pas") in out) == said


def test_a_secret_that_may_be_optional_is_a_note_and_stays_empty(project, capsys):
    (project / ".env.example").write_text("AUTH_PASSWORD=\n")
    found = prepared(project, f"{APP}    environment: {{A: '${{AUTH_PASSWORD}}'}}\n")
    assert found == {"AUTH_PASSWORD": ""}
    capsys.readouterr()
    run(["check", "-C", str(project), "--engine", "none"])
    assert (
        "note[value-blank]: file './.env': 'AUTH_PASSWORD' has no value" in capsys.readouterr().out
    )
