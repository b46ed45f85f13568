"""Programs are found where Go's exec.LookPath and the docker client find them."""

from __future__ import annotations

import json

import pytest

from bootready.host.local import LocalHost


@pytest.fixture
def place(tmp_path):
    """A home, two directories of the PATH and one that config.json names."""
    for name in ("bin", "more", "extra", "home/.docker/cli-plugins", "other/cli-plugins"):
        (tmp_path / name).mkdir(parents=True)
    named = json.dumps({"cliPluginsExtraDirs": [str(tmp_path / "extra")]})
    (tmp_path / "home/.docker/config.json").write_text(named, encoding="utf-8")
    return tmp_path


def host(place, **more):
    path = f"{place}/bin:{place}/more"
    return LocalHost({"PATH": path, "HOME": f"{place}/home", **more})


def program(path, mode=0o755):
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(mode)


def test_a_program_is_an_executable_file_in_a_directory_of_the_path(place):
    """Neither a directory nor a file that nobody may execute."""
    program(place / "more" / "tool")
    program(place / "bin" / "text", 0o644)
    (place / "bin" / "folder").mkdir()
    found = host(place)
    names = ("tool", "text", "folder", "absent", "")
    assert [name for name in names if found.has_program(name)] == ["tool"]
    assert found.has_program(f"{place}/more/tool")
    assert not found.has_program(f"{place}/bin/tool")


@pytest.mark.parametrize("path", ["", ".", ":/nowhere"])
def test_a_relative_directory_of_the_path_gives_nothing(place, monkeypatch, path):
    """Go finds the program there and refuses to start it; an empty PATH has no directory."""
    program(place / "bin" / "tool")
    monkeypatch.chdir(place / "bin")
    assert not host(place, PATH=path).has_program("tool")


@pytest.mark.parametrize("directory", ["extra", "home/.docker/cli-plugins"])
def test_a_plugin_is_a_file_in_a_directory_of_plugins(place, directory):
    """One that may not be executed is found, and fails later; a dead link is not found."""
    (place / "bin" / "docker-path").touch()
    program(place / directory / "docker-cloud", 0o644)
    (place / directory / "docker-link").symlink_to(place / directory / "docker-cloud")
    (place / directory / "docker-dead").symlink_to(place / "nowhere")
    (place / directory / "docker-folder").mkdir()
    names = ("cloud", "link", "dead", "folder", "path")
    assert [name for name in names if host(place).has_docker_plugin(name)] == ["cloud", "link"]


def test_docker_config_is_the_directory_of_the_client(place):
    """DOCKER_CONFIG stands for ~/.docker; a config.json that is none names no directories."""
    program(place / "other/cli-plugins/docker-cloud")
    (place / "other/config.json").write_text("{", encoding="utf-8")
    assert host(place, DOCKER_CONFIG=f"{place}/other").has_docker_plugin("cloud")
    assert not host(place).has_docker_plugin("cloud")
