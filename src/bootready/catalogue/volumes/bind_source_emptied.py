"""An unset variable empties the start of a bind source: found before boot, at its place."""

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
    summary="an unset variable empties the start of a bind source",
    severity=Severity.WARNING,
    looks_at=("service.volumes",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def bind_source_emptied(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for sources such as `${DATA}/db` whose variable is not set.

    ## Why it matters
    The path starts at the root of the disk: the engine makes `/db` there, and the data is not
    where anybody looks.

    ## Remedy
    Set the variable, or write a default: `${DATA:-./data}`.
    """
    for reference, path in context.project.uses:
        if (
            reference.is_set
            or reference.operator
            or path[:1] != ("services",)
            or path[2:3] != ("volumes",)
        ):
            continue
        service = context.project.service(str(path[1]))
        mount = (
            next((m for m in service.mounts if m.location.path[:4] == path[:4]), None)
            if service
            else None
        )
        if mount and mount.kind == "bind":
            place = Location(reference.span, path, "this becomes an empty text")
            yield report(
                place,
                f"service '{path[1]}': bind source becomes '{mount.source}' on the host",
                hint=f"${{{reference.name}:-./data}}",
            )
