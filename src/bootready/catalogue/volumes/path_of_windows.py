"""A path of Windows is mounted on a Linux engine: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.model.lookup import shown
from bootready.regex import regex

_DRIVE = regex(r"[A-Za-z]:[\\/]|\\\\|//[^/]+/[A-Za-z]\$")


@check(
    summary="a path of Windows is mounted on a Linux engine",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def path_of_windows(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Looks for mounts whose source starts with a drive, such as `C:\data`, or has backslashes, such
    as `.\data`, and for targets with backslashes.

    ## Why it stops boot
    A Linux engine takes `C:` for a part of its own and rejects the mount. In `.\data` the backslash
    is a letter of the name: the engine creates an empty directory called `.\data`, which is a
    warning.

    ## What you see
    ```
    invalid volume specification: 'C:\data:/data:rw'
    ```

    ## Remedy
    Write a path of this machine, best relative to the project and with slashes: `./data`.

    ## When to silence it
    If the project is started by Docker Desktop for Windows only.
    """
    for service in context.project.services:
        for mount in service.mounts:
            if mount.kind != "bind":
                continue
            source = shown(mount.source, context.project.directory)
            if _DRIVE.match(mount.source) or "\\" in mount.target:
                severity = None
            elif "\\" in source and not context.host.file(mount.source):
                severity = Severity.WARNING
            else:
                continue
            path = mount.target if "\\" in mount.target else source
            yield report(
                mount.location,
                f"service '{service.name}': '{path}' is a path of Windows, the engine runs Linux",
                severity=severity,
                hint=f"write a path of this machine with slashes, such as {_slashed(source)}",
            )


def _slashed(source: str) -> str:
    path = _DRIVE.sub("", source).replace("\\", "/").lstrip("/")
    return path if path.startswith("./") else f"./{path}"
