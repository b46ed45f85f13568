"""The engine has too few subnets left for the project's networks: found before boot."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    EngineFact,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.check.elsewhere import is_elsewhere
from bootready.knowledge.engine.subnets import ipv4_range

_DEFAULTS = (
    *((f"172.{second}.0.0/16", 16) for second in range(17, 32)),
    ("192.168.0.0/16", 20),
)
"""What an engine without `default-address-pools` chooses from (moby, ipamutils)."""


@check(
    summary="the engine has too few subnets left for the networks",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    uses=Needs.HOST,
    looks_at=("networks",),
    since="0.2.0",
    reference="https://docs.docker.com/engine/network/#automatic-subnet-allocation",
    proof="which subnets are taken differs per machine",
)
def address_pools_exhausted(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Counts the networks of the project that the engine has to create without a `subnet`, and the
    subnets that are left in its address pools. By default there are 31, minus those that overlap
    with a network of the engine or, unless the engine is on another machine, a route.

    ## Why it stops boot
    The engine creates no network, so no service starts. Projects that were never ended keep their
    networks, and a VPN with wide routes takes many subnets at once.

    ## What you see
    ```
    could not find an available, non-overlapping IPv4 address pool among the defaults to assign
    to the network
    ```

    ## Remedy
    Remove networks that nothing uses (`docker network prune`), or give the engine more pools:
    `default-address-pools` in `/etc/docker/daemon.json`.

    ## When to silence it
    If the other networks are removed before this project starts.
    """
    facts = context.engine.network_facts()
    names = {fact.name for fact in facts}
    wanted = [
        network
        for network in context.project.networks
        if network.used
        and not network.external
        and not network.subnets
        and network.driver in {None, "", "default", "bridge"}
        and network.name not in names
    ]
    if not wanted:
        return
    taken = [*(subnet for fact in facts for subnet in fact.subnets)]
    taken += [subnet for network in context.project.networks for subnet in network.subnets]
    if not is_elsewhere(context) and not context.engine.info().rootless:
        taken += context.host.routes()
    left = _left(context.engine.info(), _ranges(taken), len(wanted))
    if left < len(wanted):
        yield report(
            wanted[left].location,
            f"networks: {len(wanted)} have to be created, but the engine has only {left}"
            f" {'subnet' if left == 1 else 'subnets'} left",
            hint="docker network prune, or more `default-address-pools` in /etc/docker/daemon.json",
        )


def _left(engine: EngineFact, taken: list[tuple[int, int]], enough: int) -> int:
    """Return how many subnets are free, `enough` at most."""
    pools = tuple(zip(engine.address_pools, engine.pool_sizes, strict=False)) or _DEFAULTS
    found = 0
    for base, size in pools:
        for first, last in _ranges([base]):
            step = 1 << 32 - size if size <= 32 else 0
            if not 0 < step <= last - first + 1:
                return enough  # nothing that an engine would accept
            for start in range(first, last + 1, step):
                end = start + step - 1
                found += not any(start <= upper and lower <= end for lower, upper in taken)
                if found >= enough:
                    return found
    return found


def _ranges(texts: list[str]) -> list[tuple[int, int]]:
    return [found for text in texts if (found := ipv4_range(text)) is not None]
