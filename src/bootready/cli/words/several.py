"""What was wished of `check` or `validate` for several projects -> one verdict on all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from bootready import pipeline
from bootready.cli.words.check_options import CheckWishes
from bootready.cli.words.telling import Look, write_all
from bootready.errors import BootreadyError, ProjectError, UsageError
from bootready.model.finding import Severity
from bootready.model.problem import Problem
from bootready.model.request import Request
from bootready.pipeline.parallel import in_parallel
from bootready.pipeline.projects import Place, Places, places_in
from bootready.pipeline.refused import refused
from bootready.pipeline.touched import changed_since, is_touched
from bootready.read.discover import located_directory
from bootready.report.formats.several import Repository, Told, render_several
from bootready.report.formats.text import Source
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.report.project.view import Stack


class _Found(NamedTuple):
    """What one project gave; None where no change touched it."""

    told: Told | None
    includes: tuple[str, ...] = ()
    stack: Stack | None = None


class Survey(NamedTuple):
    """What was found in a repository, and the picture of each project that was told of, in order,
    if pictures were asked for and it could be read.
    """

    repository: Repository
    stacks: tuple[Stack | None, ...]


def conclude_several(options: CheckWishes, make: Callable[[], Look]) -> int:
    """Look at every project that is meant, write one report, and return the exit code.

    2 if one of them cannot be read, 1 if one of them is not ready. Raises as `surveyed`.
    """
    repository = surveyed(options, make).repository
    write_all(
        options,
        lambda name: render_several(name, repository, verbose=options.verbose, quiet=options.quiet),
    )
    if any(told.unread for told in repository.told):
        return 2
    return 0 if repository.ready else 1


def surveyed(options: CheckWishes, make: Callable[[], Look]) -> Survey:
    """Look at every project that is meant, several at a time, and return what was found.

    `make` returns what looks at one; each process that takes part calls it once. Raises UsageError
    where an option is about one project, ProjectError where there is no project.
    """
    named = [located_directory(path, os.environ) for path in options.directories or ["."]]
    if options.recursive:
        _refuse(options)
    places = places_meant(named, recursive=options.recursive)
    changed = _changed(options.changed_since, named) if options.changed_since else None
    found, parts = _looked(places.projects, _Work(options, make, changed))
    looked_at = [one for one in found.values() if one.told]
    repository = Repository(
        tuple(one.told for one in looked_at if one.told),
        os.getcwd(),
        parts,
        tuple(place for place, one in found.items() if one.told is None),
        tuple((variant.path, variant.base) for variant in places.variants),
    )
    return Survey(repository, tuple(one.stack for one in looked_at))


def places_meant(directories: Sequence[str], *, recursive: bool) -> Places:
    """Return the projects in absolute directories, or with `recursive` at and below them.

    Raises ProjectError where there is none below.
    """
    if not recursive:
        return Places(tuple(Place(path) for path in dict.fromkeys(directories)), ())
    places = _merged([places_in(path) for path in directories])
    if not places.projects:
        raise ProjectError([_none_in(directories)])
    return places


def _refuse(options: CheckWishes) -> None:
    given = {
        "-f": options.file,
        "-p": options.project_name,
        "--project-directory": options.project_directory,
        "a service": options.service,
    }
    for name, value in given.items():
        if value:
            raise UsageError(f"{name} is of one project, and --recursive looks at several")


def _merged(found: Sequence[Places]) -> Places:
    projects = {place.directory: place for one in found for place in one.projects}
    variants = dict.fromkeys(variant for one in found for variant in one.variants)
    return Places(tuple(projects[path] for path in sorted(projects)), tuple(variants))


def _none_in(directories: Sequence[str]) -> Problem:
    names = ", ".join(f"'{path}'" for path in directories)
    words = f"no Compose file that git tracks in {names} or below"
    return Problem("compose-file-missing", words, None, True)


def _changed(revision: str, directories: Sequence[str]) -> frozenset[str]:
    roots = dict.fromkeys(pipeline.root_of(path) for path in directories)
    return frozenset().union(*(changed_since(root, revision) for root in roots))


class _Work(NamedTuple):
    """What has to be done for each project."""

    options: CheckWishes
    make: Callable[[], Look]
    changed: frozenset[str] | None

    def done_by(self) -> Callable[[str], _Found]:
        """Return what looks at the project in a directory."""
        look = self.make()
        return lambda directory: self.look_at(directory, look)

    def look_at(self, directory: str, look: Look) -> _Found:
        request = self.options.request()._replace(directory=directory)
        try:
            if self.changed is not None and not _is_touched(request, self.changed):
                return _Found(None)
            looked = look(request)
        except ProjectError as error:
            return _Found(_unread(directory, error))
        except BootreadyError as error:
            problem = Problem("settings", error.message, None, True, hint=error.hint)
            return _Found(_unread(directory, ProjectError([problem])))
        return _Found(Told(*looked[:3]), looked.includes, looked.stack)


def _is_touched(request: Request, changed: frozenset[str]) -> bool:
    try:
        project = pipeline.load(request, os.environ)
    except ProjectError:  # nobody knows what it is made of
        return any(path.startswith(f"{request.directory}/") for path in changed)
    return is_touched(project, changed)


def _unread(directory: str, error: ProjectError) -> Told:
    source = Source(directory, {}, Severity.ERROR, pipeline.root_of(directory), os.getcwd())
    return Told(refused(error), source, os.path.basename(directory), unread=True)


def _looked(places: Sequence[Place], work: _Work) -> tuple[dict[str, _Found], tuple[str, ...]]:
    """Return what each project gave, and the directories that are a part of another project.

    Those that may include others come first, so that a part is not looked at by itself.
    """
    found: dict[str, _Found] = {}
    files = {place.directory: place.file for place in places}
    included: set[str] = set()
    for is_first in (True, False):
        left = [
            place.directory
            for place in places
            if place.includes is is_first and place.file not in included
        ]
        found |= dict(zip(left, in_parallel(left, work.done_by), strict=True))
        for directory, one in found.items():
            included.update(path for path in one.includes if path != files[directory])
    parts = {place.directory for place in places if place.file in included}
    kept = {path: found[path] for path in sorted(found) if path not in parts}
    return kept, tuple(sorted(parts))
