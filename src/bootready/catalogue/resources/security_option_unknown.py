"""A security option does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import items_at, place_in, text_at

KNOWN = frozenset(
    {
        "apparmor",
        "label",
        "no-new-privileges",
        "seccomp",
        "systempaths",
        "disable",
        "credentialspec",
    }
)


@check(
    summary="a security option does not exist",
    severity=Severity.ERROR,
    looks_at=("service.security_opt",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#security_opt",
)
def security_option_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `security_opt` with the options of the engine.

    ## Why it stops boot
    The engine refuses the container.

    ## Remedy
    Correct the name.
    """
    for service in context.project.services:
        for index, node in items_at(service.node, "security_opt"):
            name = text_at(node).replace("=", ":").split(":")[0]
            if name not in KNOWN:
                yield report(
                    place_in(service, "security_opt", index),
                    f"service '{service.name}': there is no security option '{name}'",
                    hint=f"one of: {', '.join(sorted(KNOWN))}",
                )
