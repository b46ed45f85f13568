"""An external secret or config needs Swarm mode: found before boot, at its place."""

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
from bootready.knowledge.secrets.grants import granted


@check(
    summary="an external secret or config needs Swarm mode",
    severity=Severity.ERROR,
    looks_at=("secrets", "configs"),
    traits=Trait.NOT_FOR_SWARM,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_external(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets and configs with `external: true` that a selected service is granted. Those
    that also have a `file` are covered by `external-over-definition`.

    ## Why it stops boot
    External secrets exist only in Swarm mode, so `docker compose up` stops. `docker compose config`
    accepts the project.

    ## What you see
    ```
    unsupported external secret pw
    ```

    ## Remedy
    Use `file:` or `environment:`. `bootready fix --unsafe` writes `file:`, and `bootready prepare`
    then makes the secret. A stack is started by `bootready up --target swarm`.

    ## When to silence it
    If the file is only deployed with `docker stack deploy`.
    """
    for kind, item in granted(context.project):
        if item.external and not (item.file or item.environment):
            yield report(
                item.location.labelled("Compose cannot read it"),
                f"{kind} '{item.name}': `external` works only in Swarm mode",
                hint=f"set `file: ./{kind}s/{item.name}`",
            )
