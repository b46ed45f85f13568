"""The data of a volume is stored under an earlier project name: found before boot, at its place."""

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


@check(
    summary="the data of a volume is stored under an earlier project name",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("volumes",),
    where=("engine.container",),
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/project-name/",
)
def volume_left_behind(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for containers that were created from this directory under another project name, and for
    volumes of that project with the same key, if this project does not have that volume yet.

    ## Why it matters
    The project starts with empty data, while the old data stays in a volume that is not used. The
    old containers keep their ports and names.

    ## Remedy
    Boot under the old name (`-p OLD`, or `name:` in the Compose file), or copy the volume.

    ## When to silence it
    If starting with empty data is intended.
    """
    mine, directory = context.project.name, context.project.directory
    former = {
        fact.project
        for fact in context.engine.containers()
        if fact.directory in {directory, "."} and fact.project not in {"", mine}
    }
    if not former:
        return
    facts = context.engine.volume_facts()
    names = {fact.name for fact in facts}
    for volume in context.project.volumes:
        if volume.external or volume.name in names:
            continue
        old = next((f for f in facts if f.project in former and f.key == volume.key), None)
        if old:
            yield report(
                volume.location,
                f"volume '{volume.key}': its data is in '{old.name}' of the project"
                f" '{old.project}'",
                hint=f"run docker compose -p {old.project} up, or copy the data",
            )
