"""An external secret needs Swarm: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)


@check(
    summary="an external secret needs Swarm",
    severity=Severity.ERROR,
    looks_at=("secrets",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_external(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets with `external: true` that a selected service is granted. One that has a
    `file` besides is left to `external-over-definition`.

    ## Why it stops boot
    Only a Swarm has external secrets; `docker compose up` ends with "unsupported external
    secret".

    ## Remedy
    Use `file:` or `environment:`.
    """
    used = {grant.source for service in context.project.services for grant in service.secrets}
    for item in context.project.secrets:
        if item.external and item.name in used and not (item.file or item.environment):
            yield report(
                item.location.labelled("Compose cannot read it"),
                f"secret '{item.name}': `external` works only in a Swarm",
                hint=f"file: ./secrets/{item.name}",
            )
