"""A service may not use the engine's socket that it mounts: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, Trait, check
from bootready.knowledge.places import is_engine_socket
from bootready.model.lookup import shown


@check(
    summary="a service may not use the engine's socket that it mounts",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    mentions=(".sock",),
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#group_add",
)
def engine_socket_closed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services that mount the socket of the engine and run as a user who is neither its
    owner nor a member of its group.

    ## Why it matters
    The program cannot ask the engine. It exits, or stays up without any containers to show.

    ## What you see
    ```
    permission denied while trying to connect to the Docker daemon socket
    connect EACCES /var/run/docker.sock
    ```

    ## Remedy
    Give the service the group of the socket: `group_add: ["998"]`, with the number in the hint. A
    socket proxy is safer, because this group may do everything that root may. Leave the owner and
    mode of the socket as they are.

    ## When to silence it
    If the program works without the engine.
    """
    for service in context.project.services:
        for mount in service.mounts:
            fact = context.host.file(mount.source) if mount.kind == "bind" else None
            if fact is None or fact.kind != "socket":
                continue
            if not is_engine_socket(mount.source) and not is_engine_socket(mount.target):
                continue
            from bootready.knowledge.process.identity import reader_of

            reader = reader_of(service, context.engine)
            if reader.uid is None or reader.uid == 0 or reader.privileged:
                continue
            if not context.host.writable_by(mount.source, reader.uid, reader.gids):
                path = shown(mount.source, context.project.directory)
                yield report(
                    mount.location,
                    f"service '{service.name}': user {reader.uid} may not use the engine's socket"
                    f" '{path}' ({fact.uid}:{fact.gid}, mode {fact.mode:04o})",
                    hint=f'group_add: ["{fact.gid}"], or a socket proxy',
                )
