"""Compose is older than a feature that the project uses: found before boot, at its place."""

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
from bootready.knowledge.engine.features import COMPOSE_FEATURES, uses_of, version_of


@check(
    summary="Compose is older than a feature that the project uses",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    since="0.1.0",
    reference="https://github.com/docker/compose/releases",
    proof="asks for an older Compose for each feature; 'pre_start' is refused by v2.40.3",
)
def compose_too_old(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Determines the oldest Compose release that supports every attribute of the project, and compares
    it with the installed release. The place shown is the attribute that needs the newest release.

    ## Why it stops boot
    An older Compose rejects the file, although newer releases load it.

    ## What you see
    ```
    Additional property pre_start is not allowed
    ```

    ## Remedy
    Update the Compose plugin, or remove the attribute.

    ## When to silence it
    If the machine that boots the project has a newer Compose than this one.

    ## Known limits
    Compose is asked for its version only if the project uses such an attribute.
    """
    yield from _unknown(context, report)
    uses = sorted(uses_of(context.project, COMPOSE_FEATURES), key=lambda use: use.feature.since)
    if not uses:
        return
    most = uses[-1]
    wanted = ".".join(map(str, most.feature.since))
    installed = context.engine.compose_version()
    if not installed:
        report.unseen(f"no Compose was found; the project needs {wanted} or later")
    elif version_of(installed) < most.feature.since:
        older = [use for use in uses if version_of(installed) < use.feature.since]
        yield report(
            most.place,
            f"project: `{most.feature.name}` needs Compose {wanted}, this is {installed}",
            related=[use.place for use in older[:-1]][:5],
            hint="update the plugin: https://docs.docker.com/compose/install/",
        )


def _unknown(context: Context, report: Report) -> Iterator[Finding]:
    """Report what the resolver knows that Compose 2 refuses and the table of versions lacks."""
    found = [one for one in context.project.refused_by_v2 if one.kind == "unknown-to-v2"]
    if not found:
        return
    known = {use.place.path for use in uses_of(context.project, COMPOSE_FEATURES)}
    left = [one for one in found if one.location is None or one.location.path not in known]
    if left and context.engine.compose_version()[:2] == "2.":
        for problem in left:
            yield report(
                problem.location, problem.message, related=problem.related, hint=problem.hint
            )
