"""The engine is older than a feature that the project uses: found before boot, at its place."""

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
from bootready.knowledge.engine.features import ENGINE_FEATURES, uses_of, version_of


@check(
    summary="the engine is older than a feature that the project uses",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.networks", "service.volumes", "service.healthcheck"),
    mentions=(
        *("gw_priority", "interface_name", "mac_address", "recursive", "start_interval", "subpath"),
        "type",
    ),
    since="0.1.0",
    reference="https://docs.docker.com/reference/api/engine/version-history/",
)
def engine_too_old(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for attributes that need a certain version of the engine, and compares it with the version
    that answers: `interface_name`, mounts of type `image`, `subpath`, `start_interval`,
    `gw_priority`, `mac_address` of a network, recursive read-only binds.

    ## Why it stops boot
    Compose refuses to create the container. Some attributes are rejected by Compose 2 only; Compose
    5 silently leaves them out, which is reported as a warning.

    ## What you see
    ```
    requires Docker Engine v28.1 or later
    ```

    ## Remedy
    Update the engine, or remove the attribute.

    ## When to silence it
    If the machine that boots the project has a newer engine than this one.
    """
    engine = version_of(context.engine.version)
    if not engine:
        return
    for use in uses_of(context.project, ENGINE_FEATURES):
        if engine >= use.feature.since:
            continue
        wanted = ".".join(map(str, use.feature.since))
        refused = use.feature.refused == "always" or (
            use.feature.refused == "compose 2" and context.engine.compose_version()[:2] == "2."
        )
        yield report(
            use.place,
            f"service '{use.service}': `{use.feature.name}` needs Docker Engine {wanted},"
            f" this is {context.engine.version}",
            severity=None if refused else Severity.WARNING,
            consequence="" if refused else "Compose silently leaves it out",
        )
