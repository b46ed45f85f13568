"""The options of a volume differ from those of the existing volume."""

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
from bootready.model.lookup import entries_at, place_below, text_at
from bootready.model.project import Volume


@check(
    summary="the options of a volume differ from those of the existing volume",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("volumes",),
    where=("engine.volume",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/volumes/#driver_opts",
)
def volume_options_changed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `driver` and `driver_opts` with those of the existing volume of this project.

    ## Why it matters
    A volume keeps the options that it was created with. Without a terminal, Compose keeps the old
    volume and exits 0, so the service writes to the old place.

    ## What you see
    ```
    Volume "ft_vol" exists but doesn't match configuration in compose file. Recreate (data
    will be lost)?
    ```

    ## Remedy
    Save the data, then run `docker volume rm NAME`. Compose creates it again.

    ## When to silence it
    If the existing volume should be kept.
    """
    facts = {fact.name: fact for fact in context.engine.volume_facts()}
    for volume in context.project.volumes:
        fact = facts.get(volume.name)
        if fact is None or volume.external or fact.project != context.project.name:
            continue
        if (volume.driver or "local") != fact.driver:
            changed = f"driver is '{volume.driver or 'local'}', was '{fact.driver}'"
        else:
            wanted = _options(volume)
            names = [k for k in {**wanted, **fact.options} if wanted.get(k) != fact.options.get(k)]
            if not names:
                continue
            changed = f"option '{names[0]}' differs from the existing volume"
        yield report(
            place_below(volume.node, volume.location, "driver_opts"),
            f"volume '{volume.key}': {changed}, and the existing volume is kept",
            hint=f"save its data, then run docker volume rm {volume.name}",
        )


def _options(volume: Volume) -> dict[str, str]:
    found = {key: text_at(node) for key, node in entries_at(volume.node, "driver_opts")}
    if volume.device and "device" in found:
        found["device"] = volume.device
    return found
