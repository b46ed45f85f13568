"""A restart policy does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_in, text_at

POLICIES = frozenset({"no", "always", "on-failure", "unless-stopped"})


@check(
    summary="a restart policy does not exist",
    severity=Severity.ERROR,
    looks_at=("service.restart", "service.deploy"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#restart",
)
def restart_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `restart` and `deploy.restart_policy.condition` with the policies that the engine
    supports. Only `on-failure` takes a number of attempts.

    ## Why it stops boot
    The engine rejects the container. `docker compose config` accepts it.

    ## What you see
    ```
    invalid restart policy 'allways'
    ```

    ## Remedy
    Use `no`, `always`, `on-failure`, `on-failure:N` or `unless-stopped`; in `deploy`, use `none`,
    `on-failure` or `any`.

    ## When to silence it
    Never: the engine always rejects it.
    """
    for service in context.project.services:
        name, _, attempts = (service.restart or "no").partition(":")
        if name in POLICIES and attempts.strip("0") and name != "on-failure":
            yield report(
                place_in(service, "restart"),
                f"service '{service.name}': restart policy '{name}' does not take a number of"
                " attempts",
                hint=f"write {name}, or on-failure:{attempts}",
            )
        condition = text_at(service.node, "deploy", "restart_policy", "condition")
        if not service.restart and condition and condition not in {*POLICIES, "none", "any"}:
            yield report(
                place_in(service, "deploy", "restart_policy", "condition"),
                f"service '{service.name}': unknown restart policy '{condition}'",
                hint="one of: any, none, on-failure",
            )
        if name not in POLICIES:
            yield report(
                place_in(service, "restart"),
                f"service '{service.name}': unknown restart policy '{service.restart}'",
                hint=f"one of: {', '.join(sorted(POLICIES))}",
            )
