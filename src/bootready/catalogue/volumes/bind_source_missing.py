"""The source of a bind mount does not exist: found before boot, at its place."""

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
from bootready.check.remedies import directory_created
from bootready.knowledge.secrets.certificates import is_certificate_file
from bootready.model.lookup import shown


@check(
    summary="the source of a bind mount does not exist",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("service.volumes",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def bind_source_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the source of every bind mount of a selected service exists on the host.

    ## Why it matters
    The engine creates an empty directory that belongs to root, even if the name is that of a file.
    The service then finds no configuration or cannot write.

    ## What you see
    `docker compose up` exits 0. If the target is a file in the image, the container does not start:

    ```
    Are you trying to mount a directory onto a file (or vice-versa)?
    ```

    ## Remedy
    `bootready prepare` creates a missing directory with the owner that the service needs. A missing
    file must be restored from the project.

    ## When to silence it
    If the service works with an empty directory that belongs to root.
    """
    for service in context.project.services:
        for mount in service.mounts:
            if (
                mount.kind != "bind"
                or not mount.create_host_path
                or context.host.file(mount.source)
                or is_certificate_file(context.project, context.host, mount.source)
            ):
                continue
            path = shown(mount.source, context.project.directory)
            looks_like_file = "." in path.rsplit("/", 1)[-1].lstrip(".")
            remedy = directory_created(mount.source, path)
            yield report(
                mount.location.labelled("the engine would create a root-owned directory there"),
                f"service '{service.name}': bind source '{path}' does not exist",
                hint=f"restore {path}" if looks_like_file else "",
                remedy=None if looks_like_file else remedy,
            )
