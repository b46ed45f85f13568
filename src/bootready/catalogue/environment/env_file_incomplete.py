"""A variable that the template sets is missing from the .env file."""

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
from bootready.check.remedies import variable_set
from bootready.knowledge.examples import settings_in, templates_for
from bootready.model.lookup import shown
from bootready.model.position import Location


@check(
    summary="a variable that the template sets is missing from the .env file",
    severity=Severity.WARNING,
    needs=Needs.FILES,
    where=("env_files",),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def env_file_incomplete(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `.env` with the template beside it (`.env.example` and its other usual names), and
    reports variables that the Compose files use and the template sets, but `.env` does not.
    Variables without a default are covered by `variable-unset` and `required-variable-unset`.

    ## Why it matters
    The template has grown since it was copied, or a line was lost. Compose then uses the default in
    the Compose file, which may differ from the value in the template.

    Not reported is an address that no container reaches, where the default names a service: such a
    line is for programs on the host.

    ## Remedy
    `bootready prepare` appends the line of the template to `.env`; the existing lines are kept.

    ## When to silence it
    If the default in the Compose file is the value that this machine should use.
    """
    project, host = context.project, context.host
    path = f"{project.directory}/.env"
    if path not in project.env_files:
        return
    template = next((name for name in templates_for(path) if host.file(name)), "")
    text = host.read_text(path)
    if not template or text is None:
        return
    from bootready.connections.lost import lost_hosts

    present = settings_in(text)
    example_text = host.read_text(template) or ""
    lost = lost_hosts(project, example_text)
    wanted = {k: v for k, v in settings_in(example_text).items() if k not in lost}
    places: dict[str, list[Location]] = {}
    for reference, where in project.uses:
        setting = wanted.get(reference.name)
        if setting is None or setting.is_empty or reference.name in present:
            continue
        if reference.name not in project.variables_in(reference.span.file) and reference.operator[
            -1:
        ] not in {
            "",
            "?",
        }:
            places.setdefault(reference.name, []).append(Location(reference.span, where))
    for name, found in places.items():
        example = shown(template, project.directory)
        yield report(
            found[0].labelled("the default is used"),
            f"variable '{name}': './.env' does not set it, but '{example}' does",
            related=found[1:],
            variable=name,
            remedy=variable_set(
                f"appends the line of {example} to ./.env", path, name, wanted[name].text
            ),
        )._replace(places=len(found))
