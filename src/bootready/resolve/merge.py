"""Two models -> one: the later file merged over the earlier one, by Compose's rules.

Source: compose-go override/merge.go. Nodes are never changed; what a later file replaces stays
reachable as `overrides`.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.resolve.typed.values import node_text, value_text
from bootready.typed import Callable, Iterator

_KEYED = frozenset(
    {"annotations", "args", "additional_contexts", "environment", "labels", "sysctls"}
)
UNIQUE_IN_V2 = frozenset(
    {"device_cgroup_rules", "external_links", "group_add", "security_opt", "volumes_from"}
)
"""Lists of a service in which Compose v2, which appends, then finds two equal entries."""
_LABELLED = frozenset({"networks", "volumes", "secrets", "configs"})
Rule = Callable[["Merger", Node, Node, YamlPath], Node]


class Merger:
    """Merges nodes and gathers what cannot be merged in `problems`."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.repeated: list[tuple[YamlPath, Node, Node]] = []
        """Entries that both lists have, the lower one's first; v2 appends them and refuses that.
        A list and a mapping that v2 does not merge stand here too.
        """

    def merge(self, base: Node, over: Node, path: YamlPath) -> Node:
        """Return `over` merged into `base`; both stand at `path`."""
        rule = _rule_at(path)
        if rule is not None:
            return rule(self, base, over, path)
        if isinstance(over, Scalar) and over.value is None:
            return base
        if isinstance(base, Mapping):
            if isinstance(over, Mapping):
                return self.mappings(base, over, path)
            return self.refuse(base, over, path)
        if isinstance(base, Sequence):
            if isinstance(over, Sequence):
                return self.lists(base, base.items, over.items, over, path)
            return self.refuse(base, over, path)
        return replacing(base, over)

    def mappings(self, base: Mapping, over: Mapping, path: YamlPath) -> Mapping:
        """Return the entries of both, those of `over` merged into those of `base`."""
        if not base.entries:
            return over
        entries, keys = dict(base.entries), dict(base.keys)
        for key, value in over.entries.items():
            below = entries.get(key)
            if below is None:
                entries[key] = value
                keys[key] = over.keys[key]
            else:
                entries[key] = self.merge(below, value, (*path, key))
        return Mapping(entries, keys, over.span, overrides=base)

    def lists(
        self, base: Node, below: list[Node], above: list[Node], over: Node, path: YamlPath
    ) -> Sequence:
        """Return the items of `below`, and those of `above` that are not there yet."""
        items = list(below)
        known = {identity(item): item for item in items}
        for item in above:
            key = identity(item)
            if key not in known:
                known[key] = item
                items.append(item)
            elif path[-1] in UNIQUE_IN_V2:
                self.repeated.append((path, known[key], item))
        return Sequence(items, over.span, overrides=base)

    def refuse(self, base: Node, over: Node, path: YamlPath) -> Node:
        """Note that the two kinds do not fit, and keep `base`."""
        self.problems.append(
            Problem(
                "merge-conflict",
                f"a {_kind(over)} cannot override a {_kind(base)}",
                Location(over.span, path),
            )
        )
        return base


def identity(node: Node) -> object:
    """Return what tells values apart; 1 and "1" are not the same."""
    if isinstance(node, Scalar):
        return node.value.__class__, node.value
    if isinstance(node, Sequence):
        return tuple(map(identity, node.items))
    return frozenset((key, identity(value)) for key, value in node.entries.items())


def replacing(base: Node, over: Node) -> Node:
    """Return `over`, through which `base`, which it replaces, can still be reached."""
    if isinstance(over, Scalar):
        return Scalar(over.value, over.span, over.template, over.references, base)
    if isinstance(over, Sequence):
        return Sequence(over.items, over.span, base)
    return Mapping(over.entries, over.keys, over.span, base)


def _override(_merger: Merger, base: Node, over: Node, _path: YamlPath) -> Node:
    return replacing(base, over)


def _sequences(merger: Merger, base: Node, over: Node, path: YamlPath) -> Node:
    if path[-1] in _KEYED:
        if path[0] in _LABELLED and path[0] != "networks":
            merger.repeated += _labels_of_v2(base, over, path)
        # The last one of ``KEY=value`` wins, also over an equal one (seen in Compose v5.6.1).
        pairs: dict[str, Node] = {}
        for item in (*as_items(base), *as_items(over)):
            key = node_text(item).partition("=")[0]
            pairs[key] = replacing(pairs[key], item) if key in pairs else item
        return Sequence(list(pairs.values()), over.span, overrides=base)
    return merger.lists(base, as_items(base), as_items(over), over, path)


def _labels_of_v2(base: Node, over: Node, path: YamlPath) -> Iterator[tuple[YamlPath, Node, Node]]:
    """Yield the labels of a volume, secret or config that v2 does not merge (asked of v2.40.3).

    It appends those of volumes, and lists of secrets and configs; their lists and mappings never
    meet.
    """
    if path[0] != "volumes":
        if type(base) is not type(over):
            yield path, base, over
            return
        if isinstance(base, Mapping):
            return
    known = {node_text(item): item for item in as_items(base)}
    for item in as_items(over):
        if node_text(item) in known:
            yield path, known[node_text(item)], item


def _hosts(_merger: Merger, base: Node, over: Node, _path: YamlPath) -> Node:
    known = as_items(base)
    seen = {_plain_text(item) for item in known}
    fresh = [item for item in as_items(over) if _plain_text(item) not in seen]
    if not known and not fresh and not isinstance(base, Sequence):
        # An empty mapping becomes no list at all, which the schema refuses (v5.6.1).
        return Scalar(None, over.span)
    return Sequence([*known, *fresh], over.span, overrides=base)


def _build(merger: Merger, base: Node, over: Node, path: YamlPath) -> Node:
    return merger.mappings(_as_build(base), _as_build(over), path)


def _as_build(node: Node) -> Mapping:
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Mapping({"context": node}, {"context": node.span}, node.span)
    return Mapping({}, {}, node.span)


def _depends_on(merger: Merger, base: Node, over: Node, path: YamlPath) -> Node:
    if isinstance(over, Scalar) and not _is_name(over):
        return merger.refuse(base, over, path)
    return merger.mappings(_as_dependencies(base), _as_dependencies(over), path)


def _as_dependencies(node: Node) -> Mapping:
    made = as_mapping(node)
    if isinstance(node, Mapping):
        return made
    for name, span in made.keys.items():
        condition, required = Scalar("service_started", span), Scalar(True, span)
        made.entries[name] = Mapping(
            {"condition": condition, "required": required},
            {"condition": span, "required": span},
            span,
        )
    return made


def _named(merger: Merger, base: Node, over: Node, path: YamlPath) -> Node:
    if isinstance(over, Scalar) and not _is_name(over):
        return merger.refuse(base, over, path)
    return merger.mappings(as_mapping(base), as_mapping(over), path)


def _logging(merger: Merger, base: Node, over: Node, path: YamlPath) -> Node:
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return merger.refuse(base, over, path)
    below, above = base.entries.get("driver"), over.entries.get("driver")
    if below is None or above is None or _plain_text(below) == _plain_text(above):
        return merger.mappings(base, over, path)
    return replacing(base, over)


def _pools(merger: Merger, base: Node, over: Node, path: YamlPath) -> Node:
    """Merge the pools of `ipam.config` that have the same subnet."""
    if not isinstance(base, Sequence) or not isinstance(over, Sequence):
        return merger.refuse(base, over, path)
    pools: list[Mapping] = []
    for original in base.items:
        # Compose changes this one in place, which is seen where it was added before.
        own = as_mapping(original)
        right = own.with_entries(dict(own.entries), dict(own.keys))
        for override in over.items:
            left = as_mapping(override)
            if _subnet(left) != _subnet(right) and not _index(pools, left) >= 0:
                pools.append(left)
                continue
            merged = merger.mappings(right, left, path)
            right.entries, right.keys = merged.entries, merged.keys
            index = _index(pools, right)
            if index >= 0:
                pools[index] = right
            else:
                pools.append(right)
    return Sequence(list(pools), over.span, overrides=base)


def _subnet(pool: Mapping) -> str | None:
    node = pool.entries.get("subnet")
    return None if node is None else _plain_text(node)


def _index(pools: list[Mapping], pool: Mapping) -> int:
    wanted = _subnet(pool)
    return next((i for i, known in enumerate(pools) if _subnet(known) == wanted), -1)


def as_items(node: Node) -> list[Node]:
    """Return a list, a mapping (as ``key=value``, sorted) or a text as the items of a list."""
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Mapping):
        items: list[Scalar] = []
        for key, value in node.entries.items():
            if isinstance(value, Sequence):
                items += [_pair(key, item, node) for item in value.items]
            elif isinstance(value, Scalar) and value.value is None:
                items.append(Scalar(key, node.keys[key]))
            else:
                items.append(_pair(key, value, node))
        items.sort(key=lambda item: str(item.value))
        return list(items)
    return [node] if isinstance(node.value, str) else []


def _pair(key: str, value: Node, owner: Mapping) -> Scalar:
    text = f"{key}={node_text(value)}"
    if not isinstance(value, Scalar):
        return Scalar(text, owner.keys[key])
    template = None if value.template is None else f"{key}={value.template}"
    return Scalar(text, value.span, template, value.references, value.overrides)


def _is_name(node: Scalar) -> bool:
    """Tell whether Compose makes a mapping of a single value: of a text, and of nothing."""
    return node.value is None or isinstance(node.value, str)


def as_mapping(node: Node) -> Mapping:
    """Return a name or a list of names as a mapping of those to nothing; a mapping as it is."""
    if isinstance(node, Mapping):
        return node
    names = node.items if isinstance(node, Sequence) else [] if node.value is None else [node]
    entries: dict[str, Node] = {_plain_text(item): Scalar(None, item.span) for item in names}
    return Mapping(entries, {key: item.span for key, item in entries.items()}, node.span)


def _plain_text(node: Node) -> str:
    return value_text(node.value) if isinstance(node, Scalar) else node_text(node)


def _kind(node: Node) -> str:
    if isinstance(node, Mapping):
        return "mapping"
    return "list" if isinstance(node, Sequence) else "single value"


def _rule_at(path: YamlPath) -> Rule | None:
    """Find the rule for `path`; one look-up by length, then by the names that count."""
    length = len(path)
    if length < 3:
        return None
    if path[0] in {"services", "jobs"}:
        if length == 3:
            return SERVICE_RULES.get(path[2])
        if length == 4:
            return SERVICE_RULES.get((path[2], path[3])) or (
                _override if path[2] == "ulimits" else None
            )
        return None
    if length == 3 and path[2] == "labels" and path[0] in _LABELLED:
        return _sequences
    if length == 4 and path[0] == "networks" and path[2:] == ("ipam", "config"):
        return _pools
    return None


SERVICE_RULES: dict[object, Rule] = {
    "annotations": _sequences,
    "build": _build,
    ("build", "args"): _sequences,
    ("build", "additional_contexts"): _sequences,
    ("build", "extra_hosts"): _hosts,
    ("build", "labels"): _sequences,
    "command": _override,
    "depends_on": _depends_on,
    ("deploy", "labels"): _sequences,
    "dns": _sequences,
    "dns_opt": _sequences,
    "dns_search": _sequences,
    "entrypoint": _override,
    "env_file": _sequences,
    "label_file": _sequences,
    "environment": _sequences,
    "extra_hosts": _hosts,
    ("healthcheck", "test"): _override,
    "labels": _sequences,
    "logging": _logging,
    "models": _named,
    "networks": _named,
    "sysctls": _sequences,
    "tmpfs": _sequences,
}
"""How an attribute of a service is merged, by its path below the service; the rest by its kind."""
