"""A name and the environment -> whether a program, or a plugin of the docker client, is there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

PLUGINS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)
"""Where the docker client looks after the user's own directories (docker/cli, manager_unix.go)."""


def is_on_path(name: str, environ: Mapping[str, str]) -> bool:
    """Tell whether Go's exec.LookPath finds the program `name`, or the one at a path."""
    if "/" in name:
        return _executable(name)
    directories = environ.get("PATH", "")
    for directory in directories.split(os.pathsep) if directories else ():
        found = os.path.join(directory or ".", name)
        if _executable(found):
            return os.path.isabs(found)  # Go refuses what it finds in a relative directory
    return False


def is_plugin(name: str, environ: Mapping[str, str]) -> bool:
    """Tell whether the docker client has a plugin `name`; whether it starts is another matter."""
    return plugin_path(name, environ) is not None


def plugin_path(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the program that the docker client starts as its plugin `name`, None for none."""
    home = environ.get("HOME") or os.path.expanduser("~")
    own = environ.get("DOCKER_CONFIG") or os.path.join(home, ".docker")
    directories = (*_configured(own), os.path.join(own, "cli-plugins"), *PLUGINS)
    # A directory of that name is none, nor is a link to nowhere.
    paths = (os.path.join(one, f"docker-{name}") for one in directories)
    return next((path for path in paths if os.path.isfile(path)), None)


def _configured(directory: str) -> tuple[str, ...]:
    """Return the further directories of plugins that the docker client's config.json names."""
    try:
        with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return ()
    named = found.get("cliPluginsExtraDirs") if isinstance(found, dict) else None
    return tuple(str(one) for one in named) if isinstance(named, list) else ()


def _executable(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
