"""Two variables are set that an image does not accept together: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, has_data, known_programs, says


@check(
    summary="two variables are set that an image does not accept together",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.exclusive",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
    proof="the programs are those of public images, which no test may pull",
)
def image_variables_exclusive(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for variables that exclude each other in known images, such as `POSTGRES_PASSWORD` and
    `POSTGRES_PASSWORD_FILE`.

    ## Why it stops boot
    The entrypoint prints the reason and exits.

    ## What you see
    ```
    both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are set (but are exclusive)
    ```

    ## Remedy
    Remove one of them.

    ## When to silence it
    Never: the image always rejects it.
    """
    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.exclusive):
            given = [
                entry
                for name in fact.variables
                for entry in known.service.environment
                if entry.name == name and entry.value
            ]
            if len(given) < 2 or (fact.first_boot and has_data(known, context)):
                continue
            names = " and ".join(f"`{entry.name}`" for entry in given)
            yield report(
                given[-1].location,
                f"service '{known.service.name}': {names} are both set, but its image accepts only"
                " one",
                related=[given[0].location],
                severity=grave("exits", care),
                consequence=says(fact.log, care),
                hint=f"remove `{given[0].name}`",
            )
