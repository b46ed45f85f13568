"""An image rejects the value of a variable: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, has_data, known_programs, says
from bootready.knowledge.images.facts import Refused


@check(
    summary="an image rejects the value of a variable",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.refused",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
    proof="the programs are those of public images, which no test may pull",
)
def image_variable_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the values of variables with those that known images reject: a password that is too
    short, the name of root as a user, a driver that does not exist.

    ## Why it stops boot
    The program exits; the finding has the line that its log will contain.

    ## Remedy
    Set a value that the image accepts.

    ## When to silence it
    If the image is a build of your own that accepts the value.
    """
    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.refused):
            entry = next((e for e in known.service.environment if e.name == fact.variable), None)
            wrong = _wrong(fact, entry.value) if entry is not None and entry.value else ""
            if entry is None or not wrong or (fact.first_boot and has_data(known, context)):
                continue
            yield report(
                entry.location,
                f"service '{known.service.name}': `{fact.variable}` {wrong}",
                severity=grave(fact.outcome, care),
                consequence=says(fact.log, care, fact.outcome),
                hint=fact.instead,
            )


def _wrong(fact: Refused, value: str) -> str:
    """Return what is wrong with a value, without the value: it may be a secret."""
    if len(value) < fact.min_length:
        return f"has {len(value)} characters, but its image needs at least {fact.min_length}"
    if fact.allowed and value not in fact.allowed:
        return f"must be one of {', '.join(fact.allowed)}"
    if fact.matches and re.search(fact.matches, value):
        return "has a value that its image rejects"
    return ""
