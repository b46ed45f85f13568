"""Networks and volumes are made with the real engine, and taken back unless they are used."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.cli import run
from engine_support import require_busybox

pytestmark = pytest.mark.engine

COMPOSE = """\
services:
  web:
    image: {image}
    command: [sleep, "30"]
    user: "65534"
    networks: [edge]
    volumes: ["kept:/kept", "./data:/data"]
    secrets: [pw]
networks:
  edge: {{external: true, name: {name}}}
  unused: {{external: true, name: {name}-unused}}
volumes:
  kept: {{external: true, name: {name}}}
secrets:
  pw: {{file: ./secrets/pw}}
"""


class Shop:
    def __init__(self, directory: Path, image: str) -> None:
        self.directory = directory
        self.image = image
        self.name = f"br-prepare-{secrets.token_hex(4)}"
        text = COMPOSE.format(image=image, name=self.name)
        (directory / "compose.yaml").write_text(text)

    def bootready(self, command: str, *more: str) -> int:
        return run([command, "-C", str(self.directory), *more])

    def docker(self, *arguments: str) -> str:
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def made(self) -> set[str]:
        found = set()
        for kind in ("network", "volume"):
            listed = self.docker(
                kind, "ls", "--filter", f"name={self.name}", "--format", "{{.Name}}"
            )
            found |= {f"{kind} {name}" for name in listed.split()}
        return found


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path, require_busybox())
    yield made
    made.docker("rm", "-f", made.name)
    made.docker("network", "rm", made.name)
    made.docker("volume", "rm", made.name)


def test_networks_and_volumes_must_be_made_when_used_and_taken_back(shop):
    both = {f"network {shop.name}", f"volume {shop.name}"}
    assert shop.bootready("prepare") == 0
    assert shop.made() == both
    assert shop.bootready("prepare", "--detailed-exit-code") == 0
    assert shop.bootready("undo") == 0
    assert shop.made() == set()


def test_a_used_network_must_stay(shop, capsys):
    shop.bootready("prepare")
    shop.docker("run", "-d", "--name", shop.name, "--network", shop.name, shop.image, "sleep", "60")
    shop.bootready("undo")
    assert f"kept: {shop.name}: it is in use" in capsys.readouterr().out
    assert shop.made() == {f"network {shop.name}"}
    shop.docker("rm", "-f", shop.name)
    assert shop.bootready("undo") == 0
    assert shop.made() == set()


def test_a_volume_with_data_must_stay(shop, capsys):
    shop.bootready("prepare")
    mount = f"{shop.name}:/data"
    shop.docker(
        "run", "--rm", "--network", "none", "-v", mount, shop.image, "cp", "/etc/group", "/data"
    )
    assert shop.bootready("undo") == 0
    assert f"kept: {shop.name}: it is in use or holds data" in capsys.readouterr().out
    assert shop.made() == {f"volume {shop.name}"}


def test_what_was_there_before_must_stay(shop):
    shop.docker("network", "create", shop.name)
    shop.bootready("prepare")
    shop.bootready("undo")
    assert shop.made() == {f"network {shop.name}"}


def test_the_reader_must_read_its_secret_and_write_its_data(shop):
    """A user of the container that no account of the host is."""
    shop.bootready("prepare")
    options = ["-v", f"{shop.directory}/secrets/pw:/run/secrets/pw:ro"]
    options += ["-v", f"{shop.directory}/data:/data", "-u", "65534"]
    script = "wc -c < /run/secrets/pw && touch /data/x && echo wrote"
    output = shop.docker("run", "--rm", *options, shop.image, "sh", "-c", script)
    assert output.split() == ["43", "wrote"]
