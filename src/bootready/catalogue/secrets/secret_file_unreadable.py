"""A service cannot read the file of its secret: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Remedy,
    Report,
    Safety,
    Severity,
    check,
)
from bootready.knowledge.places import belongs_to
from bootready.knowledge.process.identity import reader_of
from bootready.model.action import SetPermissions
from bootready.model.lookup import shown

_ELSEWHERE = "keep the secret in a file of the project that its reader can read"


@check(
    summary="a service cannot read the file of its secret",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("secrets",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
    proof="docker up exits 0; only the program in the container fails (ground truth, section 6)",
)
def secret_file_unreadable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the owner, mode and ACL of the file with the user and groups of the process of the
    service: `user` and `group_add`, otherwise the user of the local image.

    ## Why it stops boot
    A file-backed secret is a bind mount: its owner and mode on the host apply, and `uid`, `gid` and
    `mode` of the grant are ignored. `docker compose up` exits 0; only the program fails.

    ## What you see
    ```
    cat: /run/secrets/pw: Permission denied
    ```

    ## Remedy
    Give the file to the group of the process: `chgrp GID FILE && chmod 0640 FILE`.
    `bootready prepare` does that if it runs as root.

    ## When to silence it
    If the program starts as root, reads the secret and then drops its privileges in a way that
    cannot be seen here.
    """
    for item in context.project.secrets:
        if item.file is None or item.external or context.host.file(item.file) is None:
            continue
        for service, grant in context.project.users_of_secret(item.name):
            reader = reader_of(service, context.engine)
            if reader.uid is None or reader.privileged:
                continue
            if context.host.readable_by(item.file, reader.uid, reader.gids):
                continue
            fact = context.host.file(item.file)
            owner = f"{fact.uid}:{fact.gid}, mode {fact.mode:04o}" if fact else ""
            path = shown(item.file, context.project.directory)
            group = reader.gids[0] if reader.gids else reader.uid
            ours = belongs_to(context.project.directory, item.file)
            yield report(
                grant.location.labelled(f"runs as user {reader.uid}"),
                f"service '{service.name}': user {reader.uid} cannot read '{item.name}' ({owner})",
                hint=f"sudo chgrp {group} {path} && chmod 0640 {path}" if ours else _ELSEWHERE,
                remedy=Remedy(
                    f"changes the group of {path} to that of its reader",
                    Safety.ASK,
                    (SetPermissions(item.file, 0o640, None, group),),
                )
                if ours
                else None,
            )
