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
    where=("engine.network",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#name",
    proof="another project's network must exist; tests/faults creates one",
)
def network_taken(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the labels of existing networks with those that Compose would set: the name of the
    project and the key in `networks`.

    ## Why it stops boot
    Compose 2 rejects a network that has another key or no labels. Compose 5 warns and joins it,
    whatever its subnet and driver are; if Compose 5 is installed, this is a warning.

    ## What you see
    ```
    network ftshared was found but has incorrect label com.docker.compose.network
    set to "" (expected: "n")
    ```

    ## Remedy
    Set `external: true` if you want to join that network, or give the network another `name`.

    ## When to silence it
    If sharing the network with the other project is intended, and only Compose 5 is used.
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
        owner = f"project '{fact.project}'" if fact.project else "another program"
        yield report(
            network.location,
            f"network '{network.key}': '{network.name}' already exists and was created by {owner}",
            severity=None if refused else Severity.WARNING,
            hint="set `external: true`, or use another `name`",
        )
