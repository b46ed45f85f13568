"""An open file and the unsaved texts -> the project that it belongs to, and what is found in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from bootready.check.settings import Settings, read_settings
from bootready.errors import BootreadyError, ProjectError
from bootready.model.finding import Finding
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe, root_of
from bootready.pipeline.refused import refused
from bootready.read.discover import FILE_NAMES, OVERRIDE_NAMES
from bootready.read.source import unsaved
from bootready.typed import NamedTuple

_LEVELS = 30
"""Directories above a file in which its project is looked for."""


class Opened(NamedTuple):
    """The project of an open file; None where it cannot be read, and the findings say why."""

    request: Request
    project: Project | None
    findings: tuple[Finding, ...]
    """Each on its own, not joined with those of the same cause."""


def request_for(
    path: str, root: str, texts: Mapping[str, str], environ: Mapping[str, str]
) -> Request | None:
    """Return the project that the file at `path` is a part of; None for no file of a project.

    The directories from `root`, that of the workspace or '', down to the file's own are tried: the
    first project that reads the file is its own. A Compose file of another name is tried last, on
    top of the one that Compose would find beside it.
    """
    with unsaved(texts):
        for request in _candidates(path, root):
            try:
                files = load(request, environ).sources
            except ProjectError as error:
                files = {one.location.span.file: "" for one in error.problems if one.location}
            if path in files or path in request.files:
                return request
    return None


def look_at(request: Request, texts: Mapping[str, str], environ: Mapping[str, str]) -> Opened:
    """Return the project with what the checks find in it; the engine is not asked."""
    with unsaved(texts):
        try:
            project = load(request, environ)
        except ProjectError as error:
            return Opened(request, None, refused(error).findings)
        evidence = observe(project, environ, engine=False)
        try:
            verdict = check(
                evidence, settings=read_settings(project.directory, root_of(project.directory))
            )
        except BootreadyError:  # bootready.toml names a check that does not exist, or is half typed
            verdict = check(evidence, settings=Settings())
    return Opened(request, project, verdict.apart)


def _candidates(path: str, root: str) -> Iterator[Request]:
    own, name = os.path.split(path)
    for directory in _above(own, root):
        if _base(directory):
            yield Request(directory=directory)
    if name.endswith((".yaml", ".yml")) and name not in {*FILE_NAMES, *OVERRIDE_NAMES}:
        if "compose" in name:
            yield Request(directory=own, files=(*_base(own), path))
    elif name in FILE_NAMES:
        yield Request(directory=own, files=(path,))


def _above(directory: str, root: str) -> list[str]:
    """Return the directories from `root` down to `directory`, only that one if it is elsewhere."""
    found = [directory]
    while root and found[-1] != root and len(found) < _LEVELS:
        above = os.path.dirname(found[-1])
        if above == found[-1]:
            return [directory]
        found.append(above)
    return found[::-1]


def _base(directory: str) -> tuple[str, ...]:
    """Return the Compose file that is found in `directory`, if there is one."""
    paths = (os.path.join(directory, name) for name in FILE_NAMES)
    return tuple(path for path in paths if os.path.isfile(path))[:1]
