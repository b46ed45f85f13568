"""A variable that an image requires is not set: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import environment_known, grave, has_data, known_programs, says
from bootready.model.lookup import place_in


@check(
    summary="a variable that an image requires is not set",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("image.required",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
    proof="the programs are those of public images, which no test may pull",
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
    for known in known_programs(context):
        if not environment_known(known, context):
            continue
        files = known.image.family.file_variables
        for fact, doubt in known.facts(known.image.family.required):
            if any(_given(name, files, known.seen.variables) for name in fact.any_of):
                continue
            data = has_data(known, context) if fact.first_boot else False
            if data:
                continue
            care = doubt or ("its volume may already have data" if data is None else "")
            service = known.service
            names = [f"`{name.partition('=')[0]}`" for name in fact.any_of]
            wanted = names[0] if len(names) == 1 else f"one of {', '.join(names[:4])}"
            yield report(
                place_in(service, "environment" if service.environment else "image"),
                f"service '{service.name}': image '{service.image}' needs {wanted}",
                severity=grave(fact.outcome, care),
                consequence=says(fact.log, care, fact.outcome),
                hint=fact.instead,
                kind=fact.generate,
            )


def _given(wanted: str, files: tuple[str, ...], variables: dict[str, str]) -> bool:
    name, equals, value = wanted.partition("=")
    if equals:
        return variables.get(name) == value
    return bool(variables.get(name) or (name in files and variables.get(f"{name}_FILE")))
