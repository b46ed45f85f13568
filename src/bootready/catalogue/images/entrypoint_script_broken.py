"""A mounted script cannot start: found before boot, at its place."""

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
from bootready.check.scripts import faults_of, mounted_at
from bootready.model.lookup import shown, value_at


@check(
    summary="a mounted script cannot start",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.entrypoint", "service.command"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#entrypoint",
)
def entrypoint_script_broken(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Reads every mounted file, bind or config, that is the entrypoint or first word of the command:
    line ends, exec bit, first line.

    ## Why it stops boot
    The kernel cannot start it: "no such file or directory" for a carriage return in the first
    line, "permission denied" without the exec bit, "exec format error" without a `#!` line.

    ## Remedy
    Convert it to LF (`sed -i s/\\r$//`), `chmod +x`, and begin with `#!/bin/sh`.
    """
    for service in context.project.services:
        words = service.entrypoint or service.command or ("",)
        found = (
            mounted_at(service, words[0], context.project.configs) if words[0][:1] == "/" else None
        )
        for fault in faults_of(found.path, context.host) if found else ():
            # The engine's init starts what has no `#!` line with a shell (ground truth, 7.1).
            if found and not (fault.kind == "shebang" and value_at(service.node, "init") is True):
                path = shown(found.path, context.project.directory)
                yield report(
                    found.place,
                    f"service '{service.name}': '{path}' {fault.words}",
                    hint=fault.hint.format(path),
                )
