"""A stack and a cluster whose nodes were probed -> what they lack of what a service needs there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootready.model.cluster import ClusterFact, NodeFact, Probed
from bootready.swarm.cluster_faults import Fault, names_of
from bootready.swarm.stack import Stack
from bootready.swarm.wanted import Wanted, eligible, services_of

LEAST_FREE = 1 << 30
"""Bytes that a node has to have free for images, logs and data of containers."""


def lacking(stack: Stack, cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield what nodes that were probed do not have of what a service needs there."""
    if cluster is None or not cluster.probed:
        return
    for one in services_of(stack):
        nodes = [node for node in eligible(one, cluster) if node.probed is not None]
        yield from _absent(one, nodes, "image")
        for source in one.sources:
            yield from _absent(one, nodes, source)
        yield from _kernel(one, stack, nodes)
    for node in cluster.workers:
        free = node.probed.free if node.probed else None
        if free is not None and free < LEAST_FREE:
            yield Fault(
                (),
                f"node '{node.name}': {free:,} bytes are free where its engine keeps containers",
                "images do not fit, and databases stop when nothing is left",
                "docker system df on that node",
                "some",
            )


def _absent(one: Wanted, nodes: Sequence[NodeFact], what: str) -> Iterator[Fault]:
    """Yield a fault if nodes do not have the image of a service, or a source that it mounts."""
    without = []
    for node in nodes:
        probed = node.probed or Probed()
        known = probed.images if what == "image" else probed.sources
        if known.get(one.image if what == "image" else what) is False:
            without.append(node)
    if not without:
        return
    every = len(without) == len(nodes)
    who = "every node" if every and len(nodes) > 1 else names_of(without)
    if what == "image":
        message = f"its image '{one.image}' is missing on {who}, and cannot be pulled there"
        hint = "put it into a registry that the nodes reach, or load it on each node"
    else:
        message = f"'{what}', which it mounts, does not exist on {who}"
        hint = "create it there, or keep the service where it exists with a `pin`"
    consequence = "tasks are rejected there"
    yield Fault(("services", one.name), message, consequence, hint, "all" if every else "some")


def _kernel(one: Wanted, stack: Stack, nodes: Sequence[NodeFact]) -> Iterator[Fault]:
    """Yield a fault if a service needs IPVS or encryption, and the kernel of a node has neither."""
    mesh = any(mode == "ingress" for _, _, mode in one.ports)
    asked = {"ipvs": one.mode != "dnsrr" or mesh, "esp": _is_encrypted(one, stack)}
    words = {
        "ipvs": (
            "IPVS",
            "without it nothing connects to its virtual IP or ingress ports",
        ),
        "esp": ("ESP", "without it nothing gets through its encrypted network"),
    }
    for feature, wanted in asked.items():
        without = [
            node for node in nodes if node.probed and node.probed.features.get(feature) is False
        ]
        if wanted and without:
            name, consequence = words[feature]
            yield Fault(
                ("services", one.name),
                f"needs {name}, which the kernel of {names_of(without)} does not show",
                consequence,
                "modprobe ip_vs there; if it fails, `endpoint_mode: dnsrr` and ports of mode host"
                if feature == "ipvs"
                else "leave out `encrypted`, or install the kernel's module",
                "some",
            )


def _is_encrypted(one: Wanted, stack: Stack) -> bool:
    for key in one.networks:
        network = stack.content["networks"].get(key)
        options = network.get("driver_opts") if isinstance(network, dict) else None
        if isinstance(options, dict) and "encrypted" in options:
            return True
    return False
