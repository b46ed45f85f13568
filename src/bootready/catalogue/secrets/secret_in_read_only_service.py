"""A read-only service cannot get a secret or config without a file."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import at, value_at
from bootready.model.project import FileObject


@check(
    summary="a read-only service cannot get a secret or config without a file",
    severity=Severity.ERROR,
    looks_at=("service.read_only",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_in_read_only_service(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services with `read_only: true` that are granted a secret with `environment:`, or a
    config with `environment:` or `content:`.

    ## Why it stops boot
    Compose copies these into the container, which fails on a read-only root filesystem.

    ## What you see
    ```
    cannot create secret "ft_pw" in read-only service a: `file` is the sole supported option
    ```

    ## Remedy
    Use `file:` for the secret or config, or remove `read_only`.

    ## When to silence it
    Never: Compose always rejects it.
    """
    secrets = {item.name for item in context.project.secrets if item.environment}
    configs = {
        c.name: "content" if at(c.node, "content") else "environment" for c in _copied(context)
    }
    for service in context.project.services:
        if value_at(service.node, "read_only") is True:
            wrong = [("secret", "environment", g) for g in service.secrets if g.source in secrets]
            wrong += [
                ("config", configs[g.source], g) for g in service.configs if g.source in configs
            ]
            for kind, key, grant in wrong:
                yield report(
                    grant.location,
                    f"service '{service.name}': root filesystem is read-only, but '{grant.source}'"
                    " has no file to mount",
                    hint=f"use `file:` instead of `{key}:` for the {kind}",
                )


def _copied(context: Context) -> list[FileObject]:
    return [c for c in context.project.configs if c.environment or at(c.node, "content")]
