"""The engine cannot resolve the user of a secret from a variable."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import text_at


@check(
    summary="the engine cannot resolve the user of a secret from a variable",
    severity=Severity.ERROR,
    looks_at=("service.user",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_owner_unfindable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets and configs with `environment` or `content` that are granted with a `uid` or
    `gid` to a service whose `user` has a group after a colon.

    ## Why it stops boot
    Compose copies such a secret into the container and keeps its owner. The engine then looks up
    the whole string, such as `65534:65534`, as a user name in the image, and does not find it.

    ## What you see
    ```
    getent unable to find entry "65534:65534" in passwd database
    ```

    ## Remedy
    Set `user` without the group, or remove `uid` and `gid`: the secret is then readable by all
    users.

    ## When to silence it
    If the engine that boots the project resolves the user; this was measured with Docker Engine
    20.10.
    """
    copied = {
        ("secrets", item.name) for item in context.project.secrets if item.environment is not None
    } | {
        ("configs", item.name)
        for item in context.project.configs
        if item.environment is not None or text_at(item.node, "content")
    }
    for service in context.project.services:
        user = text_at(service.node, "user")
        if ":" not in user:
            continue
        grants = [("secrets", grant) for grant in service.secrets]
        grants += [("configs", grant) for grant in service.configs]
        for section, grant in grants:
            if (section, grant.source) in copied and (grant.uid or grant.gid):
                yield report(
                    grant.location,
                    f"service '{service.name}': the engine cannot resolve user '{user}' for"
                    f" {section[:-1]} '{grant.source}'",
                    hint=f'set `user: "{user.partition(":")[0]}"`',
                )
