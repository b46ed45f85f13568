"""A project of another directory has the same name: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    ContainerFact,
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.check.elsewhere import is_elsewhere
from bootready.model.lines import lines_of
from bootready.model.lookup import at
from bootready.model.node import Scalar
from bootready.model.position import Location


@check(
    summary="a project of another directory has the same name",
    severity=Severity.ERROR,
    needs=(Needs.HOST, Needs.ENGINE),
    where=("engine.container",),
    since="0.2.0",
    reference="https://docs.docker.com/compose/how-tos/project-name/",
    proof="the other project differs per machine; a test boots two of one name",
)
def project_taken(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for containers with the name of this project that were made from another directory, which
    still exists. Without `name`, a project is called like its directory, and many are called
    `docker`.

    ## Why it stops boot
    To Compose both are one project: it replaces the containers of the other one, running or not,
    and uses its volumes. A database of the other project is then opened with the settings of this
    one. `docker compose down` of one ends the other.

    ## What you see
    ```
    level=warning msg="Found orphan containers ([docker-web-1]) for this project."
    ```

    If both have the same services, Compose says nothing.

    ## Remedy
    Give this project a name: `name: shop` in the Compose file, `COMPOSE_PROJECT_NAME=shop` in
    `.env`, or `-p shop`. If this directory is meant to take over from the other one, remove its
    containers first: `docker compose -p NAME down` keeps the volumes.

    ## When to silence it
    If each version of the project is deployed in a new directory and replaces the one before.

    ## Known limits
    Volumes of a removed project do not say from which directory they come. It is a warning if the
    engine is on another machine, whose directories cannot be seen.
    """
    project, host = context.project, context.host
    severity = Severity.WARNING if is_elsewhere(context) else None
    others: dict[str, list[ContainerFact]] = {}
    for fact in context.engine.containers():
        if fact.project == project.name and fact.directory not in {"", project.directory}:
            others.setdefault(fact.directory, []).append(fact)
    for directory, found in others.items():
        there = host.file(directory)
        if severity is None and (there is None or there == host.file(project.directory)):
            continue  # it was moved, or is this one by another path
        running = sum(fact.state == "running" for fact in found)
        names = ", ".join(sorted(fact.name for fact in found)[:3])
        yield report(
            _name_of(context),
            f"project '{project.name}': '{directory}' has {len(found)}"
            f" {'container' if len(found) == 1 else 'containers'} of this name ({names}"
            f"{', ...' if len(found) > 3 else ''})",
            severity=severity,
            consequence=f"Compose would replace them ({running} running) and use their volumes",
            hint="name this project: COMPOSE_PROJECT_NAME=... in .env; or, to take over, first run"
            f" docker compose -p {project.name} down",
        )


def _name_of(context: Context) -> Location | None:
    node = at(context.project.model, "name")
    text = context.project.sources.get(node.span.file, "") if isinstance(node, Scalar) else ""
    lines = lines_of(text)
    if node is None or node.span.line > len(lines):
        return None
    # A name that is nowhere written has the place of the whole file.
    written = lines[node.span.line - 1].lstrip().startswith("name")
    return Location(node.span, ("name",)) if written else None
