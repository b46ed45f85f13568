"""Takes a request; returns the pieces of a bundle for a bug report, every secret masked."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.boot.bundle import Piece, boot_piece, engine_pieces, project_pieces
from bootready.boot.look import look_at
from bootready.boot.secret_files import project_redactor
from bootready.check.settings import read_settings
from bootready.engine.api import connect
from bootready.errors import EngineError, ProjectError
from bootready.knowledge.secrets.redact import Redactor
from bootready.model.finding import Severity
from bootready.model.request import Request
from bootready.pipeline import check, load, observe, root_of
from bootready.pipeline.versions import versions
from bootready.report.boot import boot_values
from bootready.report.formats.text import Source, problem_text, render_verdict
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.project import Project

README = """\
A bundle of `bootready bundle` about the project '{name}', to be attached to a bug report.

Masked as ****: the contents of secret files, the values of variables, keys and options whose name
says that they are secret, and what looks like a key, a token or a password in an address. A secret
that stands somewhere else, under a harmless name, cannot be known: look through these files first.

config.json       what the Compose files resolve to
variables.json    the names of the variables that are used
findings.txt      what `bootready check` finds
status.json       the services and why they are not up
engine.json       the engine
containers/       what the engine knows of each container
logs/             the last lines of each
events.jsonl      what the engine saw happen in the last hour
versions.txt      the programs
"""

ENGINE_ERROR = "engine-error.txt"
"""Holds why the engine could not be asked."""


def bundle(request: Request, environ: Mapping[str, str]) -> tuple[str, tuple[Piece, ...]]:
    """Return the name of the project and the pieces; what cannot be had is said in a piece."""
    try:
        project = load(request, environ)
    except ProjectError as error:
        words = "\n".join(problem_text(one) for one in error.problems)
        return "unreadable", (Piece("problems.txt", Redactor(())(words) + "\n"),)
    redact = project_redactor(project)
    pieces = [
        Piece("README.txt", README.format(name=project.name)),
        Piece("versions.txt", redact("".join(f"{one.text}\n" for one in versions(environ)))),
        *project_pieces(project, redact),
        Piece("findings.txt", redact(_findings(project, environ))),
    ]
    try:
        api = connect(environ)
        outcome = look_at(project, api, watch=True)
        pieces.append(boot_piece(boot_values(outcome), redact))
        pieces += engine_pieces(project, api, redact)
    except EngineError as error:
        pieces.append(Piece(ENGINE_ERROR, redact(error.message) + "\n"))
    return project.name, tuple(pieces)


def _findings(project: Project, environ: Mapping[str, str]) -> str:
    settings = read_settings(project.directory, root_of(project.directory))
    verdict = check(observe(project, environ), settings=settings)
    source = Source(project.directory, project.sources, settings.fail_on or Severity.ERROR)
    return render_verdict(verdict, source, verbose=True)
