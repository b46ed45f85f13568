"""A healthcheck asks for what the program never answers: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.model.lookup import place_in


@check(
    summary="a healthcheck asks for what the program in the image never answers",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    looks_at=("image.failing_probes",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
    proof="the programs are those of public images, which no test may pull",
)
def healthcheck_unfit(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares healthchecks with what the programs in known images answer: plain HTTP to an
    Elasticsearch that speaks TLS, a ping that nobody switched on, a server that wants a password.

    ## Why it stops boot
    Every probe fails, the service never becomes healthy, and whatever waits for it never starts.

    ## Remedy
    The hint says what to change, in the test or in the service.
    """
    for known in known_programs(context):
        probe = known.service.healthcheck
        if probe is None or probe.disabled:
            continue
        for fact, care in known.facts(known.image.family.failing_probes):
            if re.search(fact.matches, " ".join(probe.test)):
                yield report(
                    place_in(known.service, "healthcheck", "test"),
                    f"service '{known.service.name}': its healthcheck never passes with image"
                    f" '{known.service.image}'",
                    severity=grave("unhealthy", care),
                    consequence=says(fact.log, care, "unhealthy"),
                    hint=fact.instead,
                )
