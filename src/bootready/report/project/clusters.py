"""Services -> groups of a picture with many of them: by network, by name, or by what they do.

A group is what a person would say in one word: everything of `checkout`, the databases, what is on
the network `monitoring`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bootready.knowledge.protocols import DATABASES, protocol_of_image
from bootready.regex import regex
from bootready.report.project.view import ServiceCard, Stack
from bootready.typed import NamedTuple

MANY = 24
"""Services of a picture that need no groups."""
MEMBERS = 3
"""Of fewer services no group is made."""
WHOLE = 0.6
"""A group of more than this part of all says nothing."""
WAYS = ("network", "prefix", "tier")


class Cluster(NamedTuple):
    """Services of a picture that are drawn as one box until it is opened."""

    name: str
    members: tuple[str, ...]


def clusters_of(stack: Stack, by: str = "auto") -> tuple[Cluster, ...]:
    """Return the groups of a project, () where every service is drawn; no service is in two.

    `by` is one of WAYS, ``none``, or ``auto``: above MANY services the way of networks or names
    that leaves a picture of the best size, and tiers for those that belong to none of them.
    """
    if by == "none" or (by == "auto" and len(stack.cards) <= MANY):
        return ()
    if by != "auto":
        return _groups(stack.cards, _keys(stack)[by], whole=True)
    best: tuple[Cluster, ...] = ()
    keys = _keys(stack)
    wanted = 1.6 * len(stack.cards) ** 0.5
    for way in WAYS:
        found = _groups(stack.cards, keys[way])
        inside = {name for one in found for name in one.members}
        left = [card for card in stack.cards if card.name not in inside]
        if way != "tier":
            found += tuple(
                one
                for one in _groups(left, keys["tier"])
                if one.name not in {f.name for f in found}
            )
        if found and (not best or _far(stack, found, wanted) < _far(stack, best, wanted)):
            best = found
    return best


def _far(stack: Stack, found: Sequence[Cluster], wanted: float) -> float:
    """Return by how many boxes a picture has another size than `wanted`."""
    inside = sum(len(one.members) for one in found)
    return abs(len(found) + len(stack.cards) - inside - wanted)


def _groups(
    cards: Sequence[ServiceCard], key: Callable[[ServiceCard], str], *, whole: bool = False
) -> tuple[Cluster, ...]:
    members: dict[str, list[str]] = {}
    for card in cards:
        name = key(card)
        if name:
            members.setdefault(name, []).append(card.name)
    return tuple(
        Cluster(name, tuple(names))
        for name, names in sorted(members.items())
        if len(names) >= MEMBERS and (whole or len(names) <= WHOLE * len(cards))
    )


def _keys(stack: Stack) -> Mapping[str, Callable[[ServiceCard], str]]:
    """Return for each way what tells the name of the group of a service, '' for none."""
    networks = _networks(stack)
    prefixes = _prefixes([card.name for card in stack.cards])
    jobs = {
        edge.needs for edge in stack.edges if edge.condition == "service_completed_successfully"
    }
    return {
        "network": lambda card: networks.get(card.name, ""),
        "prefix": lambda card: prefixes.get(card.name, ""),
        "tier": lambda card: "jobs" if card.name in jobs else _tier(card),
    }


def _networks(stack: Stack) -> dict[str, str]:
    """Return the network of each service that the fewest others share, but not with nobody."""
    counts: dict[str, int] = {}
    for card in stack.cards:
        for name in card.networks:
            counts[name] = counts.get(name, 0) + 1
    found = {}
    for card in stack.cards:
        shared = [name for name in card.networks if counts[name] >= MEMBERS and name != "default"]
        if shared:
            found[card.name] = min(shared, key=lambda name: (counts[name], name))
    return found


_WORD_END = regex(r"[-_.]")


def _prefixes(names: Sequence[str]) -> dict[str, str]:
    """Return the words that a name begins with as others do: ``customer-accounts``."""
    first: dict[str, list[str]] = {}
    for name in names:
        first.setdefault(_WORD_END.split(name, maxsplit=1)[0], []).append(name)
    found = {}
    for members in first.values():
        if len(members) >= MEMBERS:
            found.update(dict.fromkeys(members, _shared([_WORD_END.split(one) for one in members])))
    return found


def _shared(names: Sequence[Sequence[str]]) -> str:
    words = []
    for at in zip(*names, strict=False):
        if len(set(at)) > 1:
            break
        words.append(at[0])
    return "-".join(words)


_STORES = frozenset({*DATABASES, "cassandra", "clickhouse", "bolt", "etcd", "milvus"})
_QUEUES = frozenset(
    {"redis", "memcached", "amqp", "nats", "kafka", "zookeeper", "mqtt", "temporal"}
)
_IMAGES = (
    (
        "databases",
        regex(
            r"elasticsearch|opensearch|couchdb|influxdb|qdrant|meilisearch|typesense|solr|minio"
            r"|weaviate|chroma|pgbouncer|patroni|milvus|seaweedfs"
        ),
    ),
    (
        "monitoring",
        regex(
            r"prometheus|grafana|loki|tempo|mimir|promtail|alloy|alertmanager|jaeger|zipkin|otel"
            r"|opentelemetry|exporter|cadvisor|pushgateway|victoria|fluent|vector|uptime-kuma"
        ),
    ),
    ("proxies", regex(r"nginx|traefik|caddy|haproxy|envoy|httpd|kong|apisix|cloudflared|swag")),
)


def _tier(card: ServiceCard) -> str:
    protocol = protocol_of_image(card.image) if card.image and not card.built else ""
    if protocol in _STORES:
        return "databases"
    if protocol in _QUEUES:
        return "caches, queues"
    image = card.image.rpartition("/")[2].partition(":")[0]
    return next((tier for tier, words in _IMAGES if words.search(image)), "applications")
