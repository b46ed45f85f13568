"""`config --compose v2` refuses what the real v2.40.3 refuses, and says where."""

from __future__ import annotations

import subprocess

import pytest

from bootready.cli import run
from engine_support import require_compose
from resolve.test_cases import CASES, ENVIRONMENT, NAMES, arguments

SERVICE = "services: {a: {image: i}}\n"
HOOKED = "services: {a: {image: i, pre_start: [{command: [x]}]}}\n"
PROJECTS = {
    "accepted": ({"compose.yaml": SERVICE}, ""),
    "network-conflict": (
        {
            "compose.yaml": f"include: [x.yaml]\n{SERVICE}networks: {{n: {{driver: bridge}}}}\n",
            "x.yaml": "services: {b: {image: i, networks: [n]}}\nnetworks: {n: {external: true}}\n",
        },
        "network 'n': is also defined by an included file",
    ),
    "siblings": (
        {
            "compose.yaml": "include: [x.yaml, y.yaml]\n",
            "x.yaml": "services: {b: {image: i}}\n",
            "y.yaml": "services: {b: {image: j}}\n",
        },
        "service 'b': is also defined by an included file",
    ),
    "same-words": (
        {"compose.yaml": f"include: [x.yaml]\n{SERVICE}", "x.yaml": SERVICE},
        "",
    ),
    "same-short-syntax": (
        {
            "compose.yaml": "include: [x.yaml]\nservices: {a: {image: i, ports: ['80:80']}}\n",
            "x.yaml": "services: {a: {image: i, ports: ['80:80']}}\n",
        },
        "service 'a': is also defined by an included file",
    ),
    "extends-included": (
        {
            "compose.yaml": "include: [x.yaml]\nservices: {a: {extends: b}}\n",
            "x.yaml": "services: {b: {image: i}}\n",
        },
        "service 'a': extends 'b' from an included file",
    ),
    "repeated": (
        {
            "compose.yaml": "services: {a: {image: i, security_opt: [x]}}\n",
            "compose.override.yaml": "services: {a: {security_opt: [x]}}\n",
        },
        "service 'a': `security_opt` repeats an entry",
    ),
    "repeated-label-of-a-volume": (
        {
            "compose.yaml": f"{SERVICE}volumes: {{v: {{labels: [a=1]}}}}\n",
            "compose.override.yaml": "volumes: {v: {labels: {a: 1}}}\n",
        },
        "volume 'v': `labels` repeats an entry",
    ),
    "other-label-of-a-volume": (
        {
            "compose.yaml": f"{SERVICE}volumes: {{v: {{labels: [a=1]}}}}\n",
            "compose.override.yaml": "volumes: {v: {labels: {b: 1}}}\n",
        },
        "",
    ),
    "labels-in-two-forms": (
        {
            "compose.yaml": f"{SERVICE}secrets: {{s: {{environment: S, labels: [a=1]}}}}\n",
            "compose.override.yaml": "secrets: {s: {labels: {b: 1}}}\n",
        },
        "secret 's': `labels` is a list and a mapping",
    ),
    "repeated-label-of-a-config": (
        {
            "compose.yaml": f"{SERVICE}configs: {{c: {{content: x, labels: [a=1]}}}}\n",
            "compose.override.yaml": "configs: {c: {labels: [a=1]}}\n",
        },
        "config 'c': `labels` repeats an entry",
    ),
    "repeated-label-of-a-config-in-mappings": (
        {
            "compose.yaml": f"{SERVICE}configs: {{c: {{content: x, labels: {{a: 1}}}}}}\n",
            "compose.override.yaml": "configs: {c: {labels: {a: 1}}}\n",
        },
        "",
    ),
    "repeated-by-extends": (
        {
            "compose.yaml": "services:\n  a: {extends: b, group_add: [x]}\n"
            "  b: {image: i, group_add: [x]}\n"
        },
        "service 'a': `group_add` repeats an entry",
    ),
    "hook": ({"compose.yaml": HOOKED}, "Compose 2 does not support `pre_start`"),
    "job": (
        {"compose.yaml": f"{SERVICE}jobs: {{j: {{image: i, triggers: {{manual: true}}}}}}\n"},
        "Compose 2 does not support `jobs`",
    ),
    "cache-filter": (
        {"compose.yaml": "services: {a: {build: {context: ., no_cache_filter: [x]}}}\n"},
        "Compose 2 does not support `build.no_cache_filter`",
    ),
}


@pytest.fixture(params=PROJECTS)
def project(request, tmp_path, monkeypatch):
    """A project on disk, and what is said of it."""
    files, said = PROJECTS[request.param]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return said


def test_what_only_v2_refuses_is_said_with_its_place(project, capsys):
    assert run(["config", "-q"]) == 0
    capsys.readouterr()
    code = run(["config", "-q", "--compose", "v2"])
    printed = capsys.readouterr().err
    assert (code, project in printed) == (2 if project else 0, True), printed
    if project:
        assert ".yaml:" in printed
        both = project.endswith(("included file", "an entry", "a mapping"))
        assert printed.count(".yaml:") == (2 if both else 1), printed


@pytest.mark.compose
def test_v2_says_so_too(project, tmp_path):
    compose = require_compose(2)
    done = subprocess.run(
        [*compose.command, "config", "-q"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == bool(project), done.stderr


def test_the_limit_of_values_is_only_that_of_v5(tmp_path, monkeypatch, capsys):
    values = ",".join("1" * 100_010)
    (tmp_path / "compose.yaml").write_text(f"{SERVICE}x-a: [{values}]\n")
    monkeypatch.chdir(tmp_path)
    assert run(["config", "-q"]) == 2
    assert "more than 100,000 values" in capsys.readouterr().err
    assert run(["config", "-q", "--compose", "v2"]) == 0


ONLY_V5_REFUSES = {
    "merge-hosts-empty",  # v2 leaves out what merging two empty mappings makes
    "merge-number",  # to v2 a number merged over networks is nothing
    "number-infinite",  # v2 validates the values themselves, not JSON
    "x-initial-sync-text",  # to v2 an extension like any other
}
"""`config --compose v2` says what v2 refuses besides what v5 does, so it refuses these too."""

MISSED = {
    "date-as-command",  # v2 refuses every date that stands where a type is asked for
}
"""What v2 refuses besides, and `config --compose v2` does not know."""


@pytest.mark.compose
@pytest.mark.parametrize("name", [one for one in NAMES if one not in ONLY_V5_REFUSES | MISSED])
def test_v2_and_we_refuse_the_same_cases(name, monkeypatch, capsys):
    compose = require_compose(2)
    monkeypatch.chdir(CASES / name)
    for variable, value in ENVIRONMENT.items():
        monkeypatch.setenv(variable, value)
    done = subprocess.run(
        [*compose.command, *arguments(name), "config", "-q"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    code = run([*arguments(name), "config", "-q", "--compose", "v2"])
    printed = capsys.readouterr().err
    assert (code != 0) == (done.returncode != 0), done.stderr + printed
