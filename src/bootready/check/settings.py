"""The `[checks]` table of a project's `bootready.toml`, where there is one."""

import os

from bootready.check.silence import Silence, silences_from
from bootready.errors import UsageError
from bootready.fence import is_outside
from bootready.model.finding import Known, Severity
from bootready.typed import Mapping, NamedTuple

FILE = "bootready.toml"
FILES = (FILE, "bootready.baseline.toml")
_LIMIT = 1_000_000
"""Bytes; what is longer was not written by a person."""


class Settings(NamedTuple):
    """What a project decided for itself; the command line goes before it."""

    silences: tuple[Silence, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_on: Severity | None = None
    baseline: tuple[Known, ...] = ()
    """What is known, from the file beside."""


def read_settings(directory: str, root: str = "") -> Settings:
    """Return the settings in `directory`, those of the nearest directory above it up to `root`, or
    empty ones without a file. Raises UsageError.

    A silence from above is for several projects, and never stale in one of them.
    """
    settings = _settings(directory)
    if settings is None:
        settings = _above(directory, root)
    baseline = os.path.join(directory, FILES[1])
    if is_outside(baseline) or not os.path.isfile(baseline):
        return settings
    from bootready.check.baseline import read_baseline

    return settings._replace(baseline=read_baseline(directory))


def _above(directory: str, root: str) -> Settings:
    while root and directory.startswith(f"{root}/"):
        directory = os.path.dirname(directory)
        found = _settings(directory)
        if found is not None:
            shared = (silence._replace(is_shared=True) for silence in found.silences)
            return found._replace(silences=tuple(shared))
    return Settings()


def _settings(directory: str) -> Settings | None:
    path = os.path.join(directory, FILE)
    if is_outside(path) or not os.path.isfile(path):
        return None
    from bootready.check.own_file import read_table

    table = read_table(path, _LIMIT).get("checks", {})
    if not isinstance(table, dict):
        raise UsageError(f"{FILE}: `checks` must be a table")
    unknown = sorted(set(table) - {"ignore", "only", "skip", "fail-on"})
    if unknown:
        raise UsageError(f"{FILE}: `checks.{unknown[0]}` is not a setting")
    fail_on = table.get("fail-on")
    return Settings(
        silences_from(table, path),
        _names(table, "only"),
        _names(table, "skip"),
        severity_of(str(fail_on)) if fail_on is not None else None,
    )


def severity_of(name: str) -> Severity:
    """Return the severity of that name. Raises UsageError."""
    try:
        return Severity(name)
    except ValueError:
        known = ", ".join(severity.value for severity in Severity)
        raise UsageError(f"unknown severity '{name}'", f"one of: {known}") from None


def _names(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise UsageError(f"{FILE}: `checks.{key}` must be a list of check ids")
    return tuple(value)
