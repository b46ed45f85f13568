"""Examples of env files under any name: a sure one is taken, a doubtful one offered by name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootready.cli import run

COMPOSE = """\
services:
  app:
    image: example.test/app:1
    environment: {A: "${NAME_A}", B: "${NAME_B}", C: "${NAME_C}"}
"""
TEXT = "# names\nNAME_A=a\nNAME_B=b\nNAME_C=c\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / "compose.yaml").write_text(COMPOSE)
    return directory


def prepare(project: Path, *more: str) -> int:
    return run(["prepare", "-C", str(project), "--engine", "none", *more])


def said(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    run(["check", "-C", str(project), "--engine", "none"])
    return capsys.readouterr().out


NAMES = [
    ".env.docker", ".env-example", ".env.prod.example", "defaults.env", "dot.env.template",
    "variables.env", ".env.local.example", ".env.tmpl", ".env.example.docker", "env-example",
    ".env_example", "docker.env.example", "stack.env.example", "compose.env.example",
    ".env.production.example", ".env.docker.example", "env.default", "env_template", "shop.env",
    "docker/.env.example", "examples/app.env", "set_env.sh", "helper/env.sh",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_found_under_its_name_and_place(project, capsys, name):
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT)
    assert name.rpartition("/")[2] in said(project, capsys)
    assert prepare(project) == 0
    assert (project / ".env").read_text() == TEXT


def test_a_script_of_exports_is_read_and_never_run(project):
    script = '#!/bin/sh\nset -e\nexport NAME_A="a b"\nexport NAME_B="${NAME_A}"\nexport NAME_C=3\n'
    (project / "set_env.sh").write_text(script)
    assert prepare(project) == 0
    text = (project / ".env").read_text()
    assert text == 'export NAME_A="a b"\nexport NAME_B="${NAME_A}"\nexport NAME_C=3\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("NAME_A=$(id -u)\nNAME_B=b\nNAME_C=c\n", id="a command"),
        pytest.param("echo hello\nNAME_A=a\nNAME_B=b\nNAME_C=c\n", id="a program"),
        pytest.param("OTHER=1\n", id="other names"),
    ],
)
def test_what_does_anything_else_is_no_example(project, text):
    (project / "set_env.sh").write_text(text)
    prepare(project)
    assert not (project / ".env").exists()


def test_a_doubtful_example_is_offered_and_used_on_request(project, capsys):
    (project / "one.env").write_text("NAME_A=1\nNAME_B=1\nNAME_C=1\n")
    (project / "two.env").write_text("NAME_A=2\nNAME_B=2\nNAME_C=2\n")
    assert "bootready prepare --use ./one.env" in said(project, capsys)
    prepare(project)
    assert not (project / ".env").exists()
    assert prepare(project, "--use", "./two.env") == 0
    assert "NAME_A=2" in (project / ".env").read_text()


def test_a_file_that_cannot_be_used_is_refused(project, capsys):
    assert prepare(project, "--use", "compose.yaml") == 2
    assert "is not a file of assignments" in capsys.readouterr().err


def test_the_env_file_of_a_service_has_its_example_in_a_folder(project):
    (project / "compose.yaml").write_text(
        "services:\n  app:\n    image: example.test/app:1\n    env_file: [config/app.env]\n"
    )
    (project / "config").mkdir()
    (project / "examples").mkdir()
    (project / "examples" / "app.env").write_text("A=1\n")
    assert prepare(project) == 0
    assert (project / "config" / "app.env").read_text() == "A=1\n"


def test_a_script_that_does_more_is_read_for_its_exports(project):
    (project / "set_env.sh").write_text(
        "#!/bin/bash\nsource ../common.sh\n"
        "export NAME_A=$(date)\nexport NAME_B=b\nexport NAME_C=c\n"
    )
    assert prepare(project) == 0
    assert (project / ".env").read_text() == "NAME_B=b\nNAME_C=c\n"


def test_a_second_file_sets_what_the_example_lacks(project, capsys):
    subprocess.run(["git", "init", "-q"], cwd=project.parent, check=True)
    (project / "dot.env.template").write_text("NAME_A=a\n")
    (project.parent / "versions.env").write_text("NAME_B=1\nNAME_C=2\nOTHER=3\n")
    subprocess.run(["git", "add", "-A"], cwd=project.parent, check=True)
    assert prepare(project) == 0
    text = (project / ".env").read_text()
    assert "NAME_A=a\n" in text
    assert "NAME_B=1\n" in text
    assert "OTHER" not in text
    assert "variable 'NAME" not in said(project, capsys)


def test_a_file_above_that_git_does_not_know_is_not_read(project):
    subprocess.run(["git", "init", "-q"], cwd=project.parent, check=True)
    (project.parent / "versions.env").write_text(TEXT)
    prepare(project)
    assert not (project / ".env").exists()


@pytest.mark.parametrize(
    ("example", "name", "ignored", "told"),
    [
        ("conf.example.yml", "conf.yml", True, False),
        ("conf.yml.dist", "conf.yml", False, True),
        ("example.conf.yml", "conf.yml", True, True),
        ("conf_sample.yml", "conf.yml", True, False),
        (".env.example", ".env", True, False),
        ("conf.example.yml", "conf.yml", False, False),
        ("compose.override.yaml.example", "compose.override.yaml", True, False),
    ],
)
def test_the_example_of_a_file_in_a_mounted_directory(project, example, name, ignored, told):
    """It is copied where the service is told to read the file, or git ignores it."""
    (project / "conf").mkdir()
    (project / "conf" / example).write_text("a: 1\n")
    (project / ".gitignore").write_text(f"conf/{name}\n" if ignored else "")
    command = "serve --config=/etc/shop/conf.yml" if told else "serve"
    (project / "compose.yaml").write_text(
        "services:\n  shop:\n    image: example.test/shop:1\n"
        f"    command: {command}\n    volumes: ['./conf:/etc/shop/']\n"
    )
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=project, check=True)
    assert prepare(project) == 0
    copied = (ignored or told) and not name.startswith("compose")
    assert (project / "conf" / name).exists() is copied
    assert prepare(project, "--detailed-exit-code") == 0


SECRETS = """\
services:
  db:
    image: example.test/db:1
    secrets: [password, mail]
secrets:
  password: {environment: DB_PASSWORD}
  mail: {environment: SMTP_PASSWORD}
"""


@pytest.mark.parametrize(
    "example", ["DB_PASSWORD=changeme\nSMTP_PASSWORD=\n", "DB_PASSWORD=\n", ""]
)
def test_the_variables_of_secrets(project, capsys, example):
    """An example that sets them is copied; what it leaves open is generated, or stood in for."""
    (project / "compose.yaml").write_text(SECRETS)
    if example:
        (project / ".env.example").write_text(example)
    assert "secret-variable-unset" in said(project, capsys)
    assert prepare(project) == 0
    text = (project / ".env").read_text()
    assert "changeme" not in text
    assert "secret-variable-unset" not in said(project, capsys)
    made = [line for line in text.splitlines() if line.startswith("DB_PASSWORD=")][-1]
    assert len(made) == len("DB_PASSWORD=") + 43
    assert prepare(project, "--detailed-exit-code") == 0


LOCAL = """\
services:
  app:
    image: example.test/app:1
    environment:
      DATABASE_URL: ${DATABASE_URL:-postgres://u:p@store:5432/app}
      CACHE_HOST: ${CACHE_HOST:-cache}
      QUEUE_HOST: ${QUEUE_HOST:-cache}
      MAIL_HOST: ${MAIL_HOST:-cache}
      NAME: ${NAME}
  store: {image: example.test/store:1}
  cache:
    image: example.test/cache:1
    networks: {default: {aliases: [queue]}}
"""


def test_an_example_does_not_lead_away_from_the_services(project):
    (project / "compose.yaml").write_text(LOCAL)
    example = (
        "NAME=shop\nDATABASE_URL=postgres://u:p@db:5432/app\nCACHE_HOST=localhost\n"
        "QUEUE_HOST=queue\nMAIL_HOST=mail.example.net\n"
    )
    (project / ".env.example").write_text(example)
    assert prepare(project) == 0
    assert (project / ".env").read_text() == (
        "NAME=shop\n# DATABASE_URL=postgres://u:p@db:5432/app\n# CACHE_HOST=localhost\n"
        "QUEUE_HOST=queue\nMAIL_HOST=mail.example.net\n"
    )


def test_an_empty_option_of_a_mount_is_no_value_that_an_example_empties(project):
    (project / "compose.yaml").write_text(
        "services:\n  app:\n    image: example.test/app:1\n    volumes:\n"
        '      - "${DATA:?no place for the data}:${TARGET:?no target}"\n      - "${LOGS}:/logs"\n'
    )
    (project / ".env.example").write_text("DATA=./data\nTARGET=/data\nLOGS=./logs\n")
    assert prepare(project) == 0
    assert (project / ".env").read_text() == "DATA=./data\nTARGET=/data\nLOGS=./logs\n"


LINKED = """\
services:
  app:
    image: example.test/app:1
    env_file: [settings.env]
    environment:
      FIRST: ${FIRST:?set it in .env}
      SIZE: ${SIZE}
  store:
    image: minio/minio:RELEASE.2024-01-01T00-00-00Z
    environment: {MINIO_ROOT_PASSWORD: "${STORE_SECRET_ACCESS_KEY:?run ./make-secrets}"}
"""
ABOVE = """\
# openssl rand -hex 16
SESSION_SECRET=
FIRST=1
STORE_SECRET_ACCESS_KEY=
# SIZE=4
"""


def test_a_link_to_the_env_file_of_a_directory_above_is_followed(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    clone = tmp_path / "clone"
    project = clone / "deploy" / "web"
    project.mkdir(parents=True)
    (project / "compose.yaml").write_text(LINKED)
    (project / ".env").symlink_to("../.env")
    (project / "settings.env").symlink_to("../.env")
    (clone / "deploy" / ".env.example").write_text(ABOVE)
    (clone / ".gitignore").write_text("deploy/.env\n")
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=clone, check=True)

    assert prepare(project) == 0

    made = clone / "deploy" / ".env"
    lines = dict(
        one.split("=") for one in made.read_text().splitlines() if one[:1] not in {"", "#"}
    )
    assert [len(lines[name]) for name in ("FIRST", "SESSION_SECRET", "SIZE")] == [1, 32, 0]
    assert len(lines["STORE_SECRET_ACCESS_KEY"]) > 20
    assert (project / ".env").is_symlink()
    text = said(project, capsys)
    assert "secret-tracked-by-git" not in text
    assert "secret-unignored-by-git" not in text
    assert "variable-unset" not in text


def test_a_link_out_of_the_repository_is_left_alone(project):
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / ".env").symlink_to("../elsewhere.env")
    (project.parent / "elsewhere.env.example").write_text(TEXT)
    prepare(project)
    assert not (project.parent / "elsewhere.env").exists()


@pytest.mark.parametrize("target", [".git/info/env", ".git/.env", "notes.txt"])
def test_a_link_to_what_is_no_env_file_is_left_alone(project, target):
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / ".env").symlink_to(target)
    prepare(project)
    assert not (project / target).exists()


def test_an_example_is_found_by_the_name_of_the_link(project):
    (project / ".env").symlink_to("real.env")
    (project / ".env.example").write_text(TEXT)
    assert prepare(project) == 0
    assert (project / "real.env").read_text() == TEXT
    assert (project / ".env").is_symlink()


def test_the_env_file_of_an_include_is_made_from_its_example(project, capsys):
    """Compose reads no project without it, so nothing else can be found before."""
    (project / "compose.yaml").write_text("include: [{path: api/a.yaml, env_file: api/a.env}]\n")
    (project / "api").mkdir()
    (project / "api/a.yaml").write_text("services: {a: {image: 'x:${TAG:?}'}}\n")
    (project / "api/a.env.example").write_text("TAG=7\n")
    assert run(["check", "-C", str(project), "--engine", "none"]) == 2
    assert "bootready prepare copies the example of it" in capsys.readouterr().err
    assert prepare(project) == 0
    assert (project / "api/a.env").read_text() == "TAG=7\n"
    assert "not ready" not in said(project, capsys)
