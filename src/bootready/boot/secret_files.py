"""A project -> what masks its secrets, the contents of its secret files among them."""

from __future__ import annotations

from collections.abc import Callable

from bootready.host.local import LocalHost
from bootready.host.regular import read_regular
from bootready.knowledge.secrets.redact import Redactor, redactor_of
from bootready.knowledge.values.placeholder import Form, form_of
from bootready.model.boot import Diagnosis
from bootready.model.project import Project

_LONGEST = 1_000_000
"""Bytes of a secret file; a log repeats no longer value."""


def project_redactor(project: Project) -> Redactor:
    """Return what masks the secrets of `project`; a file that cannot be read counts as empty."""
    host = LocalHost()
    return redactor_of(
        project,
        [_read(one.file) for one in project.secrets if one.file],
        lambda value, file: _is_public(value, file, host),
    )


def redacted(one: Diagnosis, redact: Callable[[str], str]) -> Diagnosis:
    """Return a diagnosis with the secrets of its words masked; its log has been already."""
    return one._replace(
        headline=redact(one.headline),
        cause=redact(one.cause),
        remedy=redact(one.remedy),
        evidence=tuple(redact(fact) for fact in one.evidence),
    )


def _is_public(value: str, file: str, host: LocalHost) -> bool:
    """Tell whether `value` is a placeholder in a file that git tracks."""
    if not file.startswith("/") or form_of(value, secret=True) is Form.REAL:
        return False
    return host.tracked_by_git(file) is True


def _read(path: str) -> str:
    try:
        return read_regular(path, _LONGEST).decode(errors="replace")
    except OSError:
        return ""
