"""A variable is set that an image does not read: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import known_programs, says
from bootready.knowledge.images.globs import matches_any
from bootready.knowledge.images.known import KnownService
from bootready.model.near import nearest
from bootready.model.project import EnvironmentEntry


@check(
    summary="a variable is set that an image does not read",
    severity=Severity.WARNING,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.unread", "image.variables"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#environment",
)
def image_variable_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for variables that are often set on known images although those never read them, usually
    because another image of the same program does: `REDIS_PASSWORD`, `POSTGRES_DATABASE`. A name
    that is similar to one that the image reads is a note.

    ## Why it matters
    The setting has no effect: the server runs without the password, or the database has another
    name.

    ## Remedy
    Use the variable or option that the hint names.

    ## When to silence it
    If a script of your own in the container reads the variable.
    """
    for known in known_programs(context):
        service, told = known.service, set[str]()
        for fact, care in known.facts(known.image.family.unread):
            for entry in service.environment:
                if (
                    entry.name in told
                    or _is_shared(entry, known)
                    or not matches_any(entry.name, fact.variables)
                ):
                    continue
                told.add(entry.name)
                yield report(
                    entry.location,
                    f"service '{service.name}': image '{service.image}' does not read"
                    f" `{entry.name}`",
                    consequence=says("", care),
                    hint=fact.instead,
                )
        for entry in service.environment:
            told_of = entry.name in told or _is_shared(entry, known)
            meant = "" if told_of else _meant(entry.name, known)
            if meant:
                yield report(
                    entry.location,
                    f"service '{service.name}': image '{service.image}' does not read"
                    f" `{entry.name}`",
                    severity=Severity.NOTE,
                    hint=f"did you mean `{meant}`?",
                )


def _is_shared(entry: EnvironmentEntry, known: KnownService) -> bool:
    """Tell whether a variable is from an env_file that other services read too: it is theirs."""
    return entry.env_file is not None and any(
        other.env_file == entry.env_file
        for service in known.seen.project.services
        if service is not known.service
        for other in service.environment
    )


def _meant(name: str, known: KnownService) -> str:
    """Return the variable that was meant by one of nearly the same name, if that is not set."""
    family = known.image.family
    names = (*family.variables, *(f"{name}_FILE" for name in family.file_variables))
    if not family.variables or matches_any(name, names):
        return ""
    probe = known.service.healthcheck
    words = " ".join((*(known.service.command or ()), *(probe.test if probe else ())))
    if name in words:
        return ""
    start = name.partition("_")[0]
    like = [one for one in names if one.startswith(f"{start}_") and one not in known.seen.variables]
    close = nearest(name, like, 1, 0.86)
    return close[0] if close else ""
