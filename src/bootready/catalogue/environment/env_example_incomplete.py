"""A variable is missing from the template of the .env file: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Safety,
    Severity,
    check,
)
from bootready.check.remedies import line_appended
from bootready.knowledge.examples import ENV_TEMPLATES, settings_in
from bootready.knowledge.values.meaning import is_proxy
from bootready.model.lookup import shown
from bootready.model.node import Reference
from bootready.model.position import Location

SHELL = (("command",), ("entrypoint",), ("healthcheck",))

BUILT_IN = frozenset({"PWD", "HOME", "USER", "COMPOSE_PROJECT_NAME"})
"""Set by the shell or by Compose itself."""


@check(
    summary="a variable is missing from the template of the .env file",
    severity=Severity.WARNING,
    needs=Needs.FILES,
    where=("reference.bare", "reference.required"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def env_example_incomplete(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the variables that the Compose files use without a default with the template beside
    them (`.env.example` and its other usual names). A variable that another file of the clone sets
    is not missing: the env file of an `include`, an env file that uses it, a `.env` in git.

    ## Why it matters
    A fresh clone starts from the template. A variable that is missing from it becomes an empty
    string, or stops Compose if it is required.

    ## Remedy
    Add the variable to the template, with a comment that explains it. `bootready fix` adds it as a
    comment, because an empty value would win over other files that set it.

    ## When to silence it
    If the variable comes from the environment of CI or of the host and must not be in a file.
    """
    directory = context.project.directory
    path = next(
        (
            f"{directory}/{name}"
            for name in ENV_TEMPLATES
            if context.host.file(f"{directory}/{name}")
        ),
        "",
    )
    if not path:
        return
    text = context.host.read_text(path) or ""
    known = set(re.findall(r"^\s*#?\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", text, re.MULTILINE))
    missing: dict[str, list[Location]] = {}
    for reference, where in context.project.uses:
        if (not reference.operator or reference.operator in {"?", ":?"}) and (
            reference.name not in known
            and where[2:3] not in SHELL
            and reference.name not in BUILT_IN
            and not is_proxy(reference.name)
            and not _of_the_clone(context, reference)
        ):
            missing.setdefault(reference.name, []).append(Location(reference.span, where))
    for name, places in missing.items():
        yield report(
            places[0].labelled("a fresh clone has no value for this"),
            f"variable '{name}': not in '{shown(path, directory)}'",
            related=places[1:],
            variable=name,
            hint=f"add the line {name}= to it, with a comment",
            remedy=line_appended(
                f"add {name} to {shown(path, directory)}", path, f"# {name}=", Safety.ASK
            ),
        )._replace(places=len(places))


def _of_the_clone(context: Context, reference: Reference) -> bool:
    """Tell whether a file sets the variable that a fresh clone has, template or not."""
    project, file = context.project, reference.span.file
    own = settings_in(project.sources.get(file, "")) if file not in project.files else {}
    if reference.name in own:
        return True  # an env file that uses what it sets
    known = project.variables_in(file).get(reference.name)
    if known is None or not known.source.startswith("/"):
        return False  # nothing sets it, or the shell of one person does
    env = f"{project.directory}/.env"
    return known.source != env or bool(context.host.tracked_by_git(env))
