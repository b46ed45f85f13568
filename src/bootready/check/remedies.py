"""The remedies that several checks have in common.

The actions are imported where one is made: most projects have no finding that needs them.
"""

from __future__ import annotations

from bootready.model.finding import Remedy, Safety


def directory_created(path: str, shown: str) -> Remedy:
    """Return the remedy that creates the directory `path`, which the person knows as `shown`."""
    from bootready.model.action import CreateDirectory  # noqa: PLC0415 - as said above

    return Remedy(f"creates the directory {shown}", Safety.SAFE, (CreateDirectory(path),))


def certificate_issued(
    directory: str, names: tuple[str, ...], usages: tuple[str, ...] = ("server",)
) -> Remedy:
    """Return the remedy that issues a certificate for `names` into `directory`."""
    from bootready.model.action import IssueCertificate  # noqa: PLC0415 - as said above

    title = f"issues a certificate for {', '.join(names)}"
    return Remedy(title, Safety.SAFE, (IssueCertificate(directory, names, usages=usages),))


def line_appended(title: str, path: str, line: str, safety: Safety = Safety.SAFE) -> Remedy:
    """Return the remedy that appends `line` to the tracked text file `path`, which may be new."""
    from bootready.model.action import AppendLines  # noqa: PLC0415 - as said above

    return Remedy(title, safety, (AppendLines(path, (line,)),))


def variable_set(title: str, path: str, name: str, line: str) -> Remedy:
    """Return the remedy that gives variable `name` its `line` in the env file `path`."""
    from bootready.model.action import SetVariable  # noqa: PLC0415 - as said above

    return Remedy(title, Safety.SAFE, (SetVariable(path, name, "", line=line),))
