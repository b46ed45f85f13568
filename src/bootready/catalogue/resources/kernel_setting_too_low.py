"""A kernel setting is below what an image needs: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.knowledge.images.users import repository_name
from bootready.model.lookup import place_in
from bootready.model.project import Service

MAPS = "vm.max_map_count"
OVERCOMMIT = "vm.overcommit_memory"
NEEDS = {
    "opensearchproject/opensearch": (MAPS, 262_144),
    "sonarqube": (MAPS, 262_144),
    "wazuh/wazuh-indexer": (MAPS, 262_144),
    "redis": (OVERCOMMIT, 1),
}
"""What the manuals of programs ask of which no more is known: image -> setting and least value."""

SINGLE = ("discovery.type", "single-node")
"""With it, Elasticsearch and OpenSearch warn instead of ending (bootstrap checks)."""


@check(
    summary="a kernel setting is below what an image needs",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("service.image",),
    mentions=("elasticsearch", "opensearch", "sonarqube", "wazuh", "redis", "valkey"),
    proof="the programs are those of public images, which no test may pull",
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.1.0",
    reference="https://www.elastic.co/guide/en/elasticsearch/reference/current/vm-max-map-count.html",
)
def kernel_setting_too_low(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares kernel settings of this machine with the requirements of known images:
    `vm.max_map_count` for Elasticsearch and OpenSearch, `vm.overcommit_memory` for a Redis or
    Valkey that is told to save its data (a note).

    ## Why it stops boot
    Elasticsearch exits unless it runs as a single node. Redis may fail to save its data in the
    background.

    ## What you see
    ```
    bootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530]
    is too low, increase to at least [262144]
    ```

    ## Remedy
    Run `sudo sysctl -w SETTING=VALUE`, and add the setting to a file in `/etc/sysctl.d` to keep it
    after a reboot.

    ## When to silence it
    If the service is configured to do without it, for example a single-node Elasticsearch.
    """
    yield from _of_known(context, report)
    for service in context.project.services:
        setting, least = NEEDS.get(repository_name(service.image or ""), ("", 0))
        value = context.host.kernel_setting(setting) if setting else None
        if value is None or not value.isdigit() or int(value) >= least:
            continue
        if setting == OVERCOMMIT and not _keeps_data(service):
            continue
        ends = setting == MAPS and not _single(service)
        yield report(
            place_in(service, "image"),
            f"service '{service.name}': `{setting}` is {value}, but its image needs at least"
            f" {least}",
            severity=Severity.WARNING if ends else Severity.NOTE,
            hint=f"sudo sysctl -w {setting}={least}",
        )


def _of_known(context: Context, report: Report) -> Iterator[Finding]:
    from bootready.check.images import grave, known_programs, says

    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.host_needs):
            value = context.host.kernel_setting(fact.setting) if fact.setting else None
            if value is None or not value.isdigit() or int(value) >= fact.value:
                continue
            if fact.setting == OVERCOMMIT and not _keeps_data(known.service):
                continue
            yield report(
                place_in(known.service, "image"),
                f"service '{known.service.name}': `{fact.setting}` is {value}, but its image needs"
                f" at least {fact.value}",
                severity=grave(fact.outcome, care),
                consequence=says(fact.log, care, fact.outcome),
                hint=f"sudo sysctl -w {fact.setting}={fact.value}",
            )


def _single(service: Service) -> bool:
    return any((entry.name, entry.value) == SINGLE for entry in service.environment)


def _keeps_data(service: Service) -> bool:
    """Tell whether a Redis has data to save, by a mount or by its command: only then it forks a
    process that writes them, which is what needs the memory.
    """
    words = " ".join((*(service.entrypoint or ()), *(service.command or ())))
    return (
        bool(service.mounts) or re.search(r"--(?:appendonly yes|save [\"']?\d)", words) is not None
    )
