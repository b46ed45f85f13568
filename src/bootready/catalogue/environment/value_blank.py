"""A secret has no value: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.check.placeholders import Faulty, blanks, by_file, listed
from bootready.model.lookup import shown


@check(
    summary="a secret has no value",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE, Needs.REGISTRY),
    looks_at=("service.environment", "service.env_file"),
    traits=Trait.SET_BY_PREPARE,
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
    proof="the images that refuse it are not on the machines that run the proofs",
)
def value_blank(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets that a container gets without a value: `SECRET_KEY=` in an env file, and
    `SECRET_KEY:` in `environment`, which takes the value from the shell and is left out without
    one. Names that are clearly a secret of the program itself count, and those whose comment asks
    for a value. Other secrets that are written without a value (`AUTH_PASSWORD=`) are a note, as
    they may be optional. `image-variable-missing` covers what the image of a service demands.

    ## Why it stops boot
    Many programs refuse to start without their key, or sign with an empty one.

    ## What you see
    ```
    ImproperlyConfigured: The SECRET_KEY setting must not be empty.
    ```

    ## Remedy
    `bootready prepare` generates a value in an untracked file.

    ## When to silence it
    If the program works without the secret, for example an optional API key.
    """
    found = blanks(context.project, context.host)
    refused = _refused_by_images(context) if found else set()
    for severity, file, members in by_file(found):
        blank = [
            one
            for one in members
            if not any((name, key) in refused for name in one.use.services for key in one.use.keys)
        ]
        if blank:
            yield _finding(context, report, severity, file, blank)


def _refused_by_images(context: Context) -> set[tuple[str, str]]:
    """Return the variables, by service, without which a known image does not start: those are told
    by image-variable-missing.
    """
    from bootready.knowledge.images.names import family_of

    if not any(family_of(service.image) for service in context.project.services if service.image):
        return set()
    from bootready.check.images import unmet_variables

    return {
        (known.service.name, name)
        for known, fact, _ in unmet_variables(context)
        for name in fact.any_of
    }


def _finding(
    context: Context, report: Report, severity: Severity, file: str, members: list[Faulty]
) -> Finding:
    from bootready.knowledge.values.generators import generator_in

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
    if severity is Severity.NOTE:
        hint = f"set your own in {path} if the program needs it"
    finding = report(places[0], message, related=places[1:], hint=hint, severity=severity)
    return finding._replace(places=len(places))
