"""A read-only service cannot get a secret from a variable: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import value_at


@check(
    summary="a read-only service cannot get a secret from a variable",
    severity=Severity.ERROR,
    looks_at=("service.read_only",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_in_read_only_service(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services with `read_only: true` that are granted a secret with `environment:`.

    ## Why it stops boot
    Compose copies such a secret into the container, which a read-only root refuses.

    ## Remedy
    Use a file-backed secret.
    """
    sources = {item.name for item in context.project.secrets if item.environment}
    for service in context.project.services:
        if value_at(service.node, "read_only") is True:
            for grant in service.secrets:
                if grant.source in sources:
                    yield report(
                        grant.location,
                        f"service '{service.name}': read-only, and '{grant.source}' has no file",
                        hint="use `file:` in place of `environment:` for the secret",
                    )
