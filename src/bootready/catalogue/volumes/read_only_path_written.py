"""A command writes to the root filesystem of a read-only service."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.process.shell import decisive_commands, line_of
from bootready.model.lookup import items_at, place_in, value_at
from bootready.model.node import Scalar
from bootready.model.project import Service

WRITERS = frozenset({"touch", "mkdir", "tee"})
"""Programs that write whatever paths they are given."""
WRITABLE = ("/dev/", "/proc/", "/sys/")
"""Mounts of their own in every container."""


@check(
    summary="a command writes to the root filesystem of a read-only service",
    severity=Severity.WARNING,
    looks_at=("service.read_only",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#read_only",
)
def read_only_path_written(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks in the command of every service with `read_only: true` for paths that it writes to and
    that neither a volume nor a `tmpfs` covers.

    ## Why it matters
    `docker compose up -d` exits 0. The container starts and dies.

    ## What you see
    ```
    Read-only file system
    ```

    ## Remedy
    Mount a `tmpfs` at that path, or a volume if the data must be kept.

    ## When to silence it
    If the command handles the failed write.
    """
    for service in context.project.services:
        if value_at(service.node, "read_only") is not True:
            continue
        covered = tuple(_covered(service))
        for key, words in (("entrypoint", service.entrypoint), ("command", service.command)):
            line = line_of(words or ())
            for path in _written(decisive_commands(line)) if line else ():
                if path.startswith(WRITABLE) or any(
                    path == at or path.startswith(f"{at}/") for at in covered
                ):
                    continue
                folder = path.rpartition("/")[0] or "/"
                yield report(
                    place_in(service, key),
                    f"service '{service.name}': writes to '{path}', but its root filesystem is"
                    " read-only",
                    hint=f"set `tmpfs: [{folder}]`",
                    consequence="the container starts and dies: Read-only file system",
                )


def _written(commands: list[list[str]]) -> Iterator[str]:
    """Yield the absolute paths that these commands write to."""
    for command in commands:
        for position, word in enumerate(command):
            redirected = position and command[position - 1] in {">", ">>"}
            given = command[0] in WRITERS and position
            if word.startswith("/") and "$" not in word and (redirected or given):
                yield word


def _covered(service: Service) -> Iterator[str]:
    for mount in service.mounts:
        yield mount.target.rstrip("/")
    for _, item in items_at(service.node, "tmpfs"):
        if isinstance(item, Scalar):
            yield str(item.value).partition(":")[0].rstrip("/")
