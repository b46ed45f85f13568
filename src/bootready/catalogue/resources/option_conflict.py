"""The engine rejects two attributes together: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.knowledge.engine.conflicts import conflicts_in
from bootready.model.lookup import place_in, text_at
from bootready.model.project import Service


@check(
    summary="the engine rejects two attributes together",
    severity=Severity.ERROR,
    looks_at=("service.network_mode", "service.uts", "service.ipc"),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#network_mode",
)
def option_conflict(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for attributes that the engine does not take together. A service that uses the network of
    another one (`network_mode: service:vpn`) has no network of its own, so `ports`, `expose`,
    `hostname`, `dns`, `extra_hosts` and `links` are rejected; with `network_mode: host` that is
    `links`, with `uts: host` it is `hostname` and `domainname`. A service whose `ipc` another one
    uses must have `ipc: shareable`.

    ## Why it stops boot
    The engine does not create the container. `docker compose config` accepts the project.

    ## What you see
    ```
    conflicting options: port publishing and the container type network mode
    ```

    ## Remedy
    Write the attribute at the service whose network is used, or remove it.

    ## When to silence it
    Never: the engine always rejects it.

    ## Sources
    Every pair of a mode and another attribute was tried on a real engine.
    """
    for service in context.project.services:
        for conflict, value in conflicts_in(service.node):
            kind, _, name = value.partition(":")
            yield report(
                place_in(service, conflict.other),
                f"service '{service.name}': `{conflict.other}` cannot be combined with"
                f" `{conflict.attribute}: {value}`",
                related=[place_in(service, conflict.attribute, label="this excludes it")],
                consequence=f"the engine answers: {conflict.words}",
                hint=conflict.instead.format(other=f"{kind} '{name}'"),
            )
        yield from _closed(service, context, report)


def _closed(service: Service, context: Context, report: Report) -> Iterator[Finding]:
    """Yield the service whose IPC namespace is used, if that is not open to others."""
    kind, _, name = text_at(service.node, "ipc").partition(":")
    other = context.project.service(name) if kind == "service" else None
    if other is not None and text_at(other.node, "ipc") in {"", "private", "none"}:
        yield report(
            place_in(service, "ipc"),
            f"service '{service.name}': `ipc: service:{name}` needs `ipc: shareable` at service"
            f" '{name}'",
            related=[place_in(other, "ipc")],
            consequence="the engine answers: non-shareable IPC",
            hint=f"write `ipc: shareable` at service '{name}'",
        )
