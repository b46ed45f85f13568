"""Podman has no program for `init: true`: found before boot, at its place."""

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
from bootready.model.lookup import place_in, value_at

PLACES = (
    "/usr/local/libexec/podman/catatonit",
    "/usr/local/lib/podman/catatonit",
    "/usr/libexec/podman/catatonit",
    "/usr/lib/podman/catatonit",
    "/usr/bin/catatonit",
)
"""Where Podman looks for it (containers.conf(5), `helper_binaries_dir` and `init_path`)."""


@check(
    summary="Podman has no program for `init: true`",
    severity=Severity.ERROR,
    needs=(Needs.ENGINE, Needs.HOST),
    looks_at=("service.init",),
    since="0.2.0",
    reference="https://docs.podman.io/en/latest/markdown/podman-run.1.html#init",
    proof="a proof needs Podman: make podman",
)
def init_program_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `catatonit` on this machine, if the engine is Podman and a service has `init: true`.
    Docker brings its own.

    ## Why it stops boot
    Podman does not create the container.

    ## What you see
    ```
    container-init binary not found on the host: stat /usr/libexec/podman/catatonit
    ```

    ## Remedy
    Install it: `sudo apt-get install catatonit`, or remove `init: true` where the program of the
    service reaps its own children.

    ## When to silence it
    If `init_path` in containers.conf names another program.
    """
    if not context.engine.info().kind.is_podman:
        return
    if any(context.host.file(path) is not None for path in PLACES):
        return
    for service in context.project.services:
        if value_at(service.node, "init") is True:
            yield report(
                place_in(service, "init"),
                f"service '{service.name}': Podman has no program for `init`: catatonit is not"
                " installed",
                hint="sudo apt-get install catatonit",
            )
