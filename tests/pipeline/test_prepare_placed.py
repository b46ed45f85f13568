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


@pytest.mark.parametrize(
    ("services", "value"),
    [
        pytest.param('  a: {image: "example.test/a:${X}"}\n', "latest", id="the tag of an image"),
        pytest.param("  a:\n    image: redis:$X # cache\n", "latest", id="a known image"),
        pytest.param(
            '  a:\n    image: "postgres:${X:?}"\n    environment: {POSTGRES_PASSWORD: x}\n'
            '    volumes: ["d:/var/lib/postgresql/data"]\nvolumes: {d: {}}\n',
            "17",
            id="a version for the path of its data",
        ),
        pytest.param(f"{APP}    restart: ${{X}}\n", "no", id="restart"),
        pytest.param(f'{APP}    ports: ["${{X}}:9123"]\n', "9123", id="a port of the host"),
        pytest.param(
            f'{APP}    ports: ["127.0.0.1:${{X}}:9124/tcp"]\n', "9124", id="a port of an address"
        ),
        pytest.param(
            f"{APP}    user: ${{X:-7}}\n    environment: {{A: '${{X}}'}}\n",
            "7",
            id="its default elsewhere",
        ),
        pytest.param(
            f"{APP}    user: ${{X:-7}}\n    command: ['sh', '-c', 'chown ${{X}} /data']\n",
            "7",
            id="its default elsewhere, for a command",
        ),
    ],
)
def test_a_place_tells_what_will_do(project, services, value):
    assert prepared(project, services)["X"] == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("DATA_DIR", "volumes: ['${DATA_DIR}/files:/data']", "./data"),
        ("UPLOAD_LOCATION", "volumes: ['${UPLOAD_LOCATION}:/uploads']", "./upload"),
        ("DB_HOST", "environment: {H: '${DB_HOST}'}", "db"),
        ("POSTGRES_PORT", "environment: ['P=${POSTGRES_PORT}']", "5432"),
        ("SHOP_BASE_URL", "environment: {U: '${SHOP_BASE_URL}'}", "http://localhost"),
        ("DOMAIN", "labels: ['rule=Host(`${DOMAIN}`)']", "localhost"),
        ("STACK_NAME", "container_name: ${STACK_NAME}-app", "shop"),
    ],
)
def test_a_name_and_its_place_tell_together(project, name, text, value):
    assert prepared(project, f"{DATABASE}{APP}    {text}\n")[name] == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("environment: {A: '${OPENAI_API_KEY}'}", id="a credential"),
        pytest.param("environment: {A: '${OLLAMA_BASE_URL}'}", id="another program's address"),
        pytest.param("environment: {A: '${SMTP_HOST}'}", id="a server that is no service"),
        pytest.param("environment: {A: '${FEATURE}'}", id="what may be left out"),
        pytest.param("image: 'example.test/a:1-${X}'", id="a part of a tag"),
        pytest.param("image: 'docker.elastic.co/kibana/kibana:${X}'", id="an image without latest"),
        pytest.param("command: ['sh', '-c', 'echo $HOST_NAME']", id="a variable of the shell"),
        pytest.param("volumes: ['${CONFIG}/app.yml:/app.yml']", id="a file that is not there"),
    ],
)
def test_what_only_a_person_knows_is_left(project, text):
    service = APP if "image:" not in text else "  app:\n"
    assert prepared(project, f"{service}    {text}\n") == {}


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


def test_a_port_in_use_is_passed_over(project):
    services = f"{APP}    ports: ['${{X}}:9200', '9200:1']\n"
    assert prepared(project, services)["X"] == "9201"


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
    assert "bootready prepare (makes .env from its example)" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "said"), [("${APP_NAME}", True), ("pa${WORD}s", False)])
def test_a_name_in_an_env_file_is_said_where_it_is_one(project, capsys, text, said):
    (project / "compose.yaml").write_text(f"services:\n{APP}    environment: {{A: '${{NAME}}'}}\n")
    (project / ".env").write_text(f"NAME={text}\n")
    run(["check", "-C", str(project), "--engine", "none"])
    out = capsys.readouterr().out.partition("-->")[0]
    assert "variable 'NAME'" in out
    assert (text.strip("pas") in out) == said
