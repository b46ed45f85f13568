"""A security option or its profile does not exist: found before boot, at its place."""

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
from bootready.model.lookup import items_at, place_in, shown, text_at

KNOWN = frozenset(
    {
        "apparmor",
        "label",
        "no-new-privileges",
        "seccomp",
        "systempaths",
        "disable",
        "credentialspec",
    }
)

BUILT_IN = frozenset({"unconfined", "builtin"})


@check(
    summary="a security option or its profile does not exist",
    severity=Severity.ERROR,
    uses=Needs.HOST,
    looks_at=("service.security_opt",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#security_opt",
)
def security_option_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `security_opt` with the options of the engine, and checks that the file of a `seccomp`
    profile exists.

    ## Why it stops boot
    The engine rejects the container. Compose reads the profile even before that.

    ## What you see
    ```
    invalid --security-opt 2: "no-new-privilegess:true"
    ```

    ## Remedy
    Correct the name or the path of the profile.

    ## When to silence it
    If the engine that boots the project supports an option that is newer than this list.
    """
    for service in context.project.services:
        for index, node in items_at(service.node, "security_opt"):
            name, _, value = text_at(node).replace("=", ":", 1).partition(":")
            profile = f"{context.project.directory}/{value.removeprefix('./')}"
            profile = value if value.startswith("/") else profile
            if name == "seccomp" and value not in BUILT_IN and not context.host.file(profile):
                yield report(
                    place_in(service, "security_opt", index),
                    f"service '{service.name}': seccomp profile '{value}' does not exist",
                    hint=f"looked for it at {shown(profile, context.project.directory)}",
                )
            if name not in KNOWN:
                yield report(
                    place_in(service, "security_opt", index),
                    f"service '{service.name}': unknown security option '{name}'",
                    hint=f"one of: {', '.join(sorted(KNOWN))}",
                )
