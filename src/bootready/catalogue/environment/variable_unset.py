"""A variable is not set and has no default: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.position import Location, YamlPath


@check(
    summary="a variable is not set and has no default",
    severity=Severity.WARNING,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def variable_unset(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for every `$NAME` and `${NAME}` that neither the shell nor an env file sets. Those in
    commands and healthchecks are left to `dollar-unescaped`, those in an env file to
    `dollar-in-env-file`.

    ## Why it matters
    Compose puts an empty text in its place and goes on: a blank password, a port at random, a
    path at the root of the disk.

    ## Remedy
    Set it in the `.env` file, or give it a default: `${NAME:-value}`.
    """
    places: dict[str, list[Location]] = {}
    for reference, path in context.project.uses:
        if not path or reference.is_set or reference.operator or _shell_text(path):
            continue
        places.setdefault(reference.name, []).append(
            Location(reference.span, path, "this becomes an empty text")
        )
    for name, found in places.items():
        finding = report(
            found[0],
            f"variable '{name}': not set, and has no default",
            related=found[1:6],
            hint=f"{name}=... in the .env file, or ${{{name}:-default}} here",
        )
        yield finding._replace(places=len(found))


def _shell_text(path: YamlPath) -> bool:
    return (
        len(path) > 2
        and path[0] == "services"
        and path[2] in {"command", "entrypoint", "healthcheck"}
    )
