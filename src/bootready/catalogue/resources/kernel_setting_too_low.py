"""A kernel setting is below what an image needs: found before boot, at its place."""

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
from bootready.knowledge.images.users import repository_name
from bootready.model.lookup import place_in
from bootready.model.project import Service

MAPS = "vm.max_map_count"
NEEDS = {
    "opensearchproject/opensearch": (MAPS, 262_144),
    "sonarqube": (MAPS, 262_144),
    "wazuh/wazuh-indexer": (MAPS, 262_144),
    "redis": ("vm.overcommit_memory", 1),
}
"""What the manuals of programs ask of which no more is known: image -> setting and least value."""

SINGLE = ("discovery.type", "single-node")
"""With it, Elasticsearch and OpenSearch warn instead of ending (bootstrap checks)."""


@check(
    summary="a kernel setting is below what an image needs",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.image",),
    mentions=("elasticsearch", "opensearch", "sonarqube", "wazuh", "redis", "valkey"),
    proof="the programs are those of public images, which no test may pull",
    since="0.1.0",
    reference="https://www.elastic.co/guide/en/elasticsearch/reference/current/vm-max-map-count.html",
)
def kernel_setting_too_low(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares settings of this machine's kernel with what known images ask for:
    `vm.max_map_count` for Elasticsearch and OpenSearch, `vm.overcommit_memory` for Redis and Valkey
    (a note).

    ## Why it stops boot
    Elasticsearch ends with "bootstrap checks failed" unless it is a single node. Redis may lose its
    data in the background.

    ## Remedy
    `sudo sysctl -w SETTING=VALUE`, and a file in `/etc/sysctl.d` for the next start.
    """
    yield from _of_known(context, report)
    for service in context.project.services:
        setting, least = NEEDS.get(repository_name(service.image or ""), ("", 0))
        value = context.host.kernel_setting(setting) if setting else None
        if value is None or not value.isdigit() or int(value) >= least:
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
    from bootready.check.images import grave, known_programs, says  # noqa: PLC0415 - few have one

    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.host_needs):
            value = context.host.kernel_setting(fact.setting) if fact.setting else None
            if value is None or not value.isdigit() or int(value) >= fact.value:
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
