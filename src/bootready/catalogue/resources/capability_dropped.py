"""A command needs a capability that its service drops: found before boot, at its place."""

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
from bootready.model.lookup import items_at, place_in
from bootready.model.node import Node, Scalar

NEEDED = {
    "chown": "CHOWN",
    "chgrp": "CHOWN",
    "su": "SETUID",
    "su-exec": "SETUID",
    "gosu": "SETUID",
    "setpriv": "SETUID",
    "ping": "NET_RAW",
}
"""Programs that fail without a capability which every container has by default."""


@check(
    summary="a command needs a capability that its service drops",
    severity=Severity.WARNING,
    looks_at=("service.cap_drop",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#cap_drop",
)
def capability_dropped(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for programs such as `chown` and `gosu` in the command of a service that drops the
    capability they need and does not add it again.

    ## Why it matters
    `docker compose up -d` exits 0. The container starts and dies.

    ## What you see
    ```
    Operation not permitted
    ```

    ## Remedy
    Add that capability with `cap_add`, or do without the program.

    ## When to silence it
    If the program may fail and the command continues without it.
    """
    for service in context.project.services:
        dropped, added = _names(service.node, "cap_drop"), _names(service.node, "cap_add")
        for key, words in (("entrypoint", service.entrypoint), ("command", service.command)):
            line = line_of(words or ())
            for command in decisive_commands(line) if line else ():
                needed = NEEDED.get(command[0].rpartition("/")[2], "") if command else ""
                if needed and dropped & {"ALL", needed} and not added & {"ALL", needed}:
                    yield report(
                        place_in(service, key),
                        f"service '{service.name}': '{command[0]}' needs {needed}, but `cap_drop`"
                        " removes it",
                        hint=f"set `cap_add: [{needed}]`",
                        consequence="the container starts and dies: Operation not permitted",
                    )


def _names(node: Node, key: str) -> set[str]:
    return {
        str(item.value).upper().removeprefix("CAP_")
        for _, item in items_at(node, key)
        if isinstance(item, Scalar)
    }
