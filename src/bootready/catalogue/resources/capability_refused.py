"""The engine cannot give a capability that a service asks for."""

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
from bootready.model.lookup import items_at, place_in, text_at, value_at
from bootready.model.position import Location
from bootready.model.project import Service


@check(
    summary="the engine cannot give a capability that a service asks for",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.cap_add", "service.privileged"),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#cap_add",
    proof="only an engine that itself runs with fewer capabilities refuses it",
)
def capability_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `cap_add` and `privileged` with the capabilities that the engine's own process has, if
    the engine runs on this machine.

    ## Why it stops boot
    An engine in a container, in a cloud workspace or in a restricted unit of systemd cannot give
    what it does not have, and refuses to start the container. Recent engines give a privileged
    service what they have, so that for `privileged` this is an error up to version 22 only. Podman
    starts the service without what it cannot give.

    ## What you see
    ```
    unable to apply caps: operation not permitted
    ```

    ## Remedy
    Remove the capability if the service works without it, for example `privileged: true` of
    cAdvisor; else start the project on an engine that has it.

    ## When to silence it
    If another engine boots the project.
    """
    lacking = context.engine.info().lacks
    if not lacking:
        return
    gives, is_podman = _gives_what_it_has(context), context.engine.info().kind.is_podman
    for service in context.project.services:
        privileged = value_at(service.node, "privileged") is True
        for place, wanted in _asked(service, lacking, privileged=privileged):
            every = privileged or len(wanted) > 1
            yield report(
                place,
                f"service '{service.name}': the engine cannot give {_listed(wanted)}",
                consequence="the process of the engine does not have it either",
                severity=Severity.WARNING if is_podman or (every and gives) else None,
            )


def _asked(
    service: Service, lacking: tuple[str, ...], *, privileged: bool
) -> Iterator[tuple[Location, tuple[str, ...]]]:
    """Yield the places that ask for capabilities of `lacking`, and for which."""
    if privileged:
        yield place_in(service, "privileged"), lacking
        return
    for index, node in items_at(service.node, "cap_add"):
        name = text_at(node).upper().removeprefix("CAP_")
        wanted = lacking if name == "ALL" else tuple(one for one in lacking if one == name)
        if wanted:
            yield place_in(service, "cap_add", index), wanted


def _gives_what_it_has(context: Context) -> bool:
    """Tell whether the engine takes `ALL` as all that it has (moby, oci/caps/utils_linux.go)."""
    major = context.engine.version.partition(".")[0]
    return not major.isdigit() or int(major) >= _CURRENT


_CURRENT = 23


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST])
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{'capability' if len(names) == 1 else 'capabilities'} {shown}{more}"


_MOST = 3
