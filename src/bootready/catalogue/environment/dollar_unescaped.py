"""A `$` that the shell should see is replaced by Compose: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.check.argv import reaches_shell
from bootready.model.position import Location
from bootready.model.problem import Use

PARTS = (("command",), ("entrypoint",), ("healthcheck",))


@check(
    summary="a `$` that the shell should see is replaced by Compose",
    severity=Severity.ERROR,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def dollar_unescaped(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for variables in `command`, `entrypoint` and `healthcheck` that are not set where
    Compose looks, or that the service sets for its own shell.

    ## Why it stops boot
    Compose replaces `$NAME` before the container exists. The shell in the container sees an
    empty text, or the value of this machine, and the healthcheck or command means something
    else.

    ## Remedy
    Write `$$NAME`: Compose turns `$$` into one `$`.
    """
    uses: dict[str | int, list[Use]] = {}
    for use in context.project.uses:
        if use.path[:1] == ("services",) and use.path[2:3] in PARTS and not use.reference.operator:
            uses.setdefault(use.path[1], []).append(use)
    for service in context.project.services:
        own = {entry.name for entry in service.environment}
        for reference, path in uses.get(service.name, ()):
            if reference.is_set and reference.name not in own:
                continue
            name, place = reference.name, Location(reference.span, path, "Compose replaces this")
            shell = reaches_shell(service, path)
            certain = shell and path[2] == "healthcheck" and name in own
            yield report(
                place,
                f"service '{service.name}': `{path[2]}`: '${name}' is replaced before the start",
                severity=None if certain and not reference.is_set else Severity.WARNING,
                hint=f"write $${name} for the shell in the container"
                if shell
                else f"no shell reads this; set {name} in .env, or run it by `sh -c` with $${name}",
            )
