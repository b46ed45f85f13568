"""Standard output, the environment and `--color` -> what the screen shows."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from bootready.report.formats.screen import Screen

_LINKING = (
    "VTE_VERSION",
    "WT_SESSION",
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "ALACRITTY_WINDOW_ID",
)
_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"}
"""Terminals that are known to open links (OSC 8); others may show them as text."""


def screen_for(color: str, environ: Mapping[str, str]) -> Screen:
    """Return what standard output shows; `color` is auto, always or never.

    NO_COLOR forbids colours, FORCE_COLOR and CLICOLOR_FORCE ask for them where there is no
    terminal, as in continuous integration; the option goes before both.
    """
    terminal = _is_terminal() and environ.get("TERM") != "dumb"
    if not terminal:
        return Screen(colour=_colours(color, environ, terminal=False))
    links = os.getcwd() if _opens_links(environ) else ""
    return Screen(_colours(color, environ, terminal=True), _width(environ), links)


def _colours(color: str, environ: Mapping[str, str], *, terminal: bool) -> bool:
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    forced = (environ.get(name, "") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    return terminal or any(value not in {"", "0", "false"} for value in forced)


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    except ValueError:  # closed
        return False


def _width(environ: Mapping[str, str]) -> int:
    given = environ.get("COLUMNS", "")
    if given.isdigit() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 0


def _opens_links(environ: Mapping[str, str]) -> bool:
    return any(map(environ.get, _LINKING)) or environ.get("TERM_PROGRAM") in _PROGRAMS
