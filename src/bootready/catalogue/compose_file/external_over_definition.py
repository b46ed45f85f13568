"""A definition is turned into an external one by another file: found before boot."""

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
    another, after include and overrides were merged.

    ## Why it stops boot
    Compose 5 merges them without a word: the secret's file is ignored ("unsupported external
    secret"), the network is not created. Compose 2 refuses the include: "conflicts with imported
    resource". A network that exists is joined, and its definition ignored: a warning.

    ## Remedy
    Declare it in one file only; a file that is included may use it without declaring it.
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
