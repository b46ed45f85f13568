"""A value is a placeholder: found before boot, at its place."""

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
from bootready.check.placeholders import Fault, Faulty, by_file, listed, placeholders
from bootready.model.lookup import shown

_WORDS = {
    Fault.PLACEHOLDER: "a placeholder",
    Fault.MARKED: "its comment says that it must be replaced",
    Fault.DEMO: "a publicly known value",
    Fault.STAND_IN: "an example's name",
}


@check(
    summary="a value is a placeholder",
    severity=Severity.ERROR,
    uses=Needs.HOST,
    looks_at=(
        "service.environment",
        "service.env_file",
        "service.build",
        "service.command",
        "service.labels",
        "secrets",
    ),
    traits=Trait.SET_BY_PREPARE,
    since="0.2.0",
    proof="whether a program starts with such a value is the program's own decision",
)
def value_placeholder(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for placeholders among the values that containers get, from `environment`, env files, the
    `.env` file, defaults of references, build arguments and labels: `replace-me`, `<token>`,
    `your-secret-key`, a key in PEM without its body. It also finds examples whose comment says so:
    `# CHANGEME`, `openssl rand -hex 32`. Each file has one finding.

    ## Why it stops boot
    Many programs reject such a value when they start; others accept it, and the secret is publicly
    known. It is an error only if the project itself says that the program does not start. It is a
    warning for secrets and for the addresses of the project, and a note for the rest: credentials
    that another service issues, example host names, and common demo passwords.

    ## Remedy
    `bootready prepare` generates what can be generated, in untracked files. What none of them
    reaches (files of `-f`, build arguments, commands) `bootready fix` turns into a variable with
    the placeholder as its default, which `prepare` then sets. Values that only you can know, such
    as the key of another service, you must fill in.

    ## When to silence it
    If the value is intended, for example a demo that is never reachable from other machines.
    """
    for severity, file, members in by_file(placeholders(context.project, context.host)):
        yield _finding(context, report, severity, file, members)


def _finding(
    context: Context, report: Report, severity: Severity, file: str, members: list[Faulty]
) -> Finding:
    from bootready.knowledge.values.generators import generator_in

    path = shown(file, context.project.directory)
    names = listed(members)
    count = len({one.use.name for one in members})
    if {one.fault for one in members} == {Fault.DEMO}:
        words = "has a publicly known value" if count == 1 else "have publicly known values"
    elif {one.fault for one in members} == {Fault.STAND_IN}:
        words = "names an example host" if count == 1 else "name an example host"
    else:
        words = "is a placeholder" if count == 1 else "are placeholders"
    places = [one.use.place.labelled(_WORDS[one.fault]) for one in members]
    generator = next((made for one in members if (made := generator_in(one.use.comment))), "")
    finding = report(
        places[0],
        f"file '{path}': {names} {words}",
        related=places[1:],
        hint=_hint(members, path, generator),
        severity=severity,
    )
    return finding._replace(places=len(places))


def _hint(members: list[Faulty], path: str, generator: str) -> str:
    if all(one.severity is Severity.NOTE for one in members):
        return f"set your own in {path} before others can reach the project"
    own = f", or run the project's own {generator}" if generator else ""
    return f"bootready prepare (generates what can be generated){own}"
