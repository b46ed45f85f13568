"""The processor lacks an instruction set that the program in an image needs."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, Trait, check
from bootready.check.images import grave, known_programs, says
from bootready.model.lookup import place_in


@check(
    summary="the processor lacks an instruction set that the program in an image needs",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.host_needs.feature",),
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.1.0",
    reference="https://www.mongodb.com/docs/manual/administration/production-notes/",
    proof="no test can take an instruction set from the processor that it runs on",
)
def processor_feature_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the instruction sets of this machine's processor (`/proc/cpuinfo`) with those that
    known images need: AVX for MongoDB 5 and newer, SSE 4.2 for ClickHouse.

    ## Why it stops boot
    The kernel kills the program at its first instruction of that set. Virtual machines often hide
    instruction sets that the processor has.

    ## What you see
    ```
    exited with code 132
    ```

    ## Remedy
    Use a version that does without it (MongoDB 4.4), or let the virtual machine have the processor
    of its host (`host` as the CPU model of QEMU and Proxmox).

    ## When to silence it
    If the services run on another machine than this one.

    ## Known limits
    Only x86 processors that Linux describes are examined, and no service with another `platform`.
    """
    if context.engine.reachable and not context.engine.local:
        return
    features = context.host.processor_features()
    if not features:
        return
    for known in known_programs(context):
        service = known.service
        if "platform" in service.node.entries:
            continue
        for fact, care in known.facts(known.image.family.host_needs):
            if fact.feature and fact.feature not in features:
                yield report(
                    place_in(service, "image"),
                    f"service '{service.name}': image '{service.image}' needs a processor with"
                    f" {fact.feature.upper()}, which this one does not have",
                    severity=grave("exits", care),
                    consequence=says(fact.log, care),
                    hint="use an older version, or give the virtual machine the CPU model `host`",
                )
