"""A registry as people run it, Debian's package: what is found there, with and without a login."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.registry.ask import Registries, Settings
from bootready.registry.cache import Cache
from bootready.registry.client import Client
from bootready.registry.logins import find_login
from bootready.registry.look import look
from bootready.registry.reference import Endpoint, wanted
from bootready.registry.transport import Limits, Transport, UnansweredError, contexts_for
from debian_registry import debian_registry
from strange_registry import image, index

LOGIN = ("clerk", "planted-s3cret")
LAYERS = (("lowest", 6), ("highest", 7))
BLOBS = (b"lowest", b"highest")
SHOP = image(
    layers=LAYERS,
    config={
        "User": "1000:1000",
        "ExposedPorts": {"8080/tcp": {}},
        "Env": ["A=1"],
        "Volumes": {"/data": {}},
        "Entrypoint": ["/shop"],
        "Cmd": ["serve"],
        "Healthcheck": {"Test": ["CMD", "/shop", "ping"]},
    },
)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    with debian_registry(tmp_path_factory.mktemp("plain")) as found:
        found.push("acme/shop:1", SHOP, BLOBS)
        arm = image(layers=LAYERS, architecture="arm64")
        found.push("acme/both:1", index(linux_amd64=SHOP, linux_arm64_v8=arm), BLOBS)
        yield found


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    with debian_registry(tmp_path_factory.mktemp("locked"), tls=True, login=LOGIN) as found:
        found.push("acme/shop:1", SHOP, BLOBS)
        yield found


def said_of(host: str, name: str, home: Path, platform: str = "") -> tuple[str, object]:
    """Return the state of one image, and everything that is said of it."""
    key = (f"{host}/{name}", platform)
    environ = {"HOME": str(home), "PATH": os.environ["PATH"]}
    fact = Registries([key], environ, Settings()).image(*key)
    assert fact is not None
    return fact.state, fact


def test_an_image_is_known_by_its_configuration(registry, tmp_path):
    _, fact = said_of(registry.host, "acme/shop:1", tmp_path)
    assert fact.digest == list(SHOP)[-1]
    assert fact.size == 13
    assert [layer.size for layer in fact.layers] == [6, 7]
    config = fact.config
    assert (config.user, config.exposed, config.volumes) == ("1000:1000", ("8080/tcp",), ("/data",))
    assert (config.entrypoint, config.command) == (("/shop",), ("serve",))
    assert (config.environment, config.healthcheck) == ({"A": "1"}, True)


@pytest.mark.parametrize(
    ("name", "platform", "state"),
    [
        ("acme/shop:2", "", "no tag"),
        ("acme/none:1", "", "no repository"),
        (f"acme/shop@sha256:{'0' * 64}", "", "absent"),
        (f"acme/shop@{list(SHOP)[-1]}", "", "found"),
        ("acme/both:1", "linux/arm64", "found"),
        ("acme/both:1", "linux/arm64/v7", "no platform"),
        ("acme/both:1", "linux/s390x", "no platform"),
        ("acme/shop:1", "linux/arm64", "foreign"),
    ],
)
def test_what_is_not_there_is_told_apart(registry, tmp_path, name, platform, state):
    assert said_of(registry.host, name, tmp_path, platform)[0] == state


def test_what_was_fetched_is_kept_and_not_believed_when_changed(registry, tmp_path):
    first = said_of(registry.host, "acme/shop:1", tmp_path)
    kept = sorted((tmp_path / ".cache/bootready/registry").iterdir())
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600] * 2
    for path in kept:
        path.write_bytes(path.read_bytes().replace(b"1000", b"0000"))
    assert said_of(registry.host, "acme/shop:1", tmp_path) == first


def write_config(home: Path, **config: object) -> None:
    (home / ".docker").mkdir(exist_ok=True)
    (home / ".docker" / "config.json").write_text(json.dumps(config))


def test_a_login_is_missing_refused_or_taken(locked, tmp_path):
    assert said_of(locked.host, "acme/shop:1", tmp_path)[0] == "refused"
    pair = base64.b64encode(b"clerk:wrong").decode()
    write_config(tmp_path, auths={locked.host: {"auth": pair}})
    state, fact = said_of(locked.host, "acme/shop:1", tmp_path)
    assert (state, fact.login) == ("refused", "config.json")
    pair = base64.b64encode(":".join(LOGIN).encode()).decode()
    write_config(tmp_path, auths={f"https://{locked.host}/v1/": {"auth": pair}})
    state, fact = said_of(locked.host, "acme/shop:1", tmp_path)
    assert state == "found"
    assert LOGIN[1] not in repr(fact)


def test_a_helper_is_asked_without_a_shell_and_never_quoted(locked, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    helper = programs / "docker-credential-box"
    write_config(tmp_path, credHelpers={locked.host: "box"})
    environ = {"HOME": str(tmp_path), "PATH": f"{programs}:{os.environ['PATH']}"}

    def answer_with(line: str) -> None:
        helper.write_text(f"#!/bin/sh\nread -r host || :\n{line}\n")
        helper.chmod(0o755)

    def look_there() -> tuple[str, object]:
        key = (f"{locked.host}/acme/shop:1", "")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", environ["PATH"])
            fact = Registries([key], environ, Settings()).image(*key)
        return fact.state, fact

    words = json.dumps({"ServerURL": locked.host, "Username": LOGIN[0], "Secret": LOGIN[1]})
    answer_with(f"[ \"$host\" = {locked.host} ] && echo '{words}'")
    state, fact = look_there()
    assert (state, fact.login) == ("found", "docker-credential-box")
    answer_with(f"echo {LOGIN[1]}; exit 3")
    state, fact = look_there()
    assert (state, fact.said) == ("refused", "'docker-credential-box' failed with exit code 3")
    answer_with(f"echo {LOGIN[1]}")
    assert LOGIN[1] not in repr(look_there())
    write_config(tmp_path, credsStore="../../etc/passwd; true")
    assert look_there()[1].said == "the credential helper in docker's config.json has no valid name"


def test_a_certificate_is_verified_with_the_engines_own_authorities(locked, tmp_path):
    """A registry of the loopback is insecure for every engine, so the endpoint is given here."""
    write_config(tmp_path, auths={locked.host: {"username": LOGIN[0], "password": LOGIN[1]}})
    login = find_login(locked.host, {"HOME": str(tmp_path)})

    def state(certificates: Path) -> str:
        transport = Transport(Limits(), contexts_for(str(certificates)), {})
        client = Client(transport, Endpoint("https", locked.host), "acme/shop", login)
        try:
            return look(client, wanted("acme/shop:1"), "linux/amd64", Cache("")).state
        finally:
            transport.close()

    with pytest.raises(UnansweredError, match="certificate is not accepted: self-signed"):
        state(tmp_path)
    folder = tmp_path / "certs.d" / locked.host
    folder.mkdir(parents=True)
    (folder / "ca.crt").write_bytes(locked.certificate.read_bytes())
    assert state(tmp_path / "certs.d") == "found"


PROJECT = """
services:
  web: {{image: "{host}/acme/shop:1", restart: always, ports: ["18080:80"]}}
  job: {{image: "{host}/acme/shop:2"}}
  arm: {{image: "{host}/acme/both:1", platform: linux/s390x}}
"""


def checked(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(project.parent)}
    command = [sys.executable, "-m", "bootready", "-C", str(project), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_check_asks_only_with_registry(registry, tmp_path):
    """A project cannot wish it; what `check` says then, and where each word is from."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "compose.yaml").write_text(PROJECT.format(host=registry.host))
    quiet = checked(project, "check", "--engine", "none", "--json")
    assert "registry" not in {one["check"].partition("-")[0] for one in quiet_findings(quiet)}
    assert not (tmp_path / ".cache").exists()
    loud = checked(project, "check", "--engine", "none", "--json", "--registry")
    found = {(one["check"], one["severity"]) for one in quiet_findings(loud)}
    assert ("image-not-in-registry", "error") in found
    assert ("image-platform-not-offered", "error") in found
    (project / "bootready.toml").write_text("[checks]\nregistry = true\n")
    refused = checked(project, "check", "--engine", "none")
    assert (refused.returncode, "`checks.registry` is not a setting" in refused.stderr) == (2, True)


def quiet_findings(done: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    return json.loads(done.stdout)["findings"]


def test_images_shows_size_and_digest(registry, tmp_path, monkeypatch, capsys):
    (tmp_path / "compose.yaml").write_text(PROJECT.format(host=registry.host))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert run(["images", "--engine", "none", "--registry", "--json", "-C", str(tmp_path)]) == 0
    rows = {row["image"].rpartition("/")[2]: row for row in json.loads(capsys.readouterr().out)}
    shop = rows["shop:1"]
    assert (shop["size"], shop["digest"], shop["user"]) == (13, list(SHOP)[-1], "1000:1000")
    assert shop["evidence"] == f"registry {registry.host}"
    assert rows["shop:2"]["registry"] == "no tag"
    assert run(["images", "--engine", "none", "--registry", "-C", str(tmp_path)]) == 0
    assert "13 B  sha256:" in capsys.readouterr().out
