"""A published port is not one that the image exposes: found before boot, at its place."""

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
from bootready.check.pulls import image_of


@check(
    summary="a published port is not one that the image exposes",
    severity=Severity.NOTE,
    needs=Needs.ENGINE,
    uses=Needs.REGISTRY,
    looks_at=("service.ports",),
    where=("engine.image", "registry.asked"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/dockerfile/#expose",
)
def published_port_unexposed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the container port of every published port with the ports that the local image, or with
    `--registry` that of the registry, exposes, if it exposes any and the service runs its command.

    ## Why it matters
    Often the two sides of `8080:80` were swapped: the port is open, but no program answers.

    ## What you see
    ```
    curl: (56) Recv failure: Connection reset by peer
    ```

    ## Remedy
    Write `"PUBLISHED:TARGET"` with the port of the program as the target.

    ## When to silence it
    If the program listens on a port that its image does not expose, for example because of a
    setting in its environment.
    """
    for service in context.project.services:
        if not service.image or service.command or service.entrypoint or service.build:
            continue
        image, source = image_of(context, service)
        for port in service.ports if image and image.exposed else ():
            if image and f"{port.target}/{port.protocol}" not in image.exposed:
                exposed = ", ".join(image.exposed[:3])
                yield report(
                    port.location,
                    f"service '{service.name}': the image exposes {exposed}, not {port.target}",
                    consequence=source,
                )
