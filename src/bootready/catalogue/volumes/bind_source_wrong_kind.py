"""A bind source is a directory where a file is needed, or the reverse."""

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
from bootready.check.remedies import file_created
from bootready.model.lookup import shown

FILES = frozenset({"/etc/passwd", "/etc/group", "/etc/hosts", "/etc/resolv.conf"})
DIRECTORIES = frozenset({"/etc", "/usr", "/bin", "/root"})
"""Targets that are what they are in every image."""
ENDINGS = (
    ".conf",
    ".cfg",
    ".ini",
    ".yml",
    ".yaml",
    ".toml",
    ".json",
    ".sh",
    ".sql",
    ".pem",
    ".crt",
)


@check(
    summary="a bind source is a directory where a file is needed, or the reverse",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.volumes",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def bind_source_wrong_kind(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the kind of the source with the kind that the target must have: paths that every image
    has (`/etc`, `/etc/passwd`), and names with the usual extensions of configuration files.

    ## Why it stops boot
    The engine cannot mount a directory onto a file, or a file onto a directory. The message has
    about 400 characters of runtime detail.

    ## What you see
    ```
    error mounting ".../d" to rootfs at "/etc/passwd": ... not a directory: unknown: Are you
    trying to mount a directory onto a file (or vice-versa)?
    ```

    ## Remedy
    Remove the directory (an earlier start may have created it) and restore the file. If nothing is
    there and the file has an example beside it, `bootready prepare` creates it from that.

    ## When to silence it
    If the image has a directory at a path that looks like a file, such as `conf.d.conf`.
    """
    for service in context.project.services:
        for mount in service.mounts:
            fact = context.host.file(mount.source) if mount.kind == "bind" else None
            wanted = _wanted(mount.target)
            actual = fact.kind if fact else ("directory" if mount.kind == "bind" else "")
            if not wanted or actual not in {"file", "directory"} or actual == wanted:
                continue
            path = shown(mount.source, context.project.directory)
            found = actual if fact else "missing, so the engine creates a directory"
            yield report(
                mount.location.labelled(f"the target is a {wanted}"),
                f"service '{service.name}': bind source '{path}' is {'a ' if fact else ''}{found}",
                severity=None if mount.target in FILES | DIRECTORIES else Severity.WARNING,
                hint=f"'{mount.target}' is a {wanted}",
                remedy=None if fact else file_created(context.host, mount.source, path),
            )


def _wanted(target: str) -> str:
    if target.rstrip("/") in DIRECTORIES:
        return "directory"
    return "file" if target in FILES or target.endswith(ENDINGS) else ""
