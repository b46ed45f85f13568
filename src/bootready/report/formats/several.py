"""The verdicts on the projects of a repository -> one report in each format, a line per project."""

from __future__ import annotations

from collections.abc import Sequence

from bootready.errors import UsageError
from bootready.model.finding import Severity, Verdict
from bootready.model.printable import printable, safe_json
from bootready.report.formats.following import following, following_words
from bootready.report.formats.json import VERSION, relative, verdict_object
from bootready.report.formats.render import FORMATS
from bootready.report.formats.text import (
    Source,
    gone_lines,
    is_ready,
    render_findings,
    skipped_lines,
    state_of,
)
from bootready.typed import NamedTuple


class Told(NamedTuple):
    """The verdict on one project; `unread` where it cannot be read, and the verdict says why."""

    verdict: Verdict
    source: Source
    project: str
    unread: bool = False

    @property
    def ready(self) -> bool:
        """Whether it was read, and nothing as grave as the failing severity was found."""
        return not self.unread and is_ready(self.verdict, self.source.failing)

    @property
    def path(self) -> str:
        """The project's directory as in its repository; '.' for the root."""
        return relative(f"{self.source.directory}/", self.source.base).strip("/") or "."


class Repository(NamedTuple):
    """What was looked at in one run. Directories and files are absolute."""

    told: tuple[Told, ...]
    here: str
    """Where the command runs; a person sees directories from there."""
    parts: tuple[str, ...] = ()
    """Directories whose files another project includes."""
    unchanged: tuple[str, ...] = ()
    """Directories of projects that no change touched."""
    variants: tuple[tuple[str, str], ...] = ()
    """Files that Compose loads only if it is told to, and the ones that they come after."""

    @property
    def ready(self) -> bool:
        """Whether every project is."""
        return all(one.ready for one in self.told)

    def seen(self, path: str) -> str:
        """Return a path as a person sees it."""
        return "." if path == self.here else printable(relative(path, self.here))

    @property
    def line(self) -> str:
        """The verdict on all of them in one line."""
        return _last(self)


def render_several(
    name: str, found: Repository, *, verbose: bool = False, quiet: bool = False
) -> str:
    """Return the report in that format. Raises UsageError for a name that is none."""
    if name not in FORMATS:
        raise UsageError(f"unknown format '{name}'", f"one of: {', '.join(FORMATS)}")
    if name == "text":
        return _text(found, verbose=verbose, quiet=quiet)
    return {
        "json": _json,
        "sarif": _sarif,
        "junit": _junit,
        "github": _github,
        "gitlab": _gitlab,
        "markdown": _markdown,
    }[name](found)


def _text(found: Repository, *, verbose: bool, quiet: bool) -> str:
    blocks = []
    for one in () if quiet else found.told:
        text = render_findings(one.verdict, one.source, verbose=verbose)
        if text:
            blocks.append(f"== {found.seen(one.source.directory)} ==\n\n{text}")
    rows = [(found.seen(one.source.directory), project_state(one)) for one in found.told]
    rows += [
        (found.seen(path), "part of another project, which includes it") for path in found.parts
    ]
    if verbose:
        rows += [(found.seen(path), "unchanged") for path in found.unchanged]
    width = max((len(name) for name, _ in rows), default=0)
    lines = [f"{name:<{width}}  {state}" for name, state in rows]
    skipped = tuple(dict.fromkeys(entry for one in found.told for entry in one.verdict.skipped))
    lines += [
        f"{found.seen(one.source.directory)}: {line}"
        for one in found.told
        for line in gone_lines(one.verdict, verbose=verbose)
    ]
    if not quiet:
        lines += [*_offered(found, verbose), *skipped_lines(skipped, verbose=verbose)]
    lines.append(_last(found))
    return "\n\n".join([*blocks, "\n".join(lines)]) + "\n"


def project_state(one: Told) -> str:
    """Return how a project is in a few words, and what repairs it."""
    if one.unread:
        return "cannot be read"
    words = following_words(following(one.verdict, one.source))
    state = state_of(one.verdict, one.source.failing)
    return f"{state} ({words})" if words else state


def _offered(found: Repository, verbose: bool) -> list[str]:
    """Return what was not looked at, for nobody but a person knows what it is for."""
    if not found.variants:
        return []
    if not verbose:
        number = len(found.variants)
        words = "1 more file is" if number == 1 else f"{number:,} more files are"
        return [f"{words} loaded only with -f, and not looked at (-v names them)"]
    return [
        "not looked at: " + (f"-f {found.seen(base)} " if base else "") + f"-f {found.seen(path)}"
        for path, base in found.variants
    ]


def _last(found: Repository) -> str:
    left = [one for one in found.told if not one.ready]
    unchanged = f"; {len(found.unchanged):,} unchanged" if found.unchanged else ""
    if not found.told:
        return f"ready: no project was touched{unchanged}"
    files = sum(one.verdict.files for one in found.told)
    services = sum(one.verdict.services for one in found.told)
    count = len(found.told)
    projects = "1 project" if count == 1 else f"{count:,} projects"
    state = f"not ready: {len(left):,} of {projects}" if left else f"ready: {projects}"
    return f"{state}; looked at {files:,} files and {services:,} services{unchanged}"


def _json(found: Repository) -> str:
    projects = [verdict_object(one.verdict, one.source, one.project) for one in found.told]
    return safe_json(repository_object(found, projects), readable=True) + "\n"


def repository_object(
    found: Repository, projects: Sequence[dict[str, object]]
) -> dict[str, object]:
    """Return the repository as plain values; `projects` are those of its projects, in order."""
    counts = {
        severity.value: sum(
            finding.severity is severity for one in found.told for finding in one.verdict.findings
        )
        for severity in Severity
    }
    return {
        "version": VERSION,
        "ready": found.ready,
        "counts": counts,
        "projects": [
            {**values, "ready": one.ready} for one, values in zip(found.told, projects, strict=True)
        ],
        "parts": list(found.parts),
        "unchanged": list(found.unchanged),
        "variants": [{"file": path, "after": base} for path, base in found.variants],
    }


def _sarif(found: Repository) -> str:
    from bootready.report.formats.sarif import run_of, sarif_log

    return sarif_log([run_of(one.verdict, one.source, one.project) for one in found.told])


def _junit(found: Repository) -> str:
    from bootready.report.formats.junit import suite_of

    suites = [suite_of(*one[:3], package=one.path) for one in found.told]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bootready">'
    return "\n".join([head, *suites, "</testsuites>", ""])


def _github(found: Repository) -> str:
    from bootready.report.formats.github import render_github

    last = f"::notice title=bootready::{_last(found)}\n"
    return "".join([*(render_github(*one[:3]) for one in found.told), last])


def _gitlab(found: Repository) -> str:
    from bootready.report.formats.gitlab import rows_of

    rows = [row for one in found.told for row in rows_of(one.verdict, one.source)]
    return safe_json(rows) + "\n"


def _markdown(found: Repository) -> str:
    from bootready.report.formats.markdown import cell, rows_of

    lines = ["## bootready", "", _last(found), "", "| project | state |", "| --- | --- |"]
    lines += [f"| `{cell(one.path)}` | {project_state(one)} |" for one in found.told]
    for one in found.told:
        if one.verdict.findings:
            lines += ["", f"### `{cell(one.path)}`", "", *rows_of(one.verdict, one.source)]
    return "\n".join(lines) + "\n"
