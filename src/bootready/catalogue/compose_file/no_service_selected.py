"""No service is selected: found before boot, at its place."""

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
    summary="no service is selected",
    severity=Severity.ERROR,
    where=("services.none",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/profiles/",
)
def no_service_selected(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the active profiles select at least one service.

    ## Why it stops boot
    `docker compose up` starts nothing if every service belongs to an inactive profile.
    `docker compose config` exits 0.

    ## What you see
    ```
    no service selected
    ```

    ## Remedy
    Select a profile: `--profile NAME`, or COMPOSE_PROFILES in the `.env` file.

    ## When to silence it
    If the project is only ever started with an explicit `--profile`. Better: pass the same profile
    to `bootready check`.
    """
    if not context.project.services and not context.project.problems:
        names = ", ".join(f"'{name}'" for name in context.project.disabled[:3])
        found = (
            f"all services are in inactive profiles ({names})" if names else "no service is defined"
        )
        yield report(
            None, f"project: {found}", hint="select a profile: bootready check --profile NAME"
        )
