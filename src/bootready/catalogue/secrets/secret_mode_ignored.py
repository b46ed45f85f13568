"""The owner or mode of a granted secret is ignored: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    Trait,
    check,
)


@check(
    summary="the owner or mode of a granted secret is ignored",
    severity=Severity.WARNING,
    looks_at=("service.secrets",),
    traits=Trait.NOT_FOR_SWARM,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#secrets",
)
def secret_mode_ignored(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `uid`, `gid` or `mode` on a grant of a file-backed secret.

    ## Why it matters
    Compose mounts the file unchanged: the owner and mode on the host apply, whatever the grant
    says.

    ## What you see
    ```
    secrets.pw.uid: uid is not supported outside Swarm mode and will be ignored
    ```

    ## Remedy
    Set the owner and mode of the file on the host, and remove these keys.

    ## When to silence it
    If the same file is also deployed in Swarm mode, where the keys apply.
    """
    files = {item.name for item in context.project.secrets if item.file}
    for service in context.project.services:
        for grant in service.secrets:
            if grant.source in files and (grant.uid or grant.gid or grant.mode is not None):
                yield report(
                    grant.location,
                    f"service '{service.name}': owner and mode of '{grant.source}' are ignored",
                    hint="set the owner and mode of the file on the host",
                )
