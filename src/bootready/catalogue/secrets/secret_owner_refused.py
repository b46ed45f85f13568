"""A secret from a variable asks for an owner that the engine cannot look up: found before boot."""

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
from bootready.check.features import version_of
from bootready.model.lookup import value_at


@check(
    summary="a secret from a variable asks for an owner that the engine cannot look up",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("secrets", "configs"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_owner_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets with `environment` and configs with `environment` or `content` whose grant has
    a `uid` or `gid`, in services whose `user` has a group: `"1000:1000"`.

    ## Why it stops boot
    Compose copies the value into the container, and the engine looks up the whole text as the name
    of a user: "unable to find entry "1000:1000" in passwd database". Seen on engine 20.10; on
    newer ones it is a warning.

    ## Remedy
    Write `user: "1000"`, or leave `uid` and `gid` out of the grant.
    """
    injected = {("secret", s.name) for s in context.project.secrets if s.environment}
    injected |= {
        ("config", c.name)
        for c in context.project.configs
        if c.environment or value_at(c.node, "content")
    }
    old = version_of(context.engine.version) < (23,)
    for service in context.project.services if injected else ():
        if ":" not in (service.user or ""):
            continue
        grants = [("secret", grant) for grant in service.secrets]
        grants += [("config", grant) for grant in service.configs]
        for kind, grant in grants:
            if (kind, grant.source) in injected and (grant.uid or grant.gid):
                yield report(
                    grant.location,
                    f"service '{service.name}': {kind} '{grant.source}' has an owner, and `user` is"
                    f" '{service.user}'",
                    severity=None if old else Severity.WARNING,
                    hint=f'user: "{(service.user or "").partition(":")[0]}"',
                )
