"""A verdict and what was wished of `check` or `validate` -> standard output and report files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from bootready import pipeline
from bootready.check.settings import Settings, severity_of
from bootready.cli.words.check_options import CheckWishes
from bootready.errors import ProjectError, UsageError
from bootready.model.finding import Severity, Verdict
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.report.formats.text import Source, render_verdict
from bootready.typed import NamedTuple


class Looked(NamedTuple):
    """The verdict on one project, and what it is shown from."""

    verdict: Verdict
    source: Source
    project: str
    """Its name."""
    said: str = ""
    """A line that people are told besides."""
    includes: tuple[str, ...] = ()
    """The Compose files that it includes."""


Look = Callable[[Request], Looked]
"""Looks at one project. Raises ProjectError where it cannot be read."""


def source_of(project: Project, failing: Severity) -> Source:
    """Return what the places of findings on `project` are shown from."""
    root = pipeline.root_of(project.directory)
    return Source(project.directory, project.sources, failing, root, os.getcwd())


def failing_severity(options: CheckWishes, settings: Settings) -> Severity:
    """Return the least grave severity that makes the exit code 1. Raises UsageError."""
    if options.fail_on is not None:
        return severity_of(options.fail_on)
    return settings.fail_on or Severity.ERROR


def names_in(values: list[str]) -> tuple[str, ...]:
    """Return the names of `--only` or `--skip`, each use of which may hold several with commas."""
    return tuple(name for value in values for name in value.split(",") if name)


def wants_remedies(options: CheckWishes) -> bool:
    """Tell whether a format was asked for that shows the edits of `fix`."""
    formats = {options.format, *(wish.partition("=")[0] for wish in options.output)}
    return bool(formats & {"json", "sarif"})


def colours() -> bool:
    """Tell whether standard output shows colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write_all(options: CheckWishes, rendered: Callable[[str], str]) -> None:
    """Write what `rendered` returns for a format to each file of `--output`, and the wished format
    to standard output. Raises UsageError where a file cannot be written.
    """
    for wish in options.output:
        _write(wish, rendered)
    sys.stdout.write(rendered(options.format))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and options.format == "github":
        _summarise(summary, rendered("markdown"))


def tell(options: CheckWishes, looked: Looked) -> None:
    """Write the verdict on one project as wished."""
    verdict, source, project = looked[:3]

    def rendered(name: str) -> str:
        if name == "text":
            shown = colours() and options.format == "text"
            text = render_verdict(verdict, source, verbose=options.verbose, colour=shown)
            return f"{text}{looked.said}\n" if looked.said else text
        from bootready.report.formats.render import render

        return render(name, verdict, source, project)

    write_all(options, rendered)


def tell_programs(options: CheckWishes, error: ProjectError, directory: str) -> None:
    """Write what programs read: a project that cannot be read is a finding to them."""
    from bootready.pipeline.refused import refused

    verdict, directory = refused(error), os.path.abspath(directory)
    source = Source(directory, {}, Severity.ERROR, pipeline.root_of(directory))
    looked = Looked(verdict, source, os.path.basename(directory))
    if options.format != "text":
        tell(options, looked)
        return
    from bootready.report.formats.render import render

    for wish in options.output:
        _write(wish, lambda name: render(name, *looked[:3]))


def _summarise(path: str, text: str) -> None:
    """Append the findings to the summary of the step, where GitHub Actions runs us."""
    from bootready.apply.output import append_output

    try:
        append_output(path, text)
    except OSError as error:
        raise UsageError(f"GITHUB_STEP_SUMMARY '{path}': {error.strerror}") from None


def _write(wish: str, rendered: Callable[[str], str]) -> None:
    name, sign, path = wish.partition("=")
    if not sign or not path:
        raise UsageError(f"--output '{wish}': must be NAME=FILE, such as sarif=findings.sarif")
    text = rendered(name)
    from bootready.apply.output import write_output

    try:
        write_output(path, text)
    except OSError as error:
        raise UsageError(f"--output '{wish}': {error.strerror}") from None
