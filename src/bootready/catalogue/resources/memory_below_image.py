"""A memory limit is below the minimum of the program in the image."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.model.lookup import number_of, place_in, value_at
from bootready.model.project import Service

PLACES = (("mem_limit",), ("deploy", "resources", "limits", "memory"))


@check(
    summary="a memory limit is below the minimum of the program in the image",
    severity=Severity.ERROR,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.host_needs.memory",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#mem_limit",
    proof="the programs are those of public images, which no test may pull",
)
def memory_below_image(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares memory limits with the minimum that known images start with, and the Java heap in
    `ES_JAVA_OPTS` and similar variables with the limit.

    ## Why it stops boot
    The kernel kills the program while it starts.

    ## What you see
    ```
    exited with code 137
    ```

    ## Remedy
    Raise the limit, or configure the program to use less memory.

    ## When to silence it
    If the program is configured to need less memory in a file that cannot be seen here.
    """
    for known in known_programs(context):
        limit, place = _limit(known.service)
        if not limit:
            continue
        for fact, care in known.facts(known.image.family.host_needs):
            if limit < fact.memory:
                yield report(
                    place_in(known.service, *place),
                    f"service '{known.service.name}': its limit is {limit >> 20} MiB, but image"
                    f" '{known.service.image}' needs {fact.memory >> 20} MiB",
                    severity=grave(fact.outcome, care),
                    consequence=says(fact.log, care, fact.outcome),
                    hint=f"set `mem_limit: {fact.memory >> 20}m`",
                )


def _limit(service: Service) -> tuple[int, tuple[str, ...]]:
    for place in PLACES:
        limit = number_of(value_at(service.node, *place))
        if limit:
            return limit, place
    return 0, ()
