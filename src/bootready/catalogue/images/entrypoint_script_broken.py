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
from bootready.check.started import starts_of
from bootready.knowledge.process.argv import is_a_shell
from bootready.knowledge.process.inside import look_inside
from bootready.knowledge.process.scripts import CARRIAGE, faults_of, mounted_at, repair_of
from bootready.model.lookup import shown, value_at
from bootready.model.project import Service
from bootready.regex import regex

_DATA = regex(r"\.(?:ya?ml|json|toml|ini|cfg|conf|cnf|xml|properties|env|config|hcl|txt)$")
"""Endings of the names of data files, which no kernel starts."""


@check(
    summary="a mounted script cannot start",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes", "service.configs"),
    where=("mount.bind", "service.configs"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#entrypoint",
)
def entrypoint_script_broken(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Reads every mounted file, bind mount or config, that is the entrypoint or the first word of the
    command, of the service, its local image or its Dockerfile: its line endings, its exec bit, its
    first line, and whether the local image has its interpreter. A mount over the directory of the
    image's script must have the script as well. A script that is passed to a shell, as in
    `sh /run.sh`, is only checked for its line endings; that is a warning.

    ## Why it stops boot
    The kernel cannot start it. "No such file or directory" then means a carriage return in the
    first line or a missing interpreter, although the script exists.

    ## What you see
    - CRLF: `exec /ep.sh: no such file or directory`; `docker compose up -d` exits 0.
    - no exec bit: `exec: "/ep.sh": permission denied`; with `init: true` `docker compose up -d`
      exits 0.
    - no `#!` line: `exec /ep.sh: exec format error`.
    - hidden: `exec: "/app/entrypoint.sh": stat /app/entrypoint.sh: no such file or directory`.

    ## Remedy
    Convert it to LF (`sed -i s/\r$//`), run `chmod +x`, and start it with `#!/bin/sh`.
    `bootready fix` does that.

    ## When to silence it
    If the file is generated with the right mode before the start.
    """
    for service in context.project.services:
        for words, of_image in starts_of(service, context):
            yield from _started(words, service, context, report, of_image=of_image)
            yield from _read_by_shell(words, service, context, report)


def _started(
    words: tuple[str, ...], service: Service, context: Context, report: Report, *, of_image: bool
) -> Iterator[Finding]:
    found = mounted_at(service, words[0], context.project.configs) if words[0][:1] == "/" else None
    if found is None or (not service.entrypoint and _DATA.search(words[0])):
        return  # a command may be the arguments of an entrypoint that is not known
    path = shown(found.path, context.project.directory)
    if of_image and context.host.file(found.path) is None:
        if context.host.file(found.path.removesuffix(words[0].rpartition("/")[2])):
            yield report(
                found.place,
                f"service '{service.name}': the mount hides '{words[0]}', which its image starts",
                hint=f"add the file as {path}, or mount below it only",
                kind="hidden",
            )
        return
    for fault in faults_of(found.path, context.host):
        # The engine's init starts what has no `#!` line with a shell (ground truth, 7.1).
        if not (fault.kind == "shebang" and value_at(service.node, "init") is True):
            yield report(
                found.place,
                f"service '{service.name}': '{path}' {fault.words}",
                hint=repair_of(fault, found.path, context.project.directory),
                kind=fault.kind,
            )
    lacking = _interpreter_lacking(found.path, service, context)
    if lacking:
        yield report(
            found.place,
            f"service '{service.name}': '{path}' starts with #!{lacking}, which is not in its"
            " image",
            hint="start it with #!/bin/sh, if it is written for sh",
        )


def _interpreter_lacking(path: str, service: Service, context: Context) -> str:
    """Return the `#!` line of the script at `path` if the image certainly lacks its program."""
    first, *_ = (context.host.read_bytes(path) or b"").split(b"\n", 1)
    words = first.removeprefix(b"#!").decode("ascii", "replace").split()
    if not first.startswith(b"#!") or not words or not context.engine.reachable:
        return ""
    inside = look_inside(service, context.engine)
    if isinstance(inside, str) or first.endswith(b"\r"):
        return ""
    named = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    program = named[0] if words[0].endswith("/env") and named else words[0]
    return " ".join(words) if inside.lacks(words[0]) or inside.lacks(program) else ""


def _read_by_shell(
    words: tuple[str, ...], service: Service, context: Context, report: Report
) -> Iterator[Finding]:
    script = words[1] if words[1:] and is_a_shell(words[0]) else ""
    found = mounted_at(service, script, context.project.configs) if script[:1] == "/" else None
    if found and b"\r\n" in (context.host.read_bytes(found.path) or b""):
        path = shown(found.path, context.project.directory)
        yield report(
            found.place,
            f"service '{service.name}': '{path}' {CARRIAGE.words}",
            severity=Severity.WARNING,
            consequence="the shell takes the carriage return as part of the last word of every"
            " line",
            hint=repair_of(CARRIAGE, found.path, context.project.directory),
            kind=CARRIAGE.kind,
        )
