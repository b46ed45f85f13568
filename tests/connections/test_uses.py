"""What else is made of connections: repairs, explanations, pictures, diagnoses; no password."""

import json
import tarfile
from pathlib import Path

import pytest

from bootready import pipeline
from bootready.boot.diagnose.api import Evidence, Explanation
from bootready.boot.diagnose.symptoms.address_wrong import address_wrong
from bootready.cli import run
from bootready.engine.container import parse_container
from bootready.model.request import Request

PASSWORD = "tulip-orchard-71"
COMPOSE = f"""\
services:
  app:
    image: registry.example.com/shop/app:1.4
    environment:
      DATABASE_URL: postgres://shop:{PASSWORD}@localhost:15432/shop
      REDIS_URL: redis://127.0.0.1:6379
      API_URL: http://user_api:8081/v1
  db:
    image: postgres:16
    ports: ["127.0.0.1:15432:5432"]
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: {PASSWORD}
  redis:
    image: redis:7
  user-api:
    image: registry.example.com/shop/api:1.4
    environment:
      DB_HOST: db
      DB_PORT: "15432"
      DB_USER: shop
      DB_PASSWORD: another-{PASSWORD}
"""
DEAD = parse_container(
    {
        "Id": "1",
        "Name": "/p-app-1",
        "State": {"Status": "exited", "ExitCode": 1},
        "Config": {"Labels": {"com.docker.compose.service": "app"}},
    }
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a command prints on both streams."""
    run(list(arguments))
    whole = capsys.readouterr()
    return whole.out + whole.err


def test_a_host_and_a_port_are_repaired(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "fix", "--apply")
    text = (shop / "compose.yaml").read_text(encoding="utf-8")
    assert f"DATABASE_URL: postgres://shop:{PASSWORD}@db:5432/shop" in text
    assert "REDIS_URL: redis://redis:6379" in text
    assert "API_URL: http://user-api:8081/v1" in text
    assert 'DB_PORT: "5432"' in text


WAITING = """\
services:
  app:
    image: registry.example.com/shop/app:1.4
    environment: {DATABASE_URL: "postgres://shop:tulip@db/shop"}
  worker:
    # what it runs
    image: registry.example.com/shop/worker:1.4
    environment: {DATABASE_URL: "postgres://shop:tulip@db/shop"}
    depends_on: [app]
  db:
    image: postgres:16
    environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: tulip}
    healthcheck: {test: [CMD, pg_isready, -U, shop]}
"""


def test_a_client_is_let_wait_for_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it has no `depends_on` yet; what a person wrote is not touched."""
    file = tmp_path / "compose.yaml"
    file.write_text(WAITING, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    printed(capsys, "fix", "--unsafe", "--apply")
    image = "    image: registry.example.com/shop/app:1.4\n"
    wait = "    depends_on:\n      db:\n        condition: service_healthy\n"
    assert file.read_text(encoding="utf-8") == WAITING.replace(image, image + wait)
    assert "service 'app': `DATABASE_URL`" not in printed(capsys, "check", "--engine", "none")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    healthcheck: {test: [CMD, pg_isready, -U, shop]}\n", ""),
        ("    healthcheck: {test", "    depends_on: [worker]\n    healthcheck: {test"),
    ],
    ids=["a server without a healthcheck", "a server that waits for its client"],
)
def test_nobody_is_let_wait_for_ever(
    old: str,
    new: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(WAITING.replace(old, new), encoding="utf-8")
    assert "depends_on:\n" not in printed(capsys, "fix", "--unsafe", "--exact")


def test_explain_says_who_talks_to_a_service(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "asked by: service 'user-api' (postgres, port 15432)" in printed(
        capsys, "explain", "services.db"
    )
    assert "talks to: service 'db'" in printed(capsys, "explain", "services.user-api")


def test_pictures_have_the_connections(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = ("report", "--engine", "none", "--format")
    [talk] = json.loads(printed(capsys, *report, "json"))["connections"]
    assert (talk["service"], talk["target"], talk["ports"]) == ("user-api", "db", [15432])
    assert talk["places"][0]["path"] == "services.user-api.environment.DB_HOST"
    assert "s3 ==>|postgres 15432| s1" in printed(capsys, *report, "mermaid")
    page = printed(capsys, *report, "html")
    assert '<a href="#talk-1">' in page
    assert '<tr id="talk-1">' in page


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--engine", "none"],
        ["check", "--engine", "none", "--json"],
        ["fix"],
        ["explain", "services.user-api"],
        ["report", "--engine", "none", "--format", "html"],
        ["report", "--engine", "none", "--format", "json"],
    ],
    ids=" ".join,
)
def test_no_password_is_shown(
    arguments: list[str], shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert PASSWORD not in printed(capsys, *arguments)


def test_no_password_is_in_a_bundle(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "bundle", "-o", "evidence.tar.gz")
    with tarfile.open(shop / "evidence.tar.gz") as archive:
        files = {one.name: archive.extractfile(one) for one in archive.getmembers() if one.isfile()}
        texts = {name: file.read().decode() for name, file in files.items() if file}
    assert any("DATABASE_URL" in text and "@localhost:15432" in text for text in texts.values())
    assert not [name for name, text in texts.items() if PASSWORD in text]


def diagnosed(directory: Path, service: str, line: str) -> Explanation:
    project = pipeline.load(Request(directory=str(directory)), {"PWD": str(directory)})
    evidence = Evidence(project, project.service(service), DEAD, None, "", (line,), {})
    found = address_wrong.function(evidence)
    assert found is not None
    assert found.location is not None
    return found


@pytest.mark.parametrize(
    ("service", "line", "path", "remedy"),
    [
        (
            "app",
            "Error: connect ECONNREFUSED 127.0.0.1:15432",
            "DATABASE_URL",
            "write `db` instead of `localhost`",
        ),
        (
            "app",
            "dial tcp 127.0.0.1:6379: connect: connection refused",
            "REDIS_URL",
            "write `redis` instead of `127.0.0.1`",
        ),
        (
            "user-api",
            "connect ECONNREFUSED 172.18.0.2:15432",
            "DB_PORT",
            "write port 5432",
        ),
        (
            "user-api",
            'FATAL:  password authentication failed for user "shop"',
            "DB_PASSWORD",
            "give both the same variable or secret",
        ),
    ],
)
def test_a_line_of_a_log_leads_back_to_the_address(
    service: str, line: str, path: str, remedy: str, shop: Path
) -> None:
    found = diagnosed(shop, service, line)
    assert found.location is not None
    assert found.location.path[-1] == path
    assert found.remedy == remedy
    assert PASSWORD not in str(found)
