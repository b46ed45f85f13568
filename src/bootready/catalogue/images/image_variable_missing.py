"""A variable that an image requires is not set: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, says, unmet_variables
from bootready.model.lookup import place_in

_KEYS = ("environment", "image")


@check(
    summary="a variable that an image requires is not set",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.required",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
    proof="tests/engine/test_image_proofs.py runs Debian's builds of the programs",
)
def image_variable_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the variables of services with those that the entrypoints of known images require: a
    password for PostgreSQL, one of several for MySQL and MariaDB, each also as `NAME_FILE` if the
    image reads that. `bootready explain image NAME` shows the known facts and their sources.

    ## Why it stops boot
    The program exits immediately; the finding has the line that its log will contain.

    ## Remedy
    Set one of the variables.

    ## When to silence it
    If the volume already has data: the image then needs no password.

    ## Known limits
    Data of an earlier start needs no password. An external volume may have some, so that is a
    warning.
    """
    for known, fact, care in unmet_variables(context):
        service = known.service
        names = [f"`{name.partition('=')[0]}`" for name in fact.any_of]
        wanted = names[0] if len(names) == 1 else f"one of {', '.join(names[:4])}"
        empty = next((e for e in service.environment if e.name in fact.any_of), None)
        yield report(
            empty.location if empty else place_in(service, _KEYS[not service.environment]),
            f"service '{service.name}': image '{service.image}' needs {wanted}",
            severity=grave(fact.outcome, care),
            consequence=says(fact.log, care, fact.outcome),
            hint=fact.instead,
            kind=fact.generate,
        )
