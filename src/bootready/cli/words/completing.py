"""An argument of a command -> what completes it: words, names of the project, files.

Shells get it by the script of `bootready completion`, the docker client by `__complete`.
"""

from __future__ import annotations

from argparse import Action

from bootready.model.finding import Severity
from bootready.plan.select import KINDS
from bootready.typed import NamedTuple

_LISTS: dict[str, tuple[str, ...]] = {
    "SEVERITY": tuple(one.value for one in Severity),
    "KIND": KINDS,
}
"""Words that may stand for a metavar, which the command itself judges."""
_NAMES = {
    "service": "services",
    "services": "services",
    "SERVICES": "services",
    "profile": "profiles",
    "CHECK": "checks",
    "topics": "topics",
    "WHAT": "anything",
}
"""Metavar or destination of an argument -> the kind of `bootready names` that it takes."""
KINDS_OF_NAMES = tuple(sorted({*_NAMES.values(), "secrets"}))
"""All kinds of names that an argument may take."""


class Completing(NamedTuple):
    """What completes an argument; no more than one of these is set."""

    words: tuple[str, ...] = ()
    names: str = ""
    """A kind of `bootready names`."""
    files: bool = False
    directories: bool = False


def completing(action: Action, program: str) -> Completing:
    """Return what completes `action` of the parser of `program`, such as ``bootready check``."""
    name = action.metavar if isinstance(action.metavar, str) else action.dest
    kind = _NAMES.get(name) or _NAMES.get(action.dest) or ""
    if program.endswith(" secrets") and action.dest == "name":
        kind = "secrets"
    if action.choices is not None:
        return Completing(words=tuple(map(str, action.choices)))
    if kind:
        return Completing(names=kind)
    if name in {"FILE", "plan"}:
        return Completing(files=True)
    if name == "DIR":
        return Completing(directories=True)
    if name in _LISTS:
        return Completing(words=_LISTS[name])
    if action.option_strings == ["--format"]:
        from bootready.report.formats.render import FORMATS

        return Completing(words=tuple(FORMATS))
    return Completing()
