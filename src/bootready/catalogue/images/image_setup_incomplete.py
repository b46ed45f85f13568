"""A service lacks what the program in its image needs: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.model.lookup import place_in


@check(
    summary="a service lacks what the program in its image needs",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    looks_at=("image.faults",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/",
    proof="the programs are those of public images, which no test may pull",
)
def image_setup_incomplete(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for what known images need beside their variables: a configuration that is mounted, the
    socket of the engine, a host that their default names, an engine that they can talk to.

    ## Why it stops boot
    The program ends, or (a warning) runs and does not do its work.

    ## Remedy
    The hint says what to add.
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
