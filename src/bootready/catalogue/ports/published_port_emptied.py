"""An unset variable makes the host port random: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.check.emptied import emptied
from bootready.check.env_candidates import hint_for
from bootready.model.position import Location
from bootready.model.project import Port, start_of


@check(
    summary="an unset variable makes the host port random",
    severity=Severity.WARNING,
    uses=Needs.HOST,
    looks_at=("service.ports",),
    where=("reference.bare", "reference.empty"),
    traits=Trait.SET_BY_PREPARE,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ports",
)
def published_port_emptied(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Looks for `${PORT}:80` whose variable is not set or is empty. A variable for the host address,
    as in `${ADDRESS}:8080:80`, may be empty.

    ## Why it matters
    The engine publishes on a random port of every address, and the port changes with every start.

    ## What you see
    ```
    level=warning msg="The \"FT_PORT\" variable is not set. Defaulting to a blank string."
    ```

    ## Remedy
    Set the variable, or give it a default: `${PORT:-8080}`.

    ## When to silence it
    If a random port is intended. Writing `"80"` without a host port says that clearly and needs no
    silence.
    """
    for reference, path in emptied(context.project, "ports"):
        service = context.project.service(str(path[1]))
        place = Location(reference.span, path, "this becomes an empty string")
        if service and any(not port.published and _wrote(port, place) for port in service.ports):
            yield report(
                place,
                f"service '{service.name}': host port is chosen at random",
                hint=hint_for(reference.name, context.project, context.host)
                or f"set {reference.name}, or write ${{{reference.name}:-8080}}",
            )


def _wrote(port: Port, place: Location) -> bool:
    """Tell whether `place` lies in the entry that became `port`; an override may shift indexes."""
    same_line = start_of(port.location.span)[:2] == start_of(place.span)[:2]
    return same_line or port.location.path[:4] == place.path[:4]
