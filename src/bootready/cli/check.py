"""`bootready check`: every prerequisite of first boot, in one run; writes nothing but reports."""

from __future__ import annotations

import os
import sys

from bootready import pipeline
from bootready.check.settings import Settings, read_settings, severity_of
from bootready.cli.words.check_options import CheckWishes, wishes_from
from bootready.collecting import uncollected
from bootready.errors import ProjectError, UsageError
from bootready.model.finding import Severity, Verdict
from bootready.report.formats.text import Source, is_ready, render_verdict


@uncollected
def run(arguments: list[str]) -> int:
    """Check the project; 0 ready, 1 findings at or above --fail-on, 2 it cannot be read."""
    options = wishes_from(arguments)
    if options.into or any(":" in name for name in options.service):
        _clone(options)
    request = options.request()
    try:
        project = pipeline.load(request, os.environ)
    except ProjectError as error:
        _tell_programs(options, error, request.project_directory or request.directory)
        raise
    settings = read_settings(project.directory)
    failing = _failing(options, settings)
    evidence = pipeline.observe(
        project, os.environ, engine=options.engine != "none", registry=options.registry
    )
    verdict = pipeline.check(evidence, _names(options.only), _names(options.skip), settings)
    formats = {options.format, *(wish.partition("=")[0] for wish in options.output)}
    if formats & {"json", "sarif"}:
        from bootready.pipeline.remedied import with_remedies

        asked = options.engine != "none"
        verdict = with_remedies(request, os.environ, project, verdict, engine=asked)
    root = pipeline.root_of(project.directory)
    source = Source(project.directory, project.sources, failing, root)
    for wish in options.output:
        _write(wish, verdict, source, project.name)
    sys.stdout.write(_printed(options, verdict, source, project.name))
    if options.format == "github":
        _summarise(verdict, source, project.name)
    return 0 if is_ready(verdict, failing) else 1


def _tell_programs(options: CheckWishes, error: ProjectError, directory: str) -> None:
    """Write what programs read: a project that cannot be read is a finding to them."""
    from bootready.pipeline.refused import refused

    verdict, directory = refused(error), os.path.abspath(directory)
    source = Source(directory, {}, Severity.ERROR, pipeline.root_of(directory))
    name = os.path.basename(directory)
    for wish in options.output:
        _write(wish, verdict, source, name)
    if options.format != "text":
        sys.stdout.write(_printed(options, verdict, source, name))


def _clone(options: CheckWishes) -> None:
    from bootready.cli.words.repository import project_of

    found, directory, _ = project_of(
        options.service,
        options.directory,
        options.into,
        "check",
        yes=options.yes,
        has_files=bool(options.file),
    )
    options.service, options.directory = list(found), directory


def _failing(options: CheckWishes, settings: Settings) -> Severity:
    if options.fail_on is not None:
        return severity_of(options.fail_on)
    return settings.fail_on or Severity.ERROR


def _names(values: list[str]) -> tuple[str, ...]:
    return tuple(name for value in values for name in value.split(",") if name)


def _printed(options: CheckWishes, verdict: Verdict, source: Source, project: str) -> str:
    if options.format == "text":
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        return render_verdict(verdict, source, verbose=options.verbose, colour=colour)
    from bootready.report.formats.render import render

    return render(options.format, verdict, source, project)


def _summarise(verdict: Verdict, source: Source, project: str) -> None:
    """Append the findings to the summary of the step, where GitHub Actions runs us."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        from bootready.apply.output import append_output
        from bootready.report.formats.render import render

        try:
            append_output(path, render("markdown", verdict, source, project))
        except OSError as error:
            raise UsageError(f"GITHUB_STEP_SUMMARY '{path}': {error.strerror}") from None


def _write(wish: str, verdict: Verdict, source: Source, project: str) -> None:
    from bootready.report.formats.render import render

    name, sign, path = wish.partition("=")
    if not sign or not path:
        raise UsageError(f"--output '{wish}': must be NAME=FILE, such as sarif=findings.sarif")
    text = render(name, verdict, source, project)
    from bootready.apply.output import write_output

    try:
        write_output(path, text)
    except OSError as error:
        raise UsageError(f"--output '{wish}': {error.strerror}") from None
