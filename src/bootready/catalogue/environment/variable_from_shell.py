"""The shell of the user who runs Compose sets a variable: found before boot, at its place."""

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
from bootready.model.lookup import shown
from bootready.model.position import Location

EVERYWHERE = frozenset(
    {
        *("DISPLAY", "EDITOR", "HOST", "HOSTNAME", "HOSTTYPE", "LANG", "LANGUAGE", "LC_ALL"),
        *("LOGNAME", "MAIL", "NAME", "OSTYPE", "PAGER", "PATH", "SHELL", "SHLVL", "TERM", "TMPDIR"),
        *("USER", "USERNAME"),
    }
)
"""What shells and logins set for themselves; HOME and PWD are left out, they are meant."""


@check(
    summary="the shell of the user who runs Compose sets a variable",
    severity=Severity.NOTE,
    uses=Needs.HOST,
    where=("variable.shell",),
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/",
)
def variable_from_shell(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for variables with a name that every shell sets (`USER`, `HOSTNAME`, `LANG` ...), and for
    variables that an env file sets to another value than the shell.

    ## Why it matters
    The shell takes precedence over the `.env` file, so the project gets the value of this login,
    and another value on the next machine.

    ## Remedy
    Give the variable a name that is specific to the project, or `unset` it.

    ## When to silence it
    If the value of the login is intended, for example `USER` in a label.

    ## Sources
    - <https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/>
    """
    places: dict[str, Location] = {}
    for reference, path in context.project.uses:
        if path and reference.is_used:
            places.setdefault(reference.name, Location(reference.span, path))
    files = {
        file: context.host.read_text(file) or ""
        for file in context.project.env_files
        if any(v.source == "shell" for n, v in context.project.variables.items() if n in places)
    }
    for name, place in places.items():
        variable = context.project.variables.get(name)
        if variable is None or variable.source != "shell":
            continue
        other = next((f for f, text in files.items() if _differs(text, name, variable.value)), "")
        if other:
            what = f"the shell's value is used, not that in '{_name(other, context)}'"
        elif name in EVERYWHERE:
            what = "its value comes from this login"
        else:
            continue
        hint = f"unset {name}, or rename the variable"
        yield report(place, f"variable '{name}': {what}", hint=hint, variable=name)


def _differs(text: str, name: str, value: str) -> bool:
    for line in text.splitlines():
        key, sign, rest = line.strip().removeprefix("export ").partition("=")
        if sign and key.strip() == name:
            return rest.strip().strip("\"'") != value and "$" not in rest
    return False


def _name(path: str, context: Context) -> str:
    return shown(path, context.project.directory)
