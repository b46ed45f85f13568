"""A service cannot read a bind mount: found before boot, at its place."""

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
from bootready.model.project import Mount


@check(
    summary="a service cannot read a bind mount",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.1.0",
    reference="https://docs.docker.com/engine/storage/bind-mounts/",
)
def bind_source_unreadable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the owner, mode and ACL of bind-mounted files of the project, of directories that are
    mounted read-only, and of the files directly in them, with the user of the service.

    ## Why it matters
    The program exits with "permission denied". Git stores only the exec bit, so a clone that was
    made with `umask 077` or `027` is closed to every service that runs as another user.

    ## What you see
    ```
    open /etc/prometheus/prometheus.yml: permission denied
    ```

    ## Remedy
    Make the files readable, unless they are secret: `chmod -R go+rX PATH`.

    ## When to silence it
    If the service does not read that file.
    """
    project, host = context.project, context.host
    for service in project.services:
        for mount in service.mounts:
            if mount.kind != "bind" or not _is_read(context, mount):
                continue
            from bootready.knowledge.process.identity import reader_of

            reader = reader_of(service, context.engine)
            if reader.uid is None or reader.privileged:
                break
            paths = (mount.source, *_files_in(context, mount.source))
            closed = [p for p in paths if not host.readable_by(p, reader.uid, reader.gids)]
            fact = host.file(closed[0]) if closed else None
            if fact is not None:
                path = shown(closed[0], project.directory)
                yield report(
                    mount.location,
                    f"service '{service.name}': user {reader.uid} cannot read '{path}'"
                    f" ({fact.uid}:{fact.gid}, mode {fact.mode:04o})",
                    hint=f"chmod -R go+rX {shown(mount.source, project.directory)}",
                )


def _is_read(context: Context, mount: Mount) -> bool:
    if not mount.source.startswith(f"{context.project.directory}/"):
        return False  # whoever mounts /etc or /proc knows that not all of it is open
    found = context.host.file(mount.source)
    # A directory that may be written is the service's own: `bind-directory-unwritable`.
    return found is not None and (
        found.kind == "file" or (found.kind == "directory" and mount.read_only)
    )


def _files_in(context: Context, directory: str) -> list[str]:
    paths = [f"{directory}/{name}" for name in context.host.entries(directory)]
    facts = [(path, context.host.file(path)) for path in paths]
    return [path for path, fact in facts if fact is not None and fact.kind == "file"]
