"""`fix` makes variables of placeholders that no untracked file reaches; `prepare` sets them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.model.node import plain
from bootready.model.request import Request
from bootready.pipeline import load

HEAD = "services:\n  app:\n    image: example.test/app:1\n"

STYLES = {
    "mapping": (
        "    environment:\n      APP_SECRET: replace-me   # yours\n",
        "    environment:\n      APP_SECRET: ${APP_SECRET:-replace-me}   # yours\n",
    ),
    "list": (
        "    environment:\n      - APP_SECRET=<your secret>\n",
        "    environment:\n      - APP_SECRET=${APP_SECRET:-<your secret>}\n",
    ),
    "quotes": (
        "    environment:\n      - 'APP_SECRET=replace-me'\n",
        "    environment:\n      - 'APP_SECRET=${APP_SECRET:-replace-me}'\n",
    ),
    "flow": (
        "    environment: {APP_SECRET: replace-me, A: b}\n",
        '    environment: {APP_SECRET: "${APP_SECRET:-replace-me}", A: b}\n',
    ),
    "flow list": (
        "    environment: [APP_SECRET=replace-me, A=b]\n",
        '    environment: ["APP_SECRET=${APP_SECRET:-replace-me}", A=b]\n',
    ),
    "no name of its own": (
        '    environment: {PASSWORD: "changeme"}\n',
        '    environment: {PASSWORD: "${APP_PASSWORD:-changeme}"}\n',
    ),
    "a name that is taken": (
        "    environment:\n      APP_SECRET: replace-me\n      B: ${APP_SECRET:-x}\n",
        (
            "    environment:\n      APP_SECRET: ${APP_APP_SECRET:-replace-me}\n"
            "      B: ${APP_SECRET:-x}\n"
        ),
    ),
    "a URL, a command and the name of another service": (
        (
            "    environment:\n      - STORE_URL=redis://:changeme@store/0\n"
            "  store:\n    image: redis:8\n    command: redis-server --requirepass changeme\n"
            "    healthcheck: {test: [CMD, redis-cli, '-achangeme', ping, changeme-not]}\n"
            "    environment: {REDIS_PASSWORD: 'changeme'}\n"
        ),
        (
            "    environment:\n      - STORE_URL=redis://:${REDIS_PASSWORD:-changeme}@store/0\n"
            "  store:\n    image: redis:8\n"
            "    command: redis-server --requirepass ${REDIS_PASSWORD:-changeme}\n"
            "    healthcheck: {test: [CMD, redis-cli, '-a${REDIS_PASSWORD:-changeme}',"
            " ping, changeme-not]}\n"
            "    environment: {REDIS_PASSWORD: '${REDIS_PASSWORD:-changeme}'}\n"
        ),
    ),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def commit(project: Path, **files: str) -> None:
    """Write `files` (``__`` in a name is a dot) into a repository that tracks them."""
    for name, text in files.items():
        (project / name.replace("__", ".")).write_text(text)
    for words in (["init", "-q"], ["add", "-A", "-f"]):
        subprocess.run(["git", *words], cwd=project, check=True, capture_output=True)


def model(request: Request):
    return plain(load(request, {}).model)


def environment(request: Request, service: str = "app") -> dict[str, str | None]:
    found = load(request, {}).service(service)
    assert found is not None
    return {entry.name: entry.value for entry in found.environment}


def fix(*where: str) -> None:
    assert run(["fix", "--apply", *where]) == 0


@pytest.mark.parametrize(("before", "after"), STYLES.values(), ids=STYLES)
def test_a_placeholder_of_a_named_file_becomes_a_variable(project, before, after):
    commit(project, stack__yaml=HEAD + before)
    request = Request(directory=str(project), files=("stack.yaml",))
    resolved = model(request)
    fix("-C", str(project), "-f", "stack.yaml")
    assert (project / "stack.yaml").read_text() == HEAD + after
    assert model(request) == resolved


def test_prepare_says_what_waits_for_fix_and_sets_it_then(project, capsys):
    commit(
        project, stack__yaml=HEAD + STYLES["a URL, a command and the name of another service"][0]
    )
    file = project / "stack.yaml"
    request = Request(directory=str(project), files=("stack.yaml",))
    where = ["-C", str(project), "-f", "stack.yaml"]
    assert run(["prepare", "--engine", "none", *where]) == 0
    assert "`bootready fix --apply` makes a variable of it" in capsys.readouterr().err
    run(["check", "--engine", "none", *where])
    assert "hint: bootready fix --apply && bootready prepare" in capsys.readouterr().out
    fix(*where)
    changed = file.read_text()
    assert run(["prepare", "--engine", "none", *where]) == 0
    made = environment(request, "store")["REDIS_PASSWORD"] or ""
    assert len(made) == 43
    assert str(model(request)).count(made) == 4
    fix(*where)
    assert file.read_text() == changed
    assert run(["prepare", "--detailed-exit-code", "--engine", "none", *where]) == 0
    capsys.readouterr()
    run(["check", "--engine", "none", "--json", *where])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert "value-placeholder" not in {one["check"] for one in found}


def test_a_password_and_its_hash_are_two_variables(project):
    lines = (
        "    environment:\n      ADMIN_PASSWORD: changeme\n      ADMIN_PASSWORD_HASH: changeme\n"
    )
    commit(project, stack__yaml=HEAD + lines)
    where = ["-C", str(project), "-f", "stack.yaml"]
    fix(*where)
    assert run(["prepare", "--engine", "none", *where]) == 0
    found = environment(Request(str(project), ("stack.yaml",)))
    assert len(found["ADMIN_PASSWORD"] or "") == 43
    assert (found["ADMIN_PASSWORD_HASH"] or "").startswith("$2b$")


def test_files_that_the_shell_names_count_as_those_of_the_command_line(project, monkeypatch):
    commit(project, stack__yaml=f"{HEAD}    environment: {{APP_SECRET: replace-me}}\n")
    monkeypatch.setenv("COMPOSE_FILE", str(project / "stack.yaml"))
    monkeypatch.chdir(project)
    fix()
    assert run(["prepare", "--engine", "none"]) == 0
    request = Request(directory=str(project), files=("stack.yaml",))
    assert len(environment(request)["APP_SECRET"] or "") == 43


def test_what_an_override_sets_stays_and_what_it_cannot_set_does_not(project):
    """Build arguments, commands and the services of an include."""
    root = "include: [part.yaml]\n" + HEAD
    text = (
        f"{root}    environment: {{APP_SECRET: replace-me}}\n"
        "    build: {context: ., args: {BUILD_SECRET: change_this}}\n"
    )
    part = "services:\n  part:\n    image: example.test/part:1\n    environment:\n      {}\n"
    commit(project, compose__yaml=text, part__yaml=part.format("PART_SECRET: your-secret"))
    fix("-C", str(project))
    changed = text.replace("change_this", '"${BUILD_SECRET:-change_this}"')
    assert (project / "compose.yaml").read_text() == changed
    expected = part.format("PART_SECRET: ${PART_SECRET:-your-secret}")
    assert (project / "part.yaml").read_text() == expected
    assert run(["prepare", "-C", str(project), "--engine", "none"]) == 0
    request = Request(directory=str(project))
    made = environment(request)["APP_SECRET"], environment(request, "part")["PART_SECRET"]
    assert [len(one or "") for one in made] == [43, 43]


def test_prepare_first_and_fix_then_keep_what_was_generated(project):
    commit(project, compose__yaml=f"{HEAD}    environment: {{APP_SECRET: replace-me}}\n")
    request = Request(directory=str(project))
    assert run(["prepare", "-C", str(project), "--engine", "none"]) == 0
    made = environment(request)
    fix("-C", str(project))
    assert environment(request) == made


@pytest.mark.parametrize("why", ["env file in git", "secret in a mounted file"])
def test_nothing_is_edited_where_prepare_could_not_set_the_variable(project, why):
    more = "    volumes: ['./app.conf:/app.conf']\n" if "mounted" in why else ""
    text = f"{HEAD}    environment: {{APP_SECRET: replace-me}}\n{more}"
    commit(project, stack__yaml=text, app__conf="key = replace-me\n")
    (project / ".env").write_text("A=1\n")
    if "git" in why:
        subprocess.run(["git", "add", "-f", ".env"], cwd=project, check=True)
    fix("-C", str(project), "-f", "stack.yaml")
    assert (project / "stack.yaml").read_text() == text


def test_an_env_file_that_the_person_named_gets_the_value(project):
    commit(project, stack__yaml=f"{HEAD}    environment: {{APP_SECRET: replace-me}}\n")
    (project / "my.env").write_text("A=1\n")
    where = ["-C", str(project), "-f", "stack.yaml", "--env-file", str(project / "my.env")]
    fix(*where)
    assert run(["prepare", "--engine", "none", *where]) == 0
    assert not (project / ".env").exists()
    request = Request(str(project), ("stack.yaml",), env_files=(str(project / "my.env"),))
    assert len(environment(request)["APP_SECRET"] or "") == 43


def test_programs_are_told_that_fix_mends_it_and_see_no_value(project, capsys):
    commit(project, stack__yaml=f"{HEAD}    environment: {{APP_SECRET: replace-me}}\n")
    where = ["-C", str(project), "-f", "stack.yaml", "--engine", "none"]
    for form in ("json", "sarif"):
        run(["check", "--format", form, *where])
        said = capsys.readouterr().out
        assert "bootready fix" in said or '"command": "fix"' in said
        assert "${APP_SECRET:-replace-me}" not in said


def test_programs_are_told_the_command_that_makes_a_guess(project, capsys):
    text = (
        HEAD + "    depends_on:\n      db: {condition: service_healthy}\n"
        "  db:\n    image: postgres:17\n    healthcheck: {disable: true}\n"
    )
    commit(project, compose__yaml=text)
    run(["check", "--json", "-C", str(project), "--engine", "none"])
    found = json.loads(capsys.readouterr().out)["findings"]
    (remedy,) = (one["remedy"] for one in found if one["check"] == "dependency-without-healthcheck")
    assert (remedy["command"], remedy["safety"]) == ("fix --unsafe", "ask")
    fix("-C", str(project), "--unsafe")
    assert "service_started" in (project / "compose.yaml").read_text()


def test_a_literal_label_that_is_a_placeholder_is_named(project, capsys):
    labels = "    labels:\n      - router.rule=Host(`app.your-domain.com`)\n      - plain=change\n"
    commit(project, compose__yaml=HEAD + labels)
    run(["check", "--json", "-C", str(project), "--engine", "none"])
    found = json.loads(capsys.readouterr().out)["findings"]
    (said,) = (one for one in found if one["check"] == "value-placeholder")
    assert "'router.rule' is a placeholder" in said["message"]
    assert (said["severity"], said["location"]["line"]) == ("note", 5)
