"""An image needs a command, but the service has none: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.model.lookup import place_in


@check(
    summary="an image needs a command, but the service has none",
    severity=Severity.ERROR,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.command_needed",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#command",
    proof="the programs are those of public images, which no test may pull",
)
def image_command_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services without `command` whose image only prints a help text and exits.

    ## Why it stops boot
    The container exits immediately; with `restart` it restarts forever.

    ## Remedy
    Set the command that the hint names.

    ## When to silence it
    If an override file that is not part of this check sets the command.
    """
    for known in known_programs(context):
        service = known.service
        for fact, care in known.facts(known.image.family.command_needed):
            if not service.command:
                yield report(
                    place_in(service, "image"),
                    f"service '{service.name}': image '{service.image}' needs a `command`",
                    severity=grave("exits", care),
                    consequence=says(fact.log, care),
                    hint=fact.instead,
                )
