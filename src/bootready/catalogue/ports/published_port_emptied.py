"""An unset variable leaves the host port to chance: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.position import Location


@check(
    summary="an unset variable leaves the host port to chance",
    severity=Severity.WARNING,
    looks_at=("service.ports",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ports",
)
def published_port_emptied(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `${PORT}:80` whose variable is not set.

    ## Why it matters
    The engine publishes on a random port of all addresses.

    ## Remedy
    Set the variable, or write a default: `${PORT:-8080}`.
    """
    for reference, path in context.project.uses:
        if (
            not reference.is_set
            and not reference.operator
            and path[:1] == ("services",)
            and path[2:3] == ("ports",)
        ):
            yield report(
                Location(reference.span, path, "this becomes an empty text"),
                f"service '{path[1]}': host port is chosen at random",
                hint=f"${{{reference.name}:-8080}}",
            )
