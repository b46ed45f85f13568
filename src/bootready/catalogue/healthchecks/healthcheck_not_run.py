"""Podman runs no healthcheck on a machine without systemd: found before boot, at its place."""

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

SYSTEMD = "/run/systemd/system"
"""There if systemd is what started the machine (sd_booted(3))."""


@check(
    summary="Podman runs no healthcheck, because the machine has no systemd",
    severity=Severity.ERROR,
    needs=(Needs.ENGINE, Needs.HOST),
    looks_at=("service.depends_on",),
    where=("engine.podman",),
    since="0.2.0",
    reference="https://docs.podman.io/en/latest/markdown/podman-healthcheck-run.1.html",
    proof="a proof needs Podman: make podman",
)
def healthcheck_not_run(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services that wait for the health of another one (`condition: service_healthy`), if
    the engine is Podman and systemd did not start this machine.

    ## Why it stops boot
    Podman has no process of its own that would run healthchecks: timers of systemd do. Without it
    the service stays `starting`, and what waits for it is never started. `docker compose up` says
    nothing and does not end.

    ## What you see
    ```
    Container web-1 Waiting
    unable to get systemd connection to add healthchecks
    ```

    ## Remedy
    Boot the project on a machine with systemd (in WSL 2: `systemd=true` in `/etc/wsl.conf`), run
    `podman healthcheck run CONTAINER` at intervals yourself, or wait with `service_started`.

    ## When to silence it
    If something else runs `podman healthcheck run` on this machine.
    """
    if not context.engine.info().kind.is_podman or context.host.file(SYSTEMD) is not None:
        return
    for service in context.project.services:
        for one in service.depends_on:
            if one.condition == "service_healthy":
                yield report(
                    one.location,
                    f"service '{service.name}': waits for the health of '{one.service}', which"
                    " Podman never looks at here",
                    consequence="systemd timers run its healthchecks, and systemd is not running",
                    hint="start Podman on a machine with systemd, or wait with service_started",
                )
