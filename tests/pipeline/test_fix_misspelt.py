"""`fix` spells attributes and words right: only one can be meant, and Compose takes it then."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.model.near import only_near
from bootready.model.request import Request
from bootready.pipeline import load

SERVICE = "services:\n  app:\n    image: example.test/app:1\n"


def fixed(directory: Path, text: str) -> str:
    """The Compose file after `fix --apply`; a second run finds nothing that it could do."""
    path = directory / "compose.yaml"
    path.write_text(text)
    assert run(["fix", "-C", str(directory), "--apply"]) == 0
    after = path.read_text()
    assert run(["fix", "-C", str(directory), "--detailed-exit-code"]) == 0
    assert path.read_text() == after
    return after


REPAIRED = {
    "two letters too few": (
        "    enviroment: {A: b}  # keep\n    heathcheck: {test: [CMD, a]}\n",
        "    environment: {A: b}  # keep\n    healthcheck: {test: [CMD, a]}\n",
    ),
    "a plural": (
        "    port: ['127.0.0.1:54329:80']\n    volume: ['./a:/a']\n",
        "    ports: ['127.0.0.1:54329:80']\n    volumes: ['./a:/a']\n",
    ),
    "swapped letters": ("    netwroks: [default]\n", "    networks: [default]\n"),
    "the last part is missing": (
        "    depends: [db]\n  db: {image: a}\n",
        "    depends_on: [db]\n  db: {image: a}\n",
    ),
    "all of it is said beside it": (
        (
            "    depends:\n      - db\n    depends_on:\n      db: {condition: service_started}\n"
            "  db: {image: a}\n"
        ),
        "    depends_on:\n      db: {condition: service_started}\n  db: {image: a}\n",
    ),
    "case and dashes": (
        "    container-name: shop\n    readOnly: true\n    CapAdd: [CHOWN]\n",
        "    container_name: shop\n    read_only: true\n    cap_add: [CHOWN]\n",
    ),
    "deep inside": (
        (
            "    healthcheck: {test: [CMD, a], intervall: 3s}\n"
            "    deploy: {resources: {limits: {'cpu': '1'}}}\n"
        ),
        (
            "    healthcheck: {test: [CMD, a], interval: 3s}\n"
            "    deploy: {resources: {limits: {'cpus': '1'}}}\n"
        ),
    ),
    "a word that is one of a few": (
        (
            "    depends_on: {db: {condition: service_helthy}}\n"
            "  db: {image: a, healthcheck: {test: [CMD, a]}}\n"
        ),
        (
            "    depends_on: {db: {condition: service_healthy}}\n"
            "  db: {image: a, healthcheck: {test: [CMD, a]}}\n"
        ),
    ),
    "one that needs another": (
        (
            "    netwroks: [back]\n    secret: [key]\n"
            "network: {back: {}}\nsecretes: {key: {file: k}}\n"
        ),
        (
            "    networks: [back]\n    secrets: [key]\n"
            "networks: {back: {}}\nsecrets: {key: {file: k}}\n"
        ),
    ),
}


@pytest.mark.parametrize("case", REPAIRED)
def test_only_the_misspelt_word_changes(tmp_path, case):
    wrong, right = REPAIRED[case]
    (tmp_path / "k").write_text("k")

    assert fixed(tmp_path, SERVICE + wrong) == SERVICE + right

    assert load(Request(directory=str(tmp_path)), {}).problems == ()


LEFT = {
    "two that are as near": "    mem_limits_swap: 1g\n    pid_mode: host\n",
    "nothing near": "    frobnicate: 1\n    net: host\n",
    "it is there already": "    environment: {A: b}\n    enviroment: {C: d}\n",
    "a comment would be lost": (
        "    dependson:\n      - db  # first\n    depends_on: [db]\n  db: {image: a}\n"
    ),
    "something else stands on the line": (
        "    depends_on: [db]\n  db: {depends: [], image: a, depends_on: []}\n"
    ),
    "a value that Compose refuses": "    port: {a: b}\n    restat: [always]\n",
    "a file that does not exist": "    envfile: missing.env\n",
    "a network that is not defined": "    netwroks: [back]\n",
    "an extension of the author": "    x-enviroment: {A: b}\n",
}


@pytest.mark.parametrize("case", LEFT)
def test_what_is_in_doubt_or_refused_stays(tmp_path, case):
    assert fixed(tmp_path, SERVICE + LEFT[case]) == SERVICE + LEFT[case]


def test_an_anchor_is_mended_once_for_all_who_use_it(tmp_path):
    text = (
        "x-app: &app\n  imgae: example.test/app:1\n"
        "services:\n  one:\n    <<: *app\n  two:\n    <<: *app\n"
    )

    assert fixed(tmp_path, text) == text.replace("imgae", "image")


def test_a_top_level_element_is_mended(tmp_path):
    text = SERVICE.replace("services", "service")

    assert fixed(tmp_path, text) == SERVICE


def test_a_base_in_another_file_is_mended_there(tmp_path):
    base = tmp_path / "base.yaml"
    base.write_text("services:\n  base:\n    enviroment: {A: b}\n")
    text = f"{SERVICE}    extends: {{file: base.yaml, service: base}}\n"

    assert fixed(tmp_path, text) == text
    assert "environment" in base.read_text()


def test_check_says_who_repairs_it(tmp_path, capsys):
    (tmp_path / "compose.yaml").write_text(f"{SERVICE}    enviroment: {{A: b}}\n")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)

    for verb in ("check", "validate"):
        assert run([verb, "-C", str(tmp_path), "--engine", "none"]) == 1
        assert "remedy: bootready fix    spell it 'environment'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("enviroment", "environment env_file", "environment"),
        ("Ports", "ports post_start", "ports"),
        ("portss", "ports", "ports"),
        ("potrs", "ports expose", "ports"),
        ("arg", "args ssh", "args"),
        ("cpu_set", "cpus cpuset cpu_shares", "cpuset"),
        ("tt", "tty", ""),
        ("net", "dns init", ""),
        ("limiter", "limits", ""),
        ("cost", "host post", ""),
        ("stop_grace_perid", "stop_grace_period stop_signal", "stop_grace_period"),
        ("restart_policy", "restart", ""),
        ("depends", "depends_on develop", "depends_on"),
        ("stop_", "stop_signal stop_grace_period", ""),
        ("start", "start_period start_interval", ""),
        ("env", "env_file", ""),
        ("x" * 300, "x" * 299, ""),
    ],
)
def test_near_is_one_mistake_in_a_short_word_and_two_in_a_long_one(word, known, meant):
    assert only_near(word, known.split()) == meant
