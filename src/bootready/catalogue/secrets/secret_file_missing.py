"""The file of a secret does not exist: found before boot, at its place."""

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
from bootready.check.secret_content import certificate_folders, created
from bootready.check.unresolved import is_unresolved
from bootready.knowledge.secrets.certificates import certificate_files
from bootready.knowledge.secrets.kind_in_project import in_a_circle, is_clear, kind_for
from bootready.model.action import Action, GenerateSecret, SecretKind
from bootready.model.lookup import shown


@check(
    summary="the file of a secret does not exist",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("secrets",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_file_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the file of every secret that a selected service is granted exists.

    ## Why it stops boot
    Compose mounts the file when it creates the container, and the engine rejects a source that does
    not exist. `docker compose config` accepts the project.

    ## What you see
    ```
    secret file ft_pw does not exist
    invalid mount config for type "bind": bind source path does not exist: .../secrets/pw.txt
    ```

    The first line is only a warning. The services created before this one are left behind.

    ## Remedy
    `bootready prepare` generates a random secret in that file, readable by the services. An
    existing file is never overwritten, and nothing is generated if the hints of the secret cannot
    be followed. A number, a user id or a host name is one, a public key belongs to its private key,
    and configuration files and certificates are not invented: restore them.

    ## When to silence it
    If a deployment tool writes the file before the start.
    """
    made = certificate_files(context.project, context.host)
    used = {grant.source for service in context.project.services for grant in service.secrets}
    known = {item.name: item for item in context.project.secrets}
    circle = in_a_circle(known)
    granted = {
        item.name: item
        for item in known.values()
        if item.name in used or (item.file and context.host.file(item.file))
    }
    folders = certificate_folders(granted)
    for item in context.project.secrets:
        if item.file is None or item.external or item.name not in used:
            continue
        if is_unresolved(context.project, (*item.location.path, "file")):
            continue  # required-variable-unset tells of it
        if item.file in made:
            continue  # certificate-missing tells of it
        if context.host.file(item.file) is None:
            path = shown(item.file, context.project.directory)
            kind = kind_for(context.project, item.name, item.hints)
            yield report(
                (item.file_location or item.location).labelled("this file does not exist"),
                f"secret '{item.name}': file '{path}' does not exist",
                related=[
                    grant.location.labelled(f"used by service '{service.name}'")
                    for service, grant in context.project.users_of_secret(item.name)[:5]
                ],
                remedy=_remedy(created(item, kind, granted, folders, context.host), path)
                if is_clear(item, known, circle)
                else None,
            )


def _remedy(action: Action | None, path: str) -> Remedy | None:
    if action is None:
        return None
    made = "writes the value of this machine"
    if isinstance(action, GenerateSecret):
        made = "generates a random secret"
        if action.kind is SecretKind.PLACEHOLDER:
            made = "writes a placeholder for a credential that only you can get"
    return Remedy(f"{made} in {path}, readable by its services", Safety.SAFE, (action,))
