"""A volume of the same name already exists outside the project: found before boot, at its place."""

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
    summary="a volume of the same name already exists outside the project",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("volumes",),
    where=("engine.volume",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/volumes/#name",
)
def volume_taken(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for existing volumes that have the same name as one of the project and that were created
    by another project or manually.

    ## Why it matters
    Compose mounts the volume, so two projects write to the same data, or the service starts with
    data from somewhere else.

    ## What you see
    ```
    volume "ft_vol" already exists but was not created by Docker Compose. Use `external:
    true` to use an existing volume
    ```

    ## Remedy
    Set `external: true` if that volume is intended, or give the volume another `name`.

    ## When to silence it
    If sharing the volume with the other project is intended.
    """
    facts = {fact.name: fact for fact in context.engine.volume_facts()}
    for volume in context.project.volumes:
        fact = facts.get(volume.name)
        if fact is None or volume.external or fact.project == context.project.name:
            continue
        owner = f"project '{fact.project}'" if fact.project else "another program"
        yield report(
            volume.location,
            f"volume '{volume.key}': '{volume.name}' already exists and was created by {owner}",
            hint="set `external: true`, or use another `name`",
        )
