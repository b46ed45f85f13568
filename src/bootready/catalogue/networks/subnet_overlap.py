"""Two subnets overlap: found before boot, at its place."""

from __future__ import annotations

from ipaddress import ip_network

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    NetworkFact,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_below


@check(
    summary="two subnets overlap",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    looks_at=("networks",),
    mentions=("subnet",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#ipam",
)
def subnet_overlap(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the subnets of the project with each other, and with those of the networks that the
    engine has.

    ## Why it stops boot
    The engine rejects the second network. The first one has been created by then.

    ## What you see
    ```
    failed to create network ft_n: Error response from daemon: Pool overlaps with other
    one on this address space
    ```

    ## Remedy
    Use another subnet, or remove the other network if it is no longer used
    (`docker network prune`).

    ## When to silence it
    If the other network is removed before this project starts.
    """
    taken = [(fact.name, text) for fact in _facts(context) for text in fact.subnets]
    own = [
        (n, text)
        for n in context.project.networks
        if n.used and not n.external
        for text in n.subnets
    ]
    for number, (network, text) in enumerate(own):
        rivals = [(n.name, other) for n, other in own[:number]] + [
            t for t in taken if t[0] != network.name
        ]
        for name, other in rivals:
            if _overlap(text, other):
                yield report(
                    place_below(network.node, network.location, "ipam", "config", 0, "subnet"),
                    f"network '{network.key}': subnet {text} overlaps {other} of '{name}'",
                )
                break


def _facts(context: Context) -> tuple[NetworkFact, ...]:
    return tuple(context.engine.network_facts()) if context.engine.reachable else ()


def _overlap(one: str, other: str) -> bool:
    try:
        left, right = ip_network(one, strict=False), ip_network(other, strict=False)
    except ValueError:
        return False
    return left.version == right.version and left.overlaps(right)
