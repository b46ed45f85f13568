"""A mounted configuration file has placeholders: found before boot, at the mount."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.configuration import SIZE, configuration_files, placeholders_in
from bootready.knowledge.values.meaning import Meaning, meaning_of
from bootready.knowledge.values.settings import Written
from bootready.model.lookup import shown
from bootready.model.near import named


@check(
    summary="a mounted configuration file has a placeholder",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("service.volumes", "service.configs"),
    where=("mount.bind", "service.configs"),
    since="0.2.0",
)
def mounted_file_placeholder(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for placeholders in the configuration files of the project that services mount or are
    granted as configs: `secret_key: replace-me`, `"token": "<your token>"`. In a mounted directory
    it reads the files that have an example beside them, and at `/etc/...` and `/config` the others
    too, where they are few. Each file has one finding.

    ## Why it matters
    The file looks complete, but the program starts with a value that everybody knows, or that the
    other side rejects.

    ## Remedy
    Replace the placeholders. When `bootready prepare` copies an example, it generates the secrets
    that only the program itself needs, and lists the other placeholders.

    ## When to silence it
    If the feature that needs the value is not used.
    """
    for file in configuration_files(context.project, context.host):
        text = context.host.read_text(file.path, SIZE) or ""
        found = list(placeholders_in(text))
        if not found:
            continue
        path = shown(file.path, context.project.directory)
        names = list(dict.fromkeys(one.name for one in found))
        words = "is a placeholder" if len(names) == 1 else "are placeholders"
        lines = list(dict.fromkeys(str(one.line) for one in found))
        yield report(
            file.place.labelled(f"line {lines[0]} of the file has a placeholder"),
            f"file '{path}': {named(names)} {words}",
            hint=f"put your own into {path}, {_numbered(lines)}",
            severity=_severity(found),
        )


def _severity(found: list[Written]) -> Severity:
    secrets = any(one.in_url or meaning_of(one.name) is Meaning.SECRET for one in found)
    return Severity.WARNING if secrets else Severity.NOTE


def _numbered(lines: list[str]) -> str:
    if len(lines) == 1:
        return f"line {lines[0]}"
    shown, more = lines[:5], len(lines) - 5
    return f"lines {', '.join(shown)} and {more} more" if more > 0 else f"lines {', '.join(shown)}"
