"""A healthcheck can never pass with the program in its image: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.check.probe import absent_program
from bootready.knowledge.images.facts import FailingProbe
from bootready.knowledge.images.known import KnownService
from bootready.model.lookup import place_in


@check(
    summary="a healthcheck can never pass with the program in its image",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.failing_probes",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
    proof="tests/engine/test_image_proofs.py runs Debian's builds of the programs",
)
def healthcheck_unfit(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares healthchecks with the answers of the programs in known images: plain HTTP to an
    Elasticsearch that uses TLS, a ping endpoint that is not enabled, a server that requires a
    password.

    ## Why it stops boot
    Every probe fails, so the service never becomes healthy and services that wait for it never
    start.

    ## What you see
    ```
    container ft-a-1 is unhealthy
    ```

    ## Remedy
    Change the test or the service as the hint says.

    ## When to silence it
    If a mounted configuration makes the program answer.
    """
    for known in known_programs(context):
        probe = known.service.healthcheck
        if probe is None or probe.disabled:
            continue
        for fact, care in known.facts(known.image.family.failing_probes):
            if re.search(fact.matches, " ".join(probe.test)) and not _is_told(fact, known, context):
                yield report(
                    place_in(known.service, "healthcheck", "test"),
                    f"service '{known.service.name}': its healthcheck never passes with image"
                    f" '{known.service.image}'",
                    severity=grave("unhealthy", care),
                    consequence=says(fact.log, care, "unhealthy"),
                    hint=fact.instead,
                )


def _is_told(fact: FailingProbe, known: KnownService, context: Context) -> bool:
    """Tell whether healthcheck-program-absent says the same: that the program is not there."""
    return "not found" in fact.log and bool(absent_program(known, context.host))
