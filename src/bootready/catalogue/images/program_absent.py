"""The program of a service is not in its image: found before boot, at its place."""

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
from bootready.knowledge.process.inside import Inside, look_inside
from bootready.model.lookup import items_at, place_in, text_at


@check(
    summary="the program of a service is not in its image",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.entrypoint", "service.command", "service.post_start"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#entrypoint",
)
def program_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks in the local image for the first word of the command that the container, or a `post_start`
    hook in it, runs: at its path, or in the directories of `PATH`.

    ## Why it stops boot
    The engine creates the container but cannot start it. With `init: true` the container starts and
    exits with 127.

    ## What you see
    ```
    exec: "/nope": stat /nope: no such file or directory
    ```

    ## Remedy
    Use a program that the image has, or an image that has the program.

    ## When to silence it
    If the program is on a volume that is filled before the start.

    ## Known limits
    Images that the project builds, and programs below a mount, are not examined. Examining an image
    needs read access to the directory of the engine, or an image below 32 MB.
    """
    for service in context.project.services:
        hooks = [
            (n, text_at(hook, "command", 0)) for n, hook in items_at(service.node, "post_start")
        ]
        if not (service.entrypoint or service.command or hooks):
            continue
        inside = look_inside(service, context.engine)
        if isinstance(inside, str):
            if inside:
                report.unseen(inside)
            continue
        for number, program in hooks:
            if program and inside.lacks(program):
                yield report(
                    place_in(service, "post_start", number, "command"),
                    f"service '{service.name}': image '{service.image}' has no '{program}'",
                    consequence="a hook that fails ends `docker compose up`",
                )
        words = inside.argv() if service.entrypoint or service.command else ()
        if words and words[0] and inside.lacks(words[0]):
            yield report(
                place_in(service, "entrypoint" if service.entrypoint else "command"),
                f"service '{service.name}': image '{service.image}' has no '{words[0]}'",
                hint=_hint(words, inside),
            )


def _hint(words: tuple[str, ...], inside: Inside) -> str:
    if any(mark in " ".join(words) for mark in (" && ", " | ", " > ")):
        return 'for a shell, use ["sh", "-c", "..."]'
    return f"looked from '{inside.directory}'" if words[0].startswith(".") else ""
