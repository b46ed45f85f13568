"""A service asks for an image of another architecture: found before boot, at its place."""

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
from bootready.knowledge.images.platforms import RUNS, architecture_of
from bootready.model.lookup import place_in, text_at


@check(
    summary="a service asks for an image of another architecture",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("service.platform", "service.image"),
    where=("service.platform", "engine.image"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#platform",
)
def platform_foreign(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `platform`, or the architecture of the local image if it is not set, with the
    architecture of the engine.

    ## Why it matters
    Without emulation the program cannot run; with emulation it is slow. A local image of another
    platform is not used: Compose pulls the image again.

    ## What you see
    ```
    exec format error
    ```

    ## Remedy
    Remove `platform`, use an image for this architecture, or install emulation (binfmt, QEMU).

    ## When to silence it
    If emulation is installed and the speed is acceptable.

    ## Sources
    - <https://docs.docker.com/build/building/multi-platform/>
    """
    engine = architecture_of(context.engine.info().architecture)
    for service in context.project.services:
        wanted = text_at(service.node, "platform")
        image = context.engine.image(service.image) if service.image else None
        local = architecture_of(image.architecture) if image else ""
        words = wanted.split("/")
        name = architecture_of(words[1]) if len(words) > 1 else local
        if not name or not engine or name == engine or (engine, name) in RUNS:
            if len(words) > 1 and local and local != name:
                yield report(
                    place_in(service, "platform"),
                    f"service '{service.name}': the local image is for '{local}', not '{name}'",
                    hint=f"docker pull --platform {wanted} {service.image}",
                )
            continue
        yield report(
            place_in(service, "platform" if wanted else "image"),
            f"service '{service.name}': needs '{name}', but the engine runs on '{engine}'",
            hint="remove `platform`" if wanted else f"use an image for linux/{engine}",
        )
