"""A network of the same name already exists outside the project."""

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
from bootready.knowledge.engine.values import NETWORK_MODES


@check(
    summary="a network of the same name already exists outside the project",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#name",
    proof="another project's network must exist; tests/faults creates one",
)
def network_taken(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the labels of existing networks with what Compose would have written on them: the name
    of the project and the key in `networks`.

    ## Why it stops boot
    Compose 2 refuses a network that has another key or none: "was found but has incorrect label".
    Compose 5 warns and joins it, whatever its subnet and driver are: that is a warning.

    ## Remedy
    Say `external: true` if it is meant, or give the network another `name`.
    """
    facts = {fact.name: fact for fact in context.engine.network_facts()}
    for network in context.project.networks:
        fact = facts.get(network.name)
        if fact is None or network.external or not network.used or network.name in NETWORK_MODES:
            continue
        mine = fact.project == context.project.name
        if mine and fact.key == network.key:
            continue
        refused = fact.key != network.key and context.engine.compose_version()[:2] == "2."
        owner = f"project '{fact.project}'" if fact.project else "somebody else"
        yield report(
            network.location,
            f"network '{network.key}': '{network.name}' already exists and was created by {owner}",
            severity=None if refused else Severity.WARNING,
            hint="set `external: true`, or use another `name`",
        )
