"""Git may give a mounted script Windows line endings: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.check.remedies import line_appended
from bootready.model.lookup import shown


@check(
    summary="git may give a mounted script Windows line endings",
    severity=Severity.NOTE,
    needs=Needs.FILES,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    mentions=(".sh", ".bash"),
    since="0.1.0",
    reference="https://git-scm.com/docs/gitattributes#_eol",
)
def script_line_ends_unpinned(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for tracked scripts that are mounted into a container and that no `.gitattributes` pins to
    `eol=lf`.

    ## Why it matters
    A clone on Windows converts the line endings to CRLF, and the container then cannot start the
    script.

    ## What you see
    ```
    exec /ep.sh: no such file or directory
    ```

    ## Remedy
    Add `*.sh text eol=lf` to `.gitattributes`; `bootready fix` does that.

    ## When to silence it
    If the project is never cloned on Windows.
    """
    seen = set()
    for service in context.project.services:
        for mount in service.mounts:
            path = mount.source
            if mount.kind != "bind" or path in seen or not path.endswith((".sh", ".bash")):
                continue
            seen.add(path)
            if context.host.tracked_by_git(path) and not _pinned(context, path):
                yield report(
                    mount.location,
                    f"file '{shown(path, context.project.directory)}':"
                    " no `.gitattributes` pins its line endings",
                    remedy=line_appended(
                        "pins the line endings in ./.gitattributes",
                        f"{context.project.directory}/.gitattributes",
                        f"*.{path.rpartition('.')[2]} text eol=lf",
                    ),
                )


def _pinned(context: Context, path: str) -> bool:
    from fnmatch import fnmatchcase

    name, folder = path.rpartition("/")[2], path
    while folder := folder.rpartition("/")[0]:
        for line in (context.host.read_text(f"{folder}/.gitattributes") or "").splitlines():
            pattern, *attributes = line.split() or [""]
            if {"eol=lf", "-text", "binary"}.isdisjoint(attributes):
                continue
            if fnmatchcase(name, pattern.rpartition("/")[2]):
                return True
        if context.host.file(f"{folder}/.git"):
            break
    return False
