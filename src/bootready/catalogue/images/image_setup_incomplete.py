"""A service lacks something that the program in its image needs."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.model.lookup import place_in


@check(
    summary="a service lacks something that the program in its image needs",
    severity=Severity.ERROR,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.faults",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/",
    proof="tests/engine/test_image_proofs.py runs Debian's builds of the programs",
)
def image_setup_incomplete(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for everything that known images need apart from their variables: a mounted configuration,
    the socket of the engine, a host that their default configuration names, an engine that they
    support.

    ## Why it stops boot
    The program exits or, as a warning, runs without doing its work.

    ## Remedy
    Add what the hint names.

    ## When to silence it
    If it is provided in a way that cannot be seen here, for example by an override file.
    """
    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.faults):
            if fact.engine and _engine(context) not in {0, *range(fact.engine, 1000)}:
                continue
            at = (
                fact.at.split(".")
                if fact.at.split(".")[0] in known.service.node.entries
                else ["image"]
            )
            yield report(
                place_in(known.service, *at),
                f"service '{known.service.name}': {fact.says}",
                severity=grave(fact.outcome, care),
                consequence=says(fact.log, care, fact.outcome),
                hint=fact.instead,
            )


def _engine(context: Context) -> int:
    """Return the major version of the engine, 0 where none answers."""
    major = context.engine.version.partition(".")[0] if context.engine.reachable else ""
    return int(major) if major.isdigit() else 0
