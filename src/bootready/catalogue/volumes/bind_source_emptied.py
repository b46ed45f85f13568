"""An unset variable leaves the start of a bind source empty: found before boot, at its place."""

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
from bootready.check.emptied import emptied
from bootready.check.env_candidates import hint_for
from bootready.model.lookup import span_of
from bootready.model.position import Location
from bootready.model.project import Mount, Service, start_of


@check(
    summary="an unset variable leaves the start of a bind source empty",
    severity=Severity.WARNING,
    uses=Needs.HOST,
    looks_at=("service.volumes",),
    where=("reference.bare", "reference.empty"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def bind_source_emptied(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Looks for sources such as `${DATA}/db` whose variable is not set or is empty.

    ## Why it matters
    The path then starts at the root of the disk: the engine creates `/db` there, and the data is
    stored outside the project.

    ## What you see
    ```
    level=warning msg="The \"FT_NODIR\" variable is not set. Defaulting to a blank string."
    ```

    ## Remedy
    Set the variable, or give it a default: `${DATA:-./data}`.

    ## When to silence it
    If a path at the root of the disk is intended.
    """
    for reference, path in emptied(context.project, "volumes"):
        service = context.project.service(str(path[1]))
        place = Location(reference.span, path, "this becomes an empty string")
        mount = _begun_by(service, place) if service else None
        if service and mount:
            yield report(
                place,
                f"service '{service.name}': bind source becomes '{mount.source}' on the host",
                hint=hint_for(reference.name, context.project, context.host)
                or f"set {reference.name}, or write ${{{reference.name}:-./data}}",
            )


def _begun_by(service: Service, place: Location) -> Mount | None:
    """Return the bind mount whose source begins with the reference at `place`."""
    for index, mount in enumerate(service.mounts):
        span = span_of(service.node, "volumes", index, "source") or mount.location.span
        near = start_of(place.span), start_of(span)
        # One column further on there is a quote.
        if near[0][:2] == near[1][:2] and place.span.column - span.column in {0, 1}:
            return mount if mount.kind == "bind" and mount.source[:1] == "/" else None
    return None
