"""Evidence of a project whose target is a swarm -> the same with what a manager knows."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.check.run import Evidence
from bootready.engine.cluster import cluster_of, manager_of
from bootready.errors import EngineError
from bootready.host.local import LocalHost
from bootready.model.cluster import ClusterFact
from bootready.model.finding import Needs
from bootready.swarm.reported import stack_for
from bootready.swarm.stack import Stack
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.engine.api import Api
    from bootready.engine.probe import Wanted

_PROBED_WITHIN = 60.0
"""Seconds that the nodes have to answer: one that cannot reach its registry finds out slowly."""


def with_cluster(
    evidence: Evidence, environ: Mapping[str, str], *, engine: bool, probe: bool
) -> Evidence:
    """Return the evidence with the cluster, or with the reason why no manager tells of it.

    Without `engine` none is asked; with `probe` the nodes are asked as well.
    """
    if not engine:
        return _without(evidence, "it was not queried (--engine none)", probe=probe)
    try:
        api = manager_of(environ)
        cluster = cluster_of(api)
        if probe:
            cluster = _probed(api, cluster, evidence)
    except EngineError as error:
        words = f"{error.message}; {error.hint}" if "no leader" in error.message else error.message
        return _without(evidence, words, probe=probe)
    del evidence.missing[Needs.MANAGER]
    if probe:
        del evidence.missing[Needs.PROBE]
    return evidence._replace(context=evidence.context._replace(cluster=cluster))


def _without(evidence: Evidence, reason: str, *, probe: bool) -> Evidence:
    evidence.missing[Needs.MANAGER] = reason
    if probe:
        evidence.missing[Needs.PROBE] = reason
    return evidence


def _probed(api: Api, cluster: ClusterFact, evidence: Evidence) -> ClusterFact:
    from bootready.engine.probe import probe

    stack = stack_for(evidence.context.project, LocalHost())
    found = probe(api, cluster, _wanted(stack), _PROBED_WITHIN)
    # The jobs have made every node tell the time.
    clocks = {node.id: node.clock for node in cluster_of(api).nodes}
    nodes = tuple(node._replace(clock=clocks.get(node.id)) for node in found.nodes)
    return found._replace(nodes=nodes, unprobed=(*found.unprobed, *_unaskable(stack)))


def _unaskable(stack: Stack) -> tuple[str, ...]:
    """Return what no job can ask a node, if it matters."""
    for entry in stack.content["networks"].values():
        options = entry.get("driver_opts") if isinstance(entry, dict) else None
        if isinstance(options, dict) and "encrypted" in options:
            return ("no job can tell whether a kernel has ESP, which encrypted networks need",)
    return ()


def _wanted(stack: Stack) -> Wanted:
    from bootready.engine.probe import Wanted

    images: dict[str, None] = {}
    sources: dict[str, str] = {}
    ipvs = False
    for entry in stack.content["services"].values():
        if not isinstance(entry, dict):
            continue
        image = str(entry.get("image") or "")
        images[image] = None
        deploy, ports, mounts = (entry.get(key) for key in ("deploy", "ports", "volumes"))
        ipvs |= isinstance(deploy, dict) and deploy.get("endpoint_mode") != "dnsrr"
        for port in ports if isinstance(ports, list) else ():
            ipvs |= isinstance(port, dict) and port.get("mode") == "ingress"
        for mount in mounts if isinstance(mounts, list) else ():
            if isinstance(mount, dict) and mount.get("type") == "bind":
                sources.setdefault(str(mount.get("source")), image)
    return Wanted(tuple(images), tuple(sources.items()), ipvs)
