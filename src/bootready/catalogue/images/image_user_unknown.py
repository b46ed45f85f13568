"""A service runs as a user that does not exist in its image: found before boot, at its place."""

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
from bootready.knowledge.process.inside import look_inside
from bootready.model.lookup import place_in

USERS, GROUPS = "/etc/passwd", "/etc/group"


@check(
    summary="a service runs as a user that does not exist in its image",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.user", "service.group_add"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#user",
)
def image_user_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks up the names in `user` and `group_add` in `/etc/passwd` and `/etc/group` of the local
    image. Numeric ids need no entry.

    ## Why it stops boot
    The engine creates the container but does not start it.

    ## What you see
    ```
    unable to find user nosuchuser: no matching entries in passwd file
    ```

    ## Remedy
    Use a numeric id, `user: "1000:1000"`, or a name that exists in the image.

    ## When to silence it
    If a mounted `/etc/passwd` has the name.
    """
    for service in context.project.services:
        user, _, group = (service.user or "").partition(":")
        names = [("user", user, "user", USERS), ("user", group, "group", GROUPS)]
        names += [("group_add", name, "group", GROUPS) for name in service.group_add]
        wanted = [one for one in names if one[1] and not one[1].isdigit()]
        if not wanted:
            continue
        inside = look_inside(service, context.engine)
        if isinstance(inside, str):
            if inside:
                report.unseen(inside)
            continue
        for key, name, kind, path in wanted:
            if inside.covers(path):
                continue
            text = context.engine.image_file(service.image or "", path) or ""
            known = [line.partition(":")[0] for line in text.splitlines()]
            if name not in known:
                yield report(
                    place_in(service, key),
                    f"service '{service.name}': image '{service.image}' has no {kind} '{name}'",
                    hint=f"it has {', '.join(known[-3:])}" if known else "use its numeric id",
                )
