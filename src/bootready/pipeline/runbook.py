"""Takes a request; returns the guide of the project as a fresh clone would read it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost
from bootready.knowledge.examples import ENV_TEMPLATES
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.read.discover import locate
from bootready.report.runbook.collect import collect
from bootready.report.runbook.guide import Guide
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_KEPT = ("HOME", "PATH", "PWD", "COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR", "COMPOSE_PROFILES")
"""What of the shell's environment says which project is meant, not what is in it."""


def guide(request: Request, environ: Mapping[str, str]) -> Guide:
    """Return what a person needs to boot the project, from tracked files alone.

    Variables come from the example of `.env`, not from anybody's own. Raises ProjectError.
    """
    quiet = {name: environ[name] for name in _KEPT if name in environ}
    host = LocalHost()
    directory = locate(request, {**quiet, "COMPOSE_DISABLE_ENV_FILE": "1"}).directory
    template = _template(directory, host)
    if not request.env_files and not host.tracked_by_git(f"{directory}/.env"):
        quiet |= {"COMPOSE_DISABLE_ENV_FILE": "1"}
        if template:
            del quiet["COMPOSE_DISABLE_ENV_FILE"]
            request = request._replace(env_files=(template,))
    project = load(request, quiet)
    return collect(
        project, host, RecordedEngine(None, "a runbook is the same everywhere"), template
    )


def _template(directory: str, host: Host) -> str:
    paths = (os.path.join(directory, name) for name in ENV_TEMPLATES)
    return next((path for path in paths if host.file(path) is not None), "")
