"""A verdict and what was wished of `check` or `validate` -> standard output and report files."""

from __future__ import annotations

import os
import sys

from bootready import pipeline
from bootready.check.settings import Settings, severity_of
from bootready.cli.words.check_options import CheckWishes
from bootready.errors import ProjectError, UsageError
from bootready.model.finding import Severity, Verdict
from bootready.model.printable import printable
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.report.formats.following import following, following_line
from bootready.report.formats.text import Source, is_ready, render_verdict, verdict_line
from bootready.typed import TYPE_CHECKING, Callable, Mapping, NamedTuple

if TYPE_CHECKING:
    from bootready.report.project.view import Stack


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
    stack: Stack | None = None
    """The picture of the whole project, if it was asked for."""


Look = Callable[[Request], Looked]
"""Looks at one project. Raises ProjectError where it cannot be read."""


def source_of(project: Project, failing: Severity, root: str) -> Source:
    """Return what the places of findings on `project`, of the repository `root`, are shown from."""
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


def write_all(options: CheckWishes, rendered: Callable[[str], str]) -> None:
    """Write what `rendered` returns for a format to each file of `--output`, and the wished format
    to standard output. Raises UsageError where a file cannot be written.
    """
    for wish in options.output:
        _write(wish, rendered)
    text = rendered(options.format)
    sys.stdout.write(_on_screen(options, text) if options.format == "text" else text)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and options.format == "github":
        _summarise(summary, rendered("markdown"))


def tell(options: CheckWishes, looked: Looked) -> None:
    """Write the verdict on one project as wished."""
    verdict, source, project = looked[:3]

    def rendered(name: str) -> str:
        if name == "text":
            return _text(options, looked)
        from bootready.report.formats.render import render

        return render(name, verdict, source, project)

    write_all(options, rendered)


def _text(options: CheckWishes, looked: Looked) -> str:
    verdict, source = looked[:2]
    project = _project_options(options)
    last = following_line(following(verdict, source), project)
    boots = options.verb == "check" and options.target == "compose"
    if not last and boots and is_ready(verdict, source.failing):
        last = f"next: bootready up{project}"
    if options.quiet:
        lines = [verdict_line(verdict, source.failing), last]
    else:
        text = render_verdict(verdict, source, verbose=options.verbose)
        lines = [text.removesuffix("\n"), looked.said, last]
    return "\n".join([*filter(None, lines), ""])


def _project_options(options: CheckWishes) -> str:
    """Return the options that name the project, for a command that can be pasted; '' for none."""
    pairs = [("-C", path) for path in options.directories]
    pairs += [("-f", path) for path in options.file]
    pairs += [("--env-file", path) for path in options.env_file]
    pairs += [("--profile", name) for name in options.profile]
    if not pairs:
        return ""
    from shlex import quote

    return printable("".join(f" {flag} {quote(value)}" for flag, value in pairs))


def _on_screen(options: CheckWishes, text: str) -> str:
    """Return the text as the terminal shows it; what is written to a file or pipe stays."""
    if options.color == "auto" and not _is_shown(os.environ):
        return text
    from bootready.cli.words.screen import screen_for
    from bootready.report.formats.screen import on_screen

    return on_screen(text, screen_for(options.color, os.environ))


def _is_shown(environ: Mapping[str, str]) -> bool:
    """Tell whether a terminal, or a wish for colours, makes the text another."""
    forced = environ.get("FORCE_COLOR") or environ.get("CLICOLOR_FORCE")
    return bool(forced) or sys.stdout.isatty()


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
