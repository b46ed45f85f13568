"""A value is a placeholder: found before boot, at its place."""

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
from bootready.knowledge.values.recipe import generator_in
from bootready.model.lookup import shown

_WORDS = {
    Fault.PLACEHOLDER: "says of itself that it is a placeholder",
    Fault.MARKED: "its comment says that it has to be replaced",
    Fault.DEMO: "a value that everybody knows",
    Fault.STAND_IN: "an example's name",
}
_SAID = {
    Fault.DEMO: ("has a value that everybody knows", "have values that everybody knows"),
    Fault.STAND_IN: ("names an example's host", "name an example's host"),
}


@check(
    summary="a value is a placeholder",
    severity=Severity.ERROR,
    uses=Needs.HOST,
    looks_at=("service.environment", "service.env_file", "service.build", "service.command"),
    since="0.2.0",
    proof="whether a program starts with such a value is the program's own decision",
)
def value_placeholder(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at the values that containers get, from `environment`, env files, the `.env` file, the
    defaults of references and build arguments, for those that say of themselves that they are
    none: `replace-me`, `<token>`, `your-secret-key`. Also for examples whose comment says so:
    `# CHANGEME`, `openssl rand -hex 32`. There is one finding for each file.

    ## Why it stops boot
    Many programs refuse such a value when they start; others take it, and everybody knows the
    secret. It is an error only if the project's own words say that the program does not start, a
    warning for secrets and for the addresses of the project, and a note for the rest: credentials
    that another service issues, example host names, and the usual passwords of demonstrations.

    ## Remedy
    `bootready prepare` generates what can be generated into untracked files. What only you can
    know, such as the key of another service, you have to fill in.
    """
    found = faulty_values(context.project, context.host)
    for severity, file, members in by_file(found):
        named = [one for one in members if one.fault is not Fault.BLANK]
        if named:
            yield _finding(context, report, severity, file, named)


def _finding(
    context: Context, report: Report, severity: Severity, file: str, members: list[Faulty]
) -> Finding:
    path = shown(file, context.project.directory)
    names = listed(members)
    count = len({one.use.name for one in members})
    if {one.fault for one in members} == {Fault.DEMO}:
        words = (
            "has a value that everybody knows" if count == 1 else "have values that everybody knows"
        )
    elif {one.fault for one in members} == {Fault.STAND_IN}:
        words = "names an example's host" if count == 1 else "name an example's host"
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


def _said(members: list[Faulty]) -> tuple[str, str]:
    faults = {one.fault for one in members}
    if faults & {Fault.PLACEHOLDER, Fault.MARKED}:
        if not faults & {*_SAID}:
            return "is a placeholder", "are placeholders"
        return "has an example's value", "have values of an example"
    return _SAID[min(faults, key=lambda fault: fault.value)]


def _hint(members: list[Faulty], path: str, generator: str) -> str:
    if all(one.severity is Severity.NOTE for one in members):
        return f"set your own in {path} before others can reach the project"
    own = f", or run the project's own {generator}" if generator else ""
    return f"bootready prepare (generates what can be generated){own}"
