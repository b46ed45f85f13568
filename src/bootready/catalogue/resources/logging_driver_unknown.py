"""A logging driver or option does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import entries_at, place_in, text_at

OPTIONS = frozenset(
    {
        "max-size",
        "max-file",
        "compress",
        "labels",
        "labels-regex",
        "env",
        "env-regex",
        "tag",
        "mode",
        "max-buffer-size",
        "cache-disabled",
        "cache-max-size",
        "cache-max-file",
        "cache-compress",
    }
)


@check(
    summary="a logging driver or option does not exist",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.logging",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#logging",
)
def logging_driver_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the driver with those that the engine lists, and the options of `json-file` and
    `local` with what they take.

    ## Why it stops boot
    The engine looks for a plugin for 15 s and refuses; an unknown option is refused at once.

    ## Remedy
    Correct the name.
    """
    for service in context.project.services:
        driver = text_at(service.node, "logging", "driver")
        known = (*context.engine.info().log_drivers, "none")
        if driver and driver.split(":")[0] not in {name.split(":")[0] for name in known}:
            yield report(
                place_in(service, "logging", "driver"),
                f"service '{service.name}': the engine has no logging driver '{driver}'",
                hint=f"one of: {', '.join(known)}",
            )
        for name, _ in (
            entries_at(service.node, "logging", "options")
            if driver in {"json-file", "local"}
            else ()
        ):
            if name not in OPTIONS:
                yield report(
                    place_in(service, "logging", "options", name),
                    f"service '{service.name}': logging driver '{driver}' has no option '{name}'",
                )
