"""A project -> what masks its secrets, the contents of its secret files among them."""

from __future__ import annotations

from bootready.host.regular import read_regular
from bootready.knowledge.secrets.redact import Redactor, redactor_of
from bootready.model.project import Project

_LONGEST = 1_000_000
"""Bytes of a secret file; a log repeats no longer value."""


def project_redactor(project: Project) -> Redactor:
    """Return what masks the secrets of `project`; a file that cannot be read counts as empty."""
    return redactor_of(project, [_read(one.file) for one in project.secrets if one.file])


def _read(path: str) -> str:
    try:
        return read_regular(path, _LONGEST).decode(errors="replace")
    except OSError:
        return ""
