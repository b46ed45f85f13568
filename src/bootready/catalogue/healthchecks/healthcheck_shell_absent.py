"""A healthcheck uses shell syntax without a shell: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_in

SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "env", "busybox"})
WHOLE = re.compile(r"\$(\w+|\{\w+\})")


@check(
    summary="a healthcheck uses shell syntax without a shell",
    severity=Severity.ERROR,
    looks_at=("service.healthcheck",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
)
def healthcheck_shell_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `$NAME`, pipes and `&&` in a healthcheck that starts with `CMD`.

    ## Why it stops boot
    `CMD` starts the program itself: nothing expands the variable, and the service never becomes
    healthy.

    ## Remedy
    Use `CMD-SHELL` with one text.
    """
    for service in context.project.services:
        check = service.healthcheck
        if (
            check is None
            or check.disabled
            or check.test[:1] != ("CMD",)
            or (check.test[1:2] and check.test[1].rsplit("/", 1)[-1] in SHELLS)
        ):
            continue
        for word in check.test[1:]:
            if word in {"|", "||", "&&", ";"} or WHOLE.fullmatch(word):
                yield report(
                    place_in(service, "healthcheck", "test"),
                    f"service '{service.name}': no shell expands '{word}' in its healthcheck",
                    hint="[CMD-SHELL, ...] with the whole line as one text",
                )
                break
