"""`fix --unsafe` takes a stack for Docker Swarm to an engine alone: what only a swarm gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.cli import run

HEAD = "services:\n  app:\n    image: example.test/app:1\n"

CASES = {
    "an external secret": (
        "    secrets: [key]\nsecrets:\n  key:\n    external: true  # made by hand\n",
        "    secrets: [key]\nsecrets:\n  key:\n    file: ./secrets/key  # made by hand\n",
    ),
    "in braces, with a name": (
        "    secrets: [key]\nsecrets: {key: {name: shop_key, external: true}}\n",
        "    secrets: [key]\nsecrets: {key: {name: shop_key, file: ./secrets/key}}\n",
    ),
    "an external config": (
        "    configs: [site]\nconfigs:\n  site:\n    external: true\n",
        "    configs: [site]\nconfigs:\n  site:\n    file: ./configs/site\n",
    ),
    "a network of many nodes": (
        "    networks: [back]\nnetworks:\n  back:\n    driver: 'overlay'\n    attachable: true\n",
        "    networks: [back]\nnetworks:\n  back:\n    driver: 'bridge'\n    attachable: true\n",
    ),
}
LEFT = {
    "a network with options": (
        "    networks: [back]\n"
        "networks: {back: {driver: overlay, driver_opts: {encrypted: 'true'}}}\n"
    ),
    "a network that someone else makes": (
        "    networks: [back]\nnetworks: {back: {external: true}}\n"
    ),
    "a secret whose switch is a variable": (
        "    secrets: [key]\nsecrets: {key: {external: '${OUTSIDE:-true}'}}\n"
    ),
}


def fixed(directory: Path, text: str, *more: str) -> str:
    path = directory / "compose.yaml"
    path.write_text(text)
    assert run(["fix", "-C", str(directory), "--apply", *more]) == 0
    return path.read_text()


@pytest.mark.parametrize("case", CASES)
def test_what_only_a_swarm_gives_is_replaced_on_request(tmp_path, case):
    stack, alone = CASES[case]

    assert fixed(tmp_path, HEAD + stack) == HEAD + stack  # it may be a stack
    assert fixed(tmp_path, HEAD + stack, "--unsafe") == HEAD + alone
    assert fixed(tmp_path, HEAD + alone, "--unsafe") == HEAD + alone


@pytest.mark.parametrize("case", LEFT)
def test_what_is_more_than_that_stays(tmp_path, case):
    assert fixed(tmp_path, HEAD + LEFT[case], "--unsafe") == HEAD + LEFT[case]


def test_prepare_makes_the_secret_then(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    project = tmp_path / "shop"
    project.mkdir()
    fixed(project, HEAD + CASES["an external secret"][0], "--unsafe")

    assert run(["prepare", "-C", str(project), "--engine", "none"]) == 0

    assert len((project / "secrets/key").read_text()) == 43
