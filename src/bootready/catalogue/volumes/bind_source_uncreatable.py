"""A bind source does not exist, and nothing creates it: found before boot, at its place."""

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
from bootready.knowledge.secrets.certificates import certificate_files
from bootready.model.lookup import shown


@check(
    summary="a bind source does not exist, and nothing creates it",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def bind_source_uncreatable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for missing sources of bind mounts with `create_host_path: false`, or with `propagation`
    or `recursive`: for these, Compose does not create the source, whatever `create_host_path` says.

    ## Why it stops boot
    The engine rejects the container. `docker compose config` accepts the project.

    ## What you see
    ```
    invalid mount config for type "bind": bind source path does not exist: .../nope
    ```

    ## Remedy
    Create the directory; `bootready prepare` does that.

    ## When to silence it
    If a disk that is mounted later, or a deployment tool, provides the directory.
    """
    made = certificate_files(context.project, context.host)
    for service in context.project.services:
        for mount in service.mounts:
            if (
                mount.kind != "bind"
                or mount.create_host_path
                or context.host.file(mount.source)
                or mount.source in made
            ):
                continue
            path = shown(mount.source, context.project.directory)
            yield report(
                mount.location.labelled("this path does not exist"),
                f"service '{service.name}': bind source '{path}' does not exist",
                remedy=directory_created(mount.source, path),
            )
