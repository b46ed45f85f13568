"""A command has an option that the image rejects, or lacks a required option."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.knowledge.images.conditions import is_option
from bootready.knowledge.images.facts import Option
from bootready.knowledge.images.known import KnownService
from bootready.model.lookup import items_at, place_in
from bootready.model.position import Location


@check(
    summary="a command has an option that the image rejects, or lacks a required option",
    severity=Severity.ERROR,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.options",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#command",
    proof="tests/engine/test_image_proofs.py runs Debian's builds of the programs",
)
def image_option_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks in the commands of known images for options that their version no longer has, and for
    missing options that the program needs. `command` replaces the whole command of an image.

    ## Why it stops boot
    The program exits; the finding has the line that its log will contain.

    ## Remedy
    Remove the option, or add it. The hint names its replacement.

    ## When to silence it
    If the image is a build of your own with that option.
    """
    for known in known_programs(context):
        command = known.service.command
        if not command:
            continue
        for fact, care in known.facts(known.image.family.options):
            wrong = _wrong(fact, command)
            if wrong:
                yield report(
                    _place(known, wrong),
                    f"service '{known.service.name}': {_words(fact, wrong, known)}",
                    severity=grave(fact.outcome, care),
                    consequence=says(fact.log, care, fact.outcome),
                    hint=fact.instead,
                )


def _wrong(fact: Option, command: tuple[str, ...]) -> str:
    given = [option for option in fact.options if is_option(command, option)]
    if fact.needed:
        return "" if given else fact.options[0]
    return given[0] if given else ""


def _words(fact: Option, option: str, known: KnownService) -> str:
    if fact.needed:
        return f"its command lacks `{option}`, which image '{known.service.image}' needs"
    return f"image '{known.service.image}' does not have the option `{option}`"


def _place(known: KnownService, option: str) -> Location:
    command = known.service.command or ()
    for number, _ in items_at(known.service.node, "command"):
        if number < len(command) and is_option((command[number],), option):
            return place_in(known.service, "command", number)
    return place_in(known.service, "command")
