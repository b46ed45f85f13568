"""A variable is not set and has no default: found before boot, at its place."""

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
from bootready.check.blanked import blanked_over_env_file
from bootready.check.env_candidates import beside_tracked, examples_of, hints_for
from bootready.knowledge.values.meaning import is_proxy
from bootready.model.lookup import shown
from bootready.model.position import Location, YamlPath


@check(
    summary="a variable is not set and has no default",
    severity=Severity.WARNING,
    uses=Needs.HOST,
    where=("reference.unset",),
    traits=Trait.SET_BY_PREPARE,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def variable_unset(context: Context, report: Report) -> Iterator[Finding]:
    r"""
    ## What it does
    Looks for every `$NAME` and `${NAME}` that neither the shell nor an env file sets. Variables
    used only in commands or healthchecks are covered by `dollar-unescaped`, those in an env file by
    `dollar-in-env-file`, those that hide the value of an `env_file` by `env-file-blanked`.

    ## Why it matters
    Compose inserts an empty string and continues. The result is a blank password, a random port or
    a path at the root of the disk.

    ## What you see
    ```
    level=warning msg="The \"FT_UNSET\" variable is not set. Defaulting to a blank string."
    ```

    ## Remedy
    Set it in the `.env` file, or give it a default: `${NAME:-value}`.

    ## When to silence it
    If empty is a valid value. Writing `${NAME:-}` says the same in the Compose file and needs no
    silence.
    """
    places: dict[str, list[Location]] = {}
    plain: set[str] = set()
    told = {
        reference.span
        for one in blanked_over_env_file(context.project)
        for reference in one.node.references
    }
    for reference, path in context.project.uses:
        if path and not _shell_text(path):
            plain.add(reference.name)  # also with a default: Compose inserts it, no shell does
        if not path or reference.is_set or reference.operator or reference.span in told:
            continue
        places.setdefault(reference.name, []).append(
            Location(reference.span, path, "this becomes an empty string")
        )
    examples = examples_of(context.project, context.host)
    others = {} if examples else hints_for(context.project, context.host)
    for name, found in places.items():
        if name not in plain:
            continue
        template = next((path for path, names in examples.items() if name in names), "")
        tracked = beside_tracked(context.project, context.host, name)
        off = is_proxy(name) and not tracked and not template and all(map(_may_be_empty, found))
        finding = report(
            found[0],
            f"variable '{name}': not set, and without a default"
            + (f"; set in '{shown(template, context.project.directory)}'" if template else ""),
            related=found[1:],
            variable=name,
            severity=Severity.NOTE if off else None,
            hint="bootready prepare (makes .env from it)"
            if template
            else others.get(name)
            or tracked
            or ("set it only behind a proxy" if off else "")
            or f"set {name}=... in the .env file, or write ${{{name}:-default}} here",
        )
        yield finding._replace(places=len(found))


def _may_be_empty(place: Location) -> bool:
    return place.path[2:3] in {("environment",), ("build",), ("labels",)}


def _shell_text(path: YamlPath) -> bool:
    return (
        len(path) > 2
        and path[0] == "services"
        and path[2] in {"command", "entrypoint", "healthcheck"}
    )
