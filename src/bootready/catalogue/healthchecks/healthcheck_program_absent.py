"""The program of a healthcheck is not in the image: found before boot, at its place."""

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
from bootready.model.lookup import place_in
from bootready.model.project import Service
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.knowledge.process.inside import Inside

SHELL = "/bin/sh"
INSTEAD = ("wget", "curl", "nc", "bash", "python3", "perl")
"""What most probes can be written with, in the order in which it is proposed."""

APPLETS = frozenset({"cat", "grep", "nc", "netstat", "pgrep", "pidof", "ping", "ps", "wget"})
"""A busybox shell may know these without a file (FEATURE_SH_STANDALONE)."""


@check(
    summary="the program of a healthcheck is not in the image",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.healthcheck",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
)
def healthcheck_program_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks in the local image for the program of `CMD`, for the shell of `CMD-SHELL`, and for the
    program without which the line of the shell can only fail: `curl -f URL || exit 1`. For a known
    image that is not on this machine, the built-in knowledge of bootready is used.

    ## Why it stops boot
    Every probe fails, so the service never becomes healthy and services that wait for it never
    start.

    ## What you see
    Compose prints no reason:

    ```
    container ft-a-1 is unhealthy
    ```

    Only `docker inspect` shows it:

    ```
    exec: "curl": executable file not found in $PATH
    ```

    ## Remedy
    Use a program that the image has; the hint lists those that were found. Minimal images often
    have `wget` instead of `curl`, or neither.

    ## When to silence it
    If the program is installed when the container starts.

    ## Known limits
    Images that the project builds, and programs below a mount, are not examined.
    """
    for service in context.project.services:
        probe = service.healthcheck
        if probe is None or probe.disabled or len(probe.test) < 2:
            continue
        if not context.engine.reachable or context.engine.image(service.image or "") is None:
            yield from _by_knowledge(service, context, report)
            continue
        from bootready.knowledge.process.inside import look_inside

        inside = look_inside(service, context.engine)
        if isinstance(inside, str):
            if inside:
                report.unseen(inside)
            continue
        program = _missing(service, inside)
        if program:
            here = [name for name in INSTEAD if not inside.lacks(name)]
            yield report(
                place_in(service, "healthcheck", "test"),
                f"service '{service.name}': image '{service.image}' has no '{program}'",
                hint=f"it has {', '.join(here)}" if here else "",
            )


def _by_knowledge(service: Service, context: Context, report: Report) -> Iterator[Finding]:
    from bootready.knowledge.images.names import family_of

    if service.build is not None or not family_of(service.image or ""):
        if not context.engine.reachable and service.image:
            report.unseen(f"needs {Needs.ENGINE.value}: {context.engine.unreachable_reason}")
        return
    from bootready.check.probe import absent_program, probe_instead, replacement
    from bootready.knowledge.images.known import known_service

    known = known_service(context.project, service.name)
    program = absent_program(known, context.host) if known else ""
    if known and program:
        from bootready.check.images import grave, says

        care = known.image.contents_care()
        yield report(
            place_in(service, "healthcheck", "test"),
            f"service '{service.name}': image '{service.image}' has no '{program}'",
            severity=grave("unhealthy", care),
            consequence=says("", care),
            hint=probe_instead(known, INSTEAD),
            kind=f"{program}>{replacement(known, program)}",
        )


def _missing(service: Service, inside: Inside) -> str:
    test = service.healthcheck.test if service.healthcheck else ()
    if test[0] == "CMD":
        return test[1] if inside.lacks(test[1]) else ""
    from bootready.knowledge.process.shell import decisive_program

    if inside.lacks(SHELL):
        return SHELL
    program = decisive_program(test[1])
    if program in APPLETS and inside.at("/bin/busybox"):
        return ""
    return program if program and inside.lacks(program) else ""
