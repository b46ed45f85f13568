"""A file or standard input with a log in it -> what its lines mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from bootready.boot.diagnose.own_words import own_rows
from bootready.boot.diagnose.reading import read_log
from bootready.errors import ProjectError, UsageError
from bootready.host.regular import read_regular
from bootready.knowledge.secrets.redact import Redactor
from bootready.knowledge.words.meaning import Meanings
from bootready.model.request import Request
from bootready.pipeline import load

LONGEST = 16_000_000
"""Bytes of a log: some 100,000 lines, a few seconds."""


def explain_log(request: Request, name: str, environ: Mapping[str, str]) -> Meanings:
    """Return what the log in the file `name` means, or on standard input for ``-``.

    Where `request` means a project, its own tables of words count and its secrets are masked.
    Raises UsageError for a file that cannot be read.
    """
    text = _text(name)
    directory = request.project_directory or request.directory
    return read_log(text.splitlines(), own_rows(directory), _mask(request, environ))


def _mask(request: Request, environ: Mapping[str, str]) -> Callable[[str], str]:
    from bootready.boot.secret_files import project_redactor

    try:
        return project_redactor(load(request, environ))
    except (ProjectError, UsageError):
        return Redactor(())  # a log may be explained anywhere


def _text(name: str) -> str:
    if name == "-":
        data = sys.stdin.buffer.read(LONGEST + 1)
    else:
        try:
            data = read_regular(os.path.expanduser(name), LONGEST)
        except OSError as error:
            if error.errno == 27:
                raise _too_long() from None
            raise UsageError(f"'{name}': {error.strerror}") from None
    if len(data) > LONGEST:
        raise _too_long()
    return data.decode(errors="replace")


def _too_long() -> UsageError:
    return UsageError(
        f"the log is larger than {LONGEST // 1_000_000} MB",
        "give its last lines: tail -n 100000 FILE | bootready explain log -",
    )
