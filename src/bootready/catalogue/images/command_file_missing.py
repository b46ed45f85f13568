"""A command names a file that is neither in the image nor mounted."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.knowledge.images.facts import Config
from bootready.knowledge.images.globs import matches_any
from bootready.knowledge.images.known import KnownService
from bootready.model.lookup import place_in


@check(
    summary="a command names a file that is neither in the image nor mounted",
    severity=Severity.ERROR,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.configs.command",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#command",
    proof="tests/engine/test_image_proofs.py runs Debian's builds of the programs",
)
def command_file_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for the configuration file that the command of a known image names, in the image and in
    the mounts of the service.

    ## Why it stops boot
    The program exits because it cannot open the file.

    ## Remedy
    Mount the file, or remove it from the command.

    ## When to silence it
    If the file is on a volume that is filled before the start.
    """
    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.configs):
            path = _missing(fact, known) if fact.log and known.service.command else ""
            if path:
                yield report(
                    place_in(known.service, "command"),
                    f"service '{known.service.name}': nothing is mounted at '{path}', and image"
                    f" '{known.service.image}' does not have it",
                    severity=grave("exits", care),
                    consequence=says(fact.log, care),
                    hint=f"mount the file at {path}",
                )


def _missing(fact: Config, known: KnownService) -> str:
    for word in known.service.command or ():
        path = word.rpartition("=")[2]
        name = path.rpartition("/")[2]
        if (
            path.startswith("/")
            and matches_any(name, fact.files)
            and path not in fact.shipped
            and not any(
                path == at or path.startswith(f"{at.rstrip('/')}/") for at in known.seen.targets
            )
        ):
            return path
    return ""
