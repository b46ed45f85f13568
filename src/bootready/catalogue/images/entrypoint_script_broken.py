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
from bootready.model.lookup import shown


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
    Reads every bind-mounted file that is the entrypoint or first word of the command: line
    ends, exec bit, first line.

    ## Why it stops boot
    The kernel cannot start it: "no such file or directory" for a carriage return in the first
    line, "permission denied" without the exec bit, "exec format error" without a `#!` line.

    ## Remedy
    Convert it to LF (`sed -i s/\\r$//`), `chmod +x`, and begin with `#!/bin/sh`.
    """
    for service in context.project.services:
        words = service.entrypoint or service.command or ()
        mount = next(
            (m for m in service.mounts if m.kind == "bind" and words[:1] == (m.target,)), None
        )
        fact = context.host.file(mount.source) if mount else None
        if mount is None or fact is None or fact.kind != "file":
            continue
        first = (context.host.read_bytes(mount.source) or b"").split(b"\n", 1)[0]
        path = shown(mount.source, context.project.directory)
        if first.startswith(b"#!") and first.endswith(b"\r"):
            yield report(
                mount.location,
                f"service '{service.name}': '{path}' ends its lines with CRLF",
                hint=f"sed -i 's/\\r$//' {path}",
            )
        if not fact.mode & 0o111:
            yield report(
                mount.location,
                f"service '{service.name}': '{path}' has no exec bit",
                hint=f"chmod +x {path}",
            )
        if not first.startswith((b"#!", b"\x7fELF")):
            yield report(
                mount.location,
                f"service '{service.name}': '{path}' has no `#!` line",
                hint="begin it with #!/bin/sh",
            )
