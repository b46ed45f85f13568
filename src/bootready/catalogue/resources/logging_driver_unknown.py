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
from bootready.model.node import Node
from bootready.model.project import Service

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
    info = context.engine.info()
    is_podman = info.kind.is_podman
    known = (*info.log_drivers, "none")
    if is_podman:
        known = (*known, "json-file")  # which it takes for its own, and does not list
    names = {name.split(":")[0] for name in known}
    for service in context.project.services:
        logging = service.node.entries.get("logging")
        if logging is None:
            continue
        driver = text_at(logging, "driver")
        if driver and driver.split(":")[0] not in names:
            yield report(
                place_in(service, "logging", "driver"),
                f"service '{service.name}': the engine has no logging driver '{driver}'",
                hint=f"one of: {', '.join(known)}",
            )
        if not is_podman and (driver or info.log_driver) in {"json-file", "local"}:
            yield from _options(service, driver or info.log_driver, logging, report)


def _options(service: Service, driver: str, logging: Node, report: Report) -> Iterator[Finding]:
    for name, node in entries_at(logging, "options"):
        value = text_at(node)
        if name not in OPTIONS:
            yield report(
                place_in(service, "logging", "options", name),
                f"service '{service.name}': logging driver '{driver}' has no option '{name}'",
                hint=_near(name),
            )
        elif not _is_valid(name, value):
            yield report(
                place_in(service, "logging", "options", name),
                f"service '{service.name}': '{value}' is not a valid value of logging option"
                f" '{name}'",
                hint=f"write a value such as `{name}: {'10m' if name == 'max-size' else '3'}`",
            )


def _is_valid(name: str, value: str) -> bool:
    """Tell whether the engine reads `value`; of most options it reads whatever is given."""
    if name == "max-file":
        return _is_number(value) and value[0] != "0"
    return name != "max-size" or value == "-1" or _is_size(value)


def _is_size(value: str) -> bool:
    """Tell whether `value` is a size such as ``10m`` or ``1.5 GiB`` (go-units, FromHumanSize)."""
    left = value
    for ending in ("bB", "i", "kKmMgGtTpP", " "):
        if left and left[-1] in ending:
            left = left[:-1]
    whole, dot, part = left.partition(".")
    return _is_number(whole) and (not dot or _is_number(part))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _near(name: str) -> str:
    from bootready.model.near import did_you_mean

    return did_you_mean(name, OPTIONS)
