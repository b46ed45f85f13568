"""The mounted script of a healthcheck cannot start: found before boot, at its place."""

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
from bootready.knowledge.process.scripts import faults_of, mounted_at, repair_of
from bootready.model.lookup import place_in, shown


@check(
    summary="the mounted script of a healthcheck cannot start",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.healthcheck",),
    where=("mount.bind", "service.configs"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
)
def healthcheck_script_broken(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Reads every mounted file, bind mount or config, that a healthcheck runs, and checks its line
    endings, its exec bit and its first line (not needed with `CMD-SHELL`).

    ## Why it stops boot
    Every probe fails, and the service never becomes healthy.

    ## What you see
    Compose prints no reason:

    ```
    container ft-a-1 is unhealthy
    ```

    ## Remedy
    Convert the script to LF (`sed -i s/\r$//`), run `chmod +x`, and start it with `#!/bin/sh`; or
    run it by `[CMD, sh, /the/script]`.

    ## When to silence it
    If the file is generated with the right mode before the start.
    """
    for service in context.project.services:
        probe = service.healthcheck
        if probe is None or probe.disabled or len(probe.test) < 2 or "/" not in probe.test[1]:
            continue
        shell = probe.test[0] == "CMD-SHELL"
        program = _program(probe.test[1]) if shell else probe.test[1]
        found = (
            mounted_at(service, program, context.project.configs) if program[:1] == "/" else None
        )
        for fault in faults_of(found.path, context.host) if found else ():
            if found and not (shell and fault.kind == "shebang"):
                path = shown(found.path, context.project.directory)
                yield report(
                    place_in(service, "healthcheck", "test"),
                    f"service '{service.name}': healthcheck '{path}' {fault.words}",
                    related=[found.place],
                    hint=repair_of(fault, found.path, context.project.directory),
                )


def _program(line: str) -> str:
    from bootready.knowledge.process.shell import decisive_program

    return decisive_program(line)
