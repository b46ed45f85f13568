"""Compose replaces a `$` that is meant for the shell: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.process.argv import reaches_shell
from bootready.knowledge.process.constant import always_fails
from bootready.model.lookup import at
from bootready.model.node import Scalar
from bootready.model.position import Location
from bootready.model.problem import Use

PARTS = (("command",), ("entrypoint",), ("healthcheck",))


@check(
    summary="Compose replaces a `$` that is meant for the shell",
    severity=Severity.ERROR,
    where=("reference.bare",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def dollar_unescaped(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for variables in `command`, `entrypoint` and `healthcheck` that the service sets for its
    own shell to another value than Compose inserts, or that are not set anywhere. Variables that
    the project also uses elsewhere are covered by `variable-unset`.

    ## Why it stops boot
    Compose replaces `$NAME` before the container exists, so the shell in the container sees an
    empty string or the value from this machine. This is an error if the healthcheck can then never
    pass, as in `test "" = ok`; otherwise it is a warning.

    ## What you see
    ```
    container ft-a-1 is unhealthy
    ```

    `docker compose config` only warns that the variable is not set. If the variable is set on this
    machine, its value is inserted without any warning.

    ## Remedy
    Write `$$NAME`: Compose turns `$$` into one `$`. `bootready fix` does that.

    ## When to silence it
    If Compose is meant to insert the value, for example a port that is also set in the `.env` file
    of other machines.
    """
    uses: dict[str | int, list[Use]] = {}
    elsewhere: set[str] = set()
    required: set[str] = set()
    for use in context.project.uses:
        if use.reference.operator in {"?", ":?"} and not use.reference.is_set:
            required.add(use.reference.name)
        if use.path[:1] != ("services",) or use.path[2:3] not in PARTS:
            elsewhere.add(use.reference.name)
        elif not use.reference.operator:
            uses.setdefault(use.path[1], []).append(use)
    for service in context.project.services:
        own = {entry.name: entry.value for entry in service.environment}
        for reference, path in uses.get(service.name, ()):
            name, place = reference.name, Location(reference.span, path, "Compose replaces this")
            known = context.project.variables_in(place.span.file).get(name)
            # An entry without a value takes Compose's own.
            same = name in own and (own[name] or "") == (known.value if known else "")
            if same and not _is_emptied(context, service.name, name):
                continue
            if (name not in own and (reference.is_set or name in elsewhere)) or name in required:
                continue
            shell = reaches_shell(service, path)
            test = service.healthcheck.test if service.healthcheck else ()
            fatal = path[2] == "healthcheck" and always_fails(test)
            yield report(
                place,
                f"service '{service.name}': `{path[2]}`: '${name}' is replaced before the"
                " container starts",
                severity=None if fatal and not same else Severity.WARNING,
                hint=f"write $${name} for the shell in the container"
                if shell
                else f"no shell reads this; set {name} in .env, or run it with `sh -c` and"
                f" $${name}",
            )


def _is_emptied(context: Context, service: str, name: str) -> bool:
    """Tell whether a service's own variable is empty only until what it is made of gets a value."""
    node = at(context.project.model, "services", service, "environment", name)
    return isinstance(node, Scalar) and node.value == "" and node.template is not None
