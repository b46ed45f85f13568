"""`docker bootready`: a real docker client finds the plugin, lists it, and runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootready.cli import run

ASKED = "docker-cli-plugin-metadata"


OFFERED_FROM = """\
services:
  web: {image: "nginx:${TAG:?}", secrets: [pw]}
  worker: {image: busybox, profiles: [jobs]}
  "$(touch x)": {image: busybox}
secrets: {pw: {file: ./pw}}
"""
NAMES, FILES, DIRECTORIES = ":4", ":0", ":16"
COMPLETED: dict[tuple[str, ...], tuple[set[str], str]] = {
    ("valid",): ({"validate"}, NAMES),
    ("check", "--only", "secret-file-m"): ({"secret-file-missing"}, NAMES),
    ("check", "--only", "secret-empty", "-v", "w"): ({"web", "worker"}, NAMES),
    ("up", ""): ({"web", "worker"}, NAMES),
    ("check", "--fail-on=w"): ({"--fail-on=warning"}, NAMES),
    ("check", "--changed"): ({"--changed-since"}, NAMES),
    ("-C", ".", "explain", "TA"): ({"TAG"}, NAMES),
    ("config", "--profile", "j"): ({"jobs"}, NAMES),
    ("secrets", "rotate", "p"): ({"pw"}, NAMES),
    ("report", "-C", ""): (set(), DIRECTORIES),
    ("check", "-f", ""): (set(), FILES),
    ("no-such-command", "x"): (set(), NAMES),
}
"""What is typed behind ``docker bootready`` -> all that is offered, and what the shell may add."""


@pytest.fixture
def plugin(tmp_path, monkeypatch) -> Path:
    """Where the plugin belongs; nothing is installed, and no engine answers."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config of docker"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setattr(sys, "argv", ["pytest"])
    return tmp_path / "config of docker" / "cli-plugins" / "docker-bootready"


def docker(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the docker client, or skip where there is none."""
    if shutil.which("docker") is None:
        pytest.skip("needs the docker client")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **more}
    return subprocess.run(
        ["docker", *words], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_docker_client_runs_it(plugin, tmp_path, monkeypatch, capsys):
    project = tmp_path / "project"
    project.mkdir()
    (project / "compose.yaml").write_text("services: {web: {image: busybox, user: '$NOWHERE'}}\n")
    monkeypatch.chdir(project)
    assert docker("bootready", "version").returncode != 0
    assert run(["plugin", "install", "--yes"]) == 0
    assert "bootready*" in docker("--help").stdout
    assert docker("bootready", "--version").stdout.startswith("bootready ")
    done = docker("bootready", "check", "--engine", "none")
    assert "warning[variable-unset]" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")
    assert docker("bootready", "no-such-command").returncode == 2
    assert docker("help", "bootready").stdout.startswith("usage: bootready COMMAND")
    assert docker("bootready", "check", "--help").stdout.startswith("usage: bootready check")


@pytest.fixture
def completed(plugin, tmp_path, monkeypatch):
    """A project, and what asks the plugin about it, as the client does at each Tab."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "compose.yaml").write_text(OFFERED_FROM)
    monkeypatch.chdir(project)
    assert run(["plugin", "install", "--yes"]) == 0

    def ask(*words: str) -> str:
        command = [plugin, *words]
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    return ask


def test_the_plugin_completes_our_command_line(completed):
    """The last line says what the shell may add."""
    for words, (offered, directive) in COMPLETED.items():
        *lines, last = completed("__complete", "bootready", *words).splitlines()
        assert ({line.partition("\t")[0] for line in lines}, last) == (offered, directive), words
    told = "diagnose\texplain why a running stack is not up\n:4\n"
    assert completed("__complete", "bootready", "diagn") == told
    assert completed("__completeNoDesc", "bootready", "diagn") == "diagnose\n:4\n"


def test_the_client_hands_it_on(completed):
    """As every client since 23 does; older ones complete no plugin."""
    done = docker("__complete", "bootready", "check", "--only", "secret-empty", "-v", "w")
    major = docker("--version").stdout.removeprefix("Docker version ").partition(".")[0]
    assert done.stdout == ("web\nworker\n:4\n" if int(major) >= 23 else ":0\n")


def test_options_of_the_client_say_which_engine_is_meant(plugin, tmp_path):
    assert run(["plugin", "install", "--yes"]) == 0
    done = docker("-H", "tcp://127.0.0.1:1", "bootready", "version")
    assert "Docker Engine unknown: engine 'tcp://127.0.0.1:1'" in done.stdout
    done = docker("--context", "nowhere", "bootready", "version")
    assert "nowhere" in done.stdout + done.stderr


def test_a_link_to_bootready_is_a_plugin_as_well(plugin):
    """As a package of a distribution installs it."""
    program = Path(sys.executable).with_name("bootready")
    if not program.exists():
        pytest.skip("needs bootready installed beside Python")
    plugin.parent.mkdir(parents=True)
    plugin.symlink_to(program)
    assert "bootready*" in docker("--help").stdout
    assert docker("bootready", "--version").stdout.startswith("bootready ")


def test_the_metadata_is_answered_without_python(plugin):
    """The client asks every plugin at each `docker --help`, and waits for the slowest."""
    assert run(["plugin", "install", "--yes"]) == 0
    done = subprocess.run(
        [plugin, ASKED], env={"PATH": "/nonexistent"}, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert (told["SchemaVersion"], told["Vendor"]) == ("0.1.0", "bootready")
    assert "exec" in plugin.read_text()


def test_nothing_is_written_without_consent(plugin, capsys):
    assert run(["plugin", "install"]) == 1
    printed = capsys.readouterr()
    assert f"{plugin}:" in printed.err
    assert "nothing was installed" in printed.err
    assert not plugin.parent.exists()
    assert run(["plugin"]) == 0
    assert capsys.readouterr().out.startswith("not installed;")


def test_uninstall_undoes_install(plugin, capsys):
    assert run(["plugin", "install", "--yes"]) == 0
    assert os.access(plugin, os.X_OK)
    assert run(["plugin", "install"]) == 0, "it is there as it should be: nothing to agree to"
    assert run(["plugin", "uninstall"]) == 0
    assert not plugin.exists()
    assert run(["plugin", "uninstall"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing to remove"


@pytest.mark.parametrize("link", [False, True], ids=["a file", "a link"])
def test_what_another_made_stays(plugin, tmp_path, link, capsys):
    other = tmp_path / "other"
    plugin.parent.mkdir(parents=True)
    (other if link else plugin).write_text("#!/bin/sh\necho other\n")
    if link:
        plugin.symlink_to(other)
    for words in (["install", "--yes"], ["uninstall"]):
        assert run(["plugin", *words]) == 1
    assert "was not made by bootready" in capsys.readouterr().err
    assert plugin.read_text() == "#!/bin/sh\necho other\n"
    assert plugin.is_symlink() is link


def test_one_of_an_older_version_is_renewed(plugin, capsys):
    assert run(["plugin", "install", "--yes"]) == 0
    plugin.write_text(plugin.read_text().replace("exec ", "exec /gone/"))
    assert run(["plugin"]) == 0
    assert "installed by another version" in capsys.readouterr().out
    assert run(["plugin", "install", "--yes"]) == 0
    assert "/gone/" not in plugin.read_text()


def test_an_option_that_cannot_be_followed_is_refused(capsys):
    assert run(["docker", "--tlscacert", "x", "bootready", "check"]) == 2
    assert "'--tlscacert' of docker is not supported" in capsys.readouterr().err
