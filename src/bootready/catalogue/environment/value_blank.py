"""A secret has no value: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.check.placeholders import Fault, Faulty, by_file, faulty_values, listed
from bootready.knowledge.values.first_start import Demand, unmet_demand
from bootready.knowledge.values.recipe import generator_in
from bootready.model.lookup import place_in, shown
from bootready.model.project import Service


@check(
    summary="a secret has no value",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.environment", "service.env_file", "service.image"),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
    proof="the images that refuse it are not on the machines that run the proofs",
)
def value_blank(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets that a container gets without a value: `SECRET_KEY=` in an env file, and
    `SECRET_KEY:` in `environment`, which takes the value from the shell and is left out without
    one. Only names that are clearly a secret of the program itself count, or those whose comment
    asks for a value. It also covers databases whose image does not start without a password
    (PostgreSQL, MySQL, MariaDB, MongoDB and related images).

    ## Why it stops boot
    The entrypoint of such an image refuses to create a database, and the container exits. For other
    images, and if a volume of the project already exists, it is a warning: many programs refuse to
    start without their key, or sign with an empty one.

    ## What you see
    ```
    Error: Database is uninitialized and superuser password is not specified.
    ```

    ## Remedy
    `bootready prepare` generates a value in an untracked file.

    ## When to silence it
    If the program works without the secret, for example an optional API key.
    """
    refused: set[tuple[str, str]] = set()
    started = _has_data(context)
    unread = {
        one.location.path[:2]
        for one in context.project.problems
        if one.kind == "env-file-missing" and one.location
    }
    for service in context.project.services:
        if service.location.path in unread:
            continue
        demand = _demand(service)
        if demand is not None:
            refused.add((service.name, demand.names[0]))
            yield _refusal(report, service, demand, started=started)
    for severity, file, members in by_file(faulty_values(context.project, context.host)):
        blank = [
            one
            for one in members
            if one.fault is Fault.BLANK
            and not any((name, key) in refused for name in one.use.services for key in one.use.keys)
        ]
        if blank:
            yield _finding(context, report, severity, file, blank)


def _demand(service: Service) -> Demand | None:
    if not service.image or service.command or service.entrypoint:
        return None  # another program, perhaps
    found = {entry.name: entry.value or "" for entry in service.environment}
    return unmet_demand(service.image, found)


def _has_data(context: Context) -> bool:
    """Tell whether the project has run before: only an empty data directory asks for a password."""
    if not context.engine.reachable:
        return False
    return any(one.project == context.project.name for one in context.engine.volume_facts())


def _refusal(report: Report, service: Service, demand: Demand, *, started: bool) -> Finding:
    entry = next((one for one in service.environment if one.name in demand.names), None)
    place = entry.location if entry else place_in(service, "image")
    name = entry.name if entry else demand.names[0]
    if demand.least:
        message = f"service '{service.name}': '{name}' is shorter than {demand.least} characters"
    else:
        message = f"service '{service.name}': its image does not start without '{name}'"
    return report(
        place.labelled("no value" if entry else "this image asks for it"),
        message,
        hint="bootready prepare (generates it)" if entry else f"set {name} in `environment`",
        severity=Severity.WARNING if started else Severity.ERROR,
    )


def _finding(
    context: Context, report: Report, severity: Severity, file: str, members: list[Faulty]
) -> Finding:
    path = shown(file, context.project.directory)
    verb = "has no value" if len({one.use.name for one in members}) == 1 else "have no value"
    places = [
        one.use.place.labelled(
            "passed through, but not set anywhere" if one.use.passed else "empty"
        )
        for one in members
    ]
    generator = next((made for one in members if (made := generator_in(one.use.comment))), "")
    own = f", or run the project's own {generator}" if generator else ""
    message = f"file '{path}': {listed(members)} {verb}"
    hint = f"bootready prepare (generates what can be generated){own}"
    finding = report(places[0], message, related=places[1:], hint=hint, severity=severity)
    return finding._replace(places=len(places))
