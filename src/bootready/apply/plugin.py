"""The docker client's directory of plugins -> our plugin in it: a small script, put there or taken.

The script answers what the client asks every plugin of (its metadata, at each `docker --help`)
itself, and starts bootready only for `docker bootready`.
https://github.com/docker/cli/blob/master/cli-plugins/metadata/metadata.go
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from shlex import join, quote

from bootready.apply.output import write_output
from bootready.apply.plugin_metadata import ASKED, METADATA
from bootready.engine.address import config_directory
from bootready.errors import BootreadyError
from bootready.typed import NamedTuple

NAME = "docker-bootready"
_MARK = "# Made by `bootready plugin install`, which may replace it;"
_SCRIPT = """\
#!/bin/sh
{mark} `bootready plugin uninstall` removes it.
[ "$1" = {asked} ] && printf '%s\\n' {metadata} && exit
exec {program} docker "$@"
"""
_LONGEST = 1 << 16
"""Bytes of a file at the plugin's place that are read: ours is a few lines."""


class Plugin(NamedTuple):
    """The place of the plugin: what is there, and what `bootready plugin install` puts there."""

    path: str
    wanted: str
    present: str | None
    """The content of the file, None if it does not exist."""

    @property
    def is_ours(self) -> bool:
        """Whether the file that is there was made by us."""
        return self.present is not None and f"\n{_MARK}" in self.present


def find_plugin(environ: Mapping[str, str], program: Sequence[str]) -> Plugin:
    """Return the plugin of the user who runs us; `program` is how bootready is started."""
    path = os.path.join(os.path.abspath(config_directory(environ)), "cli-plugins", NAME)
    wanted = _SCRIPT.format(
        mark=_MARK, asked=ASKED, metadata=quote(METADATA), program=join(program)
    )
    return Plugin(path, wanted, _present(path))


def install(plugin: Plugin) -> None:
    """Write the plugin, atomically; a file that is not ours stays. Raises BootreadyError."""
    if plugin.present is not None and not plugin.is_ours:
        raise BootreadyError(
            f"'{plugin.path}' exists and was not made by bootready", "remove it yourself"
        )
    try:
        os.makedirs(os.path.dirname(plugin.path), mode=0o700, exist_ok=True)
        write_output(plugin.path, plugin.wanted, mode=0o777)
    except OSError as error:
        raise _refused(plugin, "written", error) from None


def uninstall(plugin: Plugin) -> bool:
    """Remove the plugin; False if it does not exist. Raises BootreadyError for another's file."""
    if plugin.present is None:
        return False
    if not plugin.is_ours:
        raise BootreadyError(
            f"'{plugin.path}' was not made by bootready, so it stays", "remove it yourself"
        )
    try:
        os.unlink(plugin.path)
    except OSError as error:
        raise _refused(plugin, "removed", error) from None
    return True


def _present(path: str) -> str | None:
    if not os.path.lexists(path):
        return None
    try:
        if os.path.islink(path) or not os.path.isfile(path):
            return ""
        with open(path, "rb") as file:
            return file.read(_LONGEST).decode(errors="replace")
    except OSError:
        return ""


def _refused(plugin: Plugin, verb: str, error: OSError) -> BootreadyError:
    return BootreadyError(f"'{plugin.path}' cannot be {verb}: {error.strerror}")
