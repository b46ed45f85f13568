"""The file of a config does not exist: found before boot, at its place."""

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
from bootready.knowledge.secrets.certificates import certificate_files
from bootready.model.lookup import shown
from bootready.model.position import Location

PLACES = 5
"""So many users of a config are shown."""


@check(
    summary="the file of a config does not exist",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("configs",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/configs/",
)
def config_file_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the file of every config that a selected service is granted exists.

    ## Why it stops boot
    Compose mounts the file when it creates the container, and the engine rejects a source that does
    not exist. `docker compose config` accepts it.

    ## What you see
    ```
    invalid mount config for type "bind": bind source path does not exist: .../c.yml
    ```

    ## Remedy
    `bootready prepare` creates it from the example beside it, if there is one. Otherwise restore
    the file, or correct its path.

    ## When to silence it
    If a deployment tool writes the file before the start.
    """
    made = certificate_files(context.project, context.host)
    used: dict[str, list[Location]] = {}
    for service in context.project.services:
        for grant in service.configs:
            places = used.setdefault(grant.source, [])
            if len(places) < PLACES:
                places.append(grant.location.labelled(f"used by service '{service.name}'"))
    for item in context.project.configs:
        if item.file is None or item.external or item.name not in used:
            continue

        if item.file in made:
            continue  # certificate-missing tells of it
        if context.host.file(item.file) is None:
            path = shown(item.file, context.project.directory)
            yield report(
                (item.file_location or item.location).labelled("this file does not exist"),
                f"config '{item.name}': file '{path}' does not exist",
                related=used[item.name],
                remedy=file_created(context.host, item.file, path),
            )
