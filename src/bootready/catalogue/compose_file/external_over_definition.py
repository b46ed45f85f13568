"""Another file makes a defined resource external: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import span_of, value_at
from bootready.model.node import Mapping
from bootready.model.position import Location

NEUTRAL = frozenset({"external", "name", "x-bootready"})
"""What an external resource may say besides."""


@check(
    summary="another file makes a defined resource external",
    severity=Severity.ERROR,
    looks_at=("networks", "secrets", "configs"),
    mentions=("external",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/include/",
)
def external_over_definition(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for networks, secrets and configs that are `external: true` in one file and defined in
    another, after includes and overrides have been merged.

    ## Why it stops boot
    Compose 5 silently merges the two: the `file` of a secret is then ignored, and a network is not
    created. If the network already exists, Compose joins it and ignores the definition; that is
    reported as a warning. Compose 2 rejects the include.

    ## What you see
    Compose v5.6.1, at `up` (its `config` exits 0):

    ```
    unsupported external secret pw
    ```

    Compose v2.40.3, at `config`:

    ```
    networks.core conflicts with imported resource
    ```

    ## Remedy
    Define it in one file only; an included file can use it without declaring it. `bootready fix`
    removes the declaration with `external: true`.

    ## When to silence it
    If the network is really created outside the project and the definition is only a fallback.
    """
    for kind, resources in (
        ("secret", context.project.secrets),
        ("config", context.project.configs),
        ("network", context.project.networks),
    ):
        for resource in resources:
            node, key = resource.node, resource.location.path[-1]
            if value_at(node, "external") is not True or not isinstance(node, Mapping):
                continue
            outside = span_of(node, "external")
            defined = [
                (name, node.entries[name].span) for name in node.entries if name not in NEUTRAL
            ]
            for name, span in defined:
                if outside is None or span.file == outside.file:
                    continue
                yield report(
                    Location(outside, resource.location.path, "this makes it external"),
                    f"{kind} '{key}': is external in one file, but has `{name}` in another",
                    related=[Location(span, resource.location.path, "this is ignored")],
                    severity=Severity.WARNING if kind == "network" else None,
                    hint="remove the declaration with `external: true`",
                )
                break
