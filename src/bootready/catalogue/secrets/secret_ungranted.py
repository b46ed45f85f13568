"""A service uses a secret that it has not been granted: found before boot, at its place."""

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
from bootready.knowledge.secrets.uses import FOLDER, SecretUse, paths_of, secret_uses
from bootready.model.near import MOST, SURELY, nearest
from bootready.model.project import Service

READS_AT_START = frozenset({"postgres", "mysql", "mariadb", "percona"})
"""Images whose entrypoint ends where the file of a `*_FILE` variable cannot be read."""


@check(
    summary="a service uses a secret that it has not been granted",
    severity=Severity.ERROR,
    uses=Needs.HOST,
    mentions=("secrets",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#secrets",
)
def secret_ungranted(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `/run/secrets/NAME` in the command, entrypoint, healthcheck and environment of a
    service, and in the configuration files that it mounts, if the service is not granted `NAME` and
    mounts nothing at that path. The hint suggests a granted or declared secret with a similar name.

    ## Why it stops boot
    The file does not exist in the container. A command or healthcheck that reads or tests it fails,
    and so do the official database images; other programs continue without the credential, which is
    a warning.

    ## What you see
    ```
    container ft-a-1 exited (1)
    ```

    The log of the container has the reason: `/run/secrets/NAME: No such file or directory`.

    ## Remedy
    Add the name to `secrets` of the service, or use the name that it is granted.

    ## When to silence it
    If the program treats the file as optional.
    """
    declared = {item.name for item in context.project.secrets}
    for service in context.project.services:
        uses = secret_uses(service, context.project.configs, context.host)
        if not uses:
            continue
        granted, mounts = paths_of(service)
        seen = set()
        for use in sorted(uses, key=lambda use: not _fatal(service, use)):
            path = FOLDER + use.name
            if use.name in granted or use.name in seen or _mounted(path, mounts):
                continue
            seen.add(use.name)
            yield report(
                use.place,
                f"service '{service.name}': uses secret '{use.name}' without being granted it",
                severity=None if _fatal(service, use) else Severity.WARNING,
                hint=_hint(use.name, granted, declared),
                consequence=f"'{path}' does not exist in its container",
            )


def _fatal(service: Service, use: SecretUse) -> bool:
    if use.certain or not use.variable.endswith("_FILE"):
        return use.certain
    from bootready.knowledge.images.users import repository_name

    return service.entrypoint is None and repository_name(service.image or "") in READS_AT_START


def _mounted(path: str, mounts: tuple[str, ...]) -> bool:
    return any(
        path.startswith(f"{mount}/") or path == mount
        for target in mounts
        for mount in (target, target.replace("/var/run", "/run"))
    )


def _hint(name: str, granted: set[str], declared: set[str]) -> str:
    if name in declared:
        return f"add '{name}' to `secrets` of the service"
    for known in (granted, declared):
        some = known if len(known) <= MOST else ()
        near = [one for one in some if name.endswith(f"_{one}") or one.endswith(f"_{name}")]
        near = near or nearest(name, known, 1, SURELY)
        if near:
            return f"did you mean '{min(near)}'?"
    return f"declare it in the top-level `secrets`, and add '{name}' to `secrets` of the service"
