"""An included file defines the same resource as another file: found before boot, at its place."""

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
from bootready.model.lookup import value_at


@check(
    summary="an included file defines the same resource as another file",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    mentions=("include",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/include/",
    proof="Compose v2.40.3 refuses it (exit 1), v5.6.1 merges it (exit 0): no proof for both",
)
def include_conflict(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services, networks, volumes, secrets and configs that an included file and the file
    that includes it both define with different content.

    ## Why it stops boot
    Compose 2 rejects the project. Compose 5 silently merges the two definitions into a mixture of
    both; if Compose 5 is installed, this is a warning.

    ## What you see
    ```
    services.a conflicts with imported resource
    ```

    ## Remedy
    Define it in one file; the other files can use it. To change an included definition, use an
    override file (`include` with two entries in `path`).

    ## When to silence it
    If only Compose 5 is used and the merged result is intended: `docker compose config` prints it.
    """
    found = [one for one in context.project.refused_by_v2 if one.kind == "include-conflict"]
    if not found:
        return
    refused = context.engine.compose_version()[:2] == "2."
    for problem in found:
        path = problem.location.path if problem.location else ()
        if not refused and value_at(context.project.model, *path, "external") is True:
            continue  # external-over-definition has more to say
        yield report(
            problem.location,
            problem.message,
            related=problem.related,
            severity=None if refused else Severity.WARNING,
            hint=problem.hint,
            consequence="" if refused else "Compose 5 silently merges the two",
        )
