"""What was wished of `check` or `validate` -> looked at, written, and an exit code."""

from __future__ import annotations

from bootready.cli.words.check_options import CheckWishes
from bootready.cli.words.telling import Look, tell, tell_programs
from bootready.errors import ProjectError
from bootready.report.formats.text import is_ready
from bootready.typed import Callable


def conclude(options: CheckWishes, make: Callable[[], Look]) -> int:
    """Look at what was wished for, write what was found, and return the exit code.

    `make` returns what looks at a project; each process that takes part calls it once.
    """
    clone_first(options)
    if options.several:
        from bootready.cli.words.several import conclude_several

        return conclude_several(options, make)
    request = options.request()
    try:
        looked = make()(request)
    except ProjectError as error:
        tell_programs(options, error, request.project_directory or request.directory)
        raise
    tell(options, looked)
    return 0 if is_ready(looked.verdict, looked.source.failing) else 1


def clone_first(options: CheckWishes) -> None:
    """Clone the repository whose address is among the services, if there is one."""
    if not options.into and not any(":" in name for name in options.service):
        return
    from bootready.cli.words.repository import project_of

    found, directory, _ = project_of(
        options.service,
        options.request().directory,
        options.into,
        options.verb,
        yes=options.yes,
        has_files=bool(options.file),
    )
    options.service, options.directories = list(found), [directory]
