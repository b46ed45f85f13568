"""A logging driver or option does not exist: found before boot, at its place."""

from __future__ import annotations

import re

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

VALUES = {
    "max-size": re.compile(r"-1|\d+(?:\.\d+)? ?[kKmMgGtTpP]?i?[bB]?"),
    "max-file": re.compile(r"[1-9]\d*"),
}
"""What the engine reads of them (go-units, FromHumanSize)."""


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
    Compares the driver with those that the engine lists, and the options of `json-file` (the
    default) and `local` with their names, sizes and counts.

    ## Why it stops boot
    The engine searches for a plugin for 15 seconds and then rejects the container; an unknown
    option or size is rejected at once.

    ## What you see
    ```
    error looking up logging plugin lokii: plugin "lokii" not found
    unknown log opt 'max-sizee' for json-file log driver
    container create: running container create option: invalid log driver: invalid argument
    ```

    ## Remedy
    Correct the name or the value, or install the plugin.

    ## When to silence it
    If the plugin is installed only where the project is deployed.

    ## Sources
    - <https://docs.docker.com/engine/logging/configure/>
    """
    is_podman = context.engine.info().kind.is_podman
    for service in context.project.services:
        driver = text_at(service.node, "logging", "driver")
        known = (*context.engine.info().log_drivers, "none")
        if is_podman:
            known = (*known, "json-file")  # which it takes for its own, and does not list
        if driver and driver.split(":")[0] not in {name.split(":")[0] for name in known}:
            yield report(
                place_in(service, "logging", "driver"),
                f"service '{service.name}': the engine has no logging driver '{driver}'",
                hint=f"one of: {', '.join(known)}",
            )
        driver = driver or context.engine.info().log_driver
        for name, node in entries_at(service.node, "logging", "options"):
            value = text_at(node)
            if is_podman or driver not in {"json-file", "local"}:
                break
            if name not in OPTIONS:
                yield report(
                    place_in(service, "logging", "options", name),
                    f"service '{service.name}': logging driver '{driver}' has no option '{name}'",
                    hint=_near(name),
                )
            elif name in VALUES and not VALUES[name].fullmatch(value):
                yield report(
                    place_in(service, "logging", "options", name),
                    f"service '{service.name}': '{value}' is not a valid value of logging option"
                    f" '{name}'",
                    hint=f"write a value such as `{name}: {'10m' if name == 'max-size' else '3'}`",
                )


def _near(name: str) -> str:
    from difflib import get_close_matches

    return "".join(f"did you mean '{known}'?" for known in get_close_matches(name, OPTIONS, 1))
