"""A canonical model -> normalised: implied networks, dependencies, build files and names.

Source: compose-go loader/normalize.go.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Reference, Scalar, Sequence
from bootready.model.position import Span
from bootready.resolve.expand.paths import clean
from bootready.resolve.merge import Merger
from bootready.resolve.typed.structures import inherited_by_hooks
from bootready.resolve.typed.values import node_text
from bootready.typed import Callable

Lookup = Callable[[str], str | None]
_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")
_IMPLYING = frozenset({"links", "volumes_from", *_NAMESPACES})
"""The attributes that may imply dependencies."""
_NAMED = ("networks", "volumes", "configs", "secrets")


def normalised(model: Mapping, name: str, lookup: Lookup) -> Mapping:
    """Return `model` as project `name` runs it; `lookup` gives the value of a variable or None."""
    entries, keys = dict(model.entries), dict(model.keys)
    default_used = False
    for kind in ("services", "jobs"):
        workloads = entries.get(kind)
        if not isinstance(workloads, Mapping):
            continue
        made: dict[str, Node] = {}
        for key, service in workloads.entries.items():
            if isinstance(service, Mapping):
                made[key] = _service(service, lookup)
                default_used = default_used or _on_default(made[key])
            else:
                made[key] = service
        entries[kind] = workloads.with_entries(made)
    if default_used:
        entries["networks"] = _with_default_network(entries.get("networks"), model.span)
        keys.setdefault("networks", model.span)
    for kind in _NAMED:
        resources = entries.get(kind)
        if isinstance(resources, Mapping):
            entries[kind] = _with_names(resources, name)
    return with_name(model.with_entries(entries, keys), name)


def with_name(model: Mapping, name: str) -> Mapping:
    """Return `model` with the name of the project, whatever its files say."""
    written = model.entries.get("name")
    if isinstance(written, Scalar) and written.value == name:
        return model
    node = Scalar(name, model.span if written is None else written.span)
    keys = {"name": model.span, **model.keys}
    return model.with_entries({**model.entries, "name": node}, keys)


def _on_default(service: Node) -> bool:
    if not isinstance(service, Mapping) or "provider" in service.entries:
        return False
    networks = service.entries.get("networks")
    return (
        isinstance(networks, Mapping)
        and "default" in networks.entries
        and ("network_mode" not in service.entries)
    )


def _with_default_network(networks: Node | None, span: Span) -> Node:
    if not isinstance(networks, Mapping):
        return _single("default", Scalar(None, span), span)
    if "default" in networks.entries:
        return networks
    return networks.with_entries(
        {**networks.entries, "default": Scalar(None, networks.span)},
        {**networks.keys, "default": networks.span},
    )


def _single(name: str, node: Node, span: Span) -> Mapping:
    return Mapping({name: node}, {name: span}, span)


def _service(service: Mapping, lookup: Lookup) -> Mapping:
    entries = service.entries
    changed: dict[str, Node] = {}
    if "provider" not in entries and "network_mode" not in entries:
        networks = entries.get("networks")
        if networks is None or (isinstance(networks, Mapping) and not networks.entries):
            place = service.span if networks is None else networks.span
            changed["networks"] = _single("default", Scalar(None, place), place)
    policy = entries.get("pull_policy")
    if isinstance(policy, Scalar) and policy.value == "if_not_present":
        changed["pull_policy"] = Scalar("missing", policy.span)
    build = entries.get("build")
    if isinstance(build, Mapping):
        changed["build"] = _build(build, lookup)
    environment = entries.get("environment")
    if environment is not None:
        changed["environment"] = _resolved(environment, lookup, keep_unset=True)
    volumes = entries.get("volumes")
    if isinstance(volumes, Sequence):
        changed["volumes"] = _with_clean_targets(volumes)
    dependencies = _dependencies(service)
    if dependencies is not None:
        changed["depends_on"] = dependencies
    hooks = entries.get("pre_start")
    if isinstance(hooks, Sequence):
        inherited = _inherited({**entries, **changed}, service)
        items = [_with_inherited(hook, inherited) for hook in hooks.items]
        changed["pre_start"] = Sequence(items, hooks.span, hooks.overrides)
    if not changed:
        return service
    keys = service.keys
    if not changed.keys() <= keys.keys():
        keys = {**{name: node.span for name, node in changed.items()}, **keys}
    return service.with_entries({**entries, **changed}, keys)


def _build(build: Mapping, lookup: Lookup) -> Mapping:
    entries, keys = dict(build.entries), dict(build.keys)
    if _is_unset(entries.get("context")):
        entries["context"] = Scalar(".", build.span)
        keys.setdefault("context", build.span)
    if _is_unset(entries.get("dockerfile")) and _is_unset(entries.get("dockerfile_inline")):
        entries["dockerfile"] = Scalar("Dockerfile", build.span)
        keys.setdefault("dockerfile", build.span)
    if "args" in entries:
        entries["args"] = _resolved(entries["args"], lookup, keep_unset=False)
    return build.with_entries(entries, keys)


def _is_unset(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.value is None)


def _resolved(node: Node, lookup: Lookup, *, keep_unset: bool) -> Node:
    """Give names without a value the value of the variable of that name."""
    if isinstance(node, Mapping):
        return _resolved_entries(node, lookup, keep_unset=keep_unset)
    if not isinstance(node, Sequence):
        return node
    items: list[Node] = []
    for item in node.items:
        if not isinstance(item, Scalar) or not isinstance(item.value, str) or "=" in item.value:
            items.append(item)
            continue
        value = lookup(item.value)
        if value is not None:
            items.append(taken(f"{item.value}={value}", item.value, item.span))
        elif keep_unset:
            items.append(item)
    # A list of which nothing is left is none: compose-go gathers into a nil slice.
    return Sequence(items, node.span, node.overrides) if items else Scalar(None, node.span)


def _resolved_entries(node: Mapping, lookup: Lookup, *, keep_unset: bool) -> Mapping:
    unset = [name for name, value in node.entries.items() if _is_unset(value)]
    if not unset:
        return node
    entries = dict(node.entries)
    for name in unset:
        value = lookup(name)
        if value is not None:
            entries[name] = taken(value, name, node.keys[name])
        elif not keep_unset:
            del entries[name]
    return node.with_entries(entries)


def taken(value: str, name: str, span: Span) -> Scalar:
    """Return the value of variable `name` as a node of the place that only names it."""
    return Scalar(value, span, references=(Reference(name, span, is_set=True),))


def _with_clean_targets(volumes: Sequence) -> Sequence:
    items = [_with_clean_target(item) for item in volumes.items]
    if items == volumes.items:
        return volumes
    return Sequence(items, volumes.span, volumes.overrides)


def _with_clean_target(node: Node) -> Node:
    if not isinstance(node, Mapping):
        return node
    target = node.entries.get("target")
    if not isinstance(target, Scalar) or not isinstance(target.value, str):
        return node
    cleaned = clean(target.value)
    if cleaned == target.value:
        return node
    made = Scalar(cleaned, target.span, target.template, target.references, target.overrides)
    return node.with_entries({**node.entries, "target": made})


def _dependencies(service: Mapping) -> Mapping | None:
    """Return `depends_on` with the services that links, namespaces and volumes imply, or None
    where nothing is implied.
    """
    if _IMPLYING.isdisjoint(service.entries):
        return None
    implied: dict[str, tuple[Span, bool]] = {}
    links = service.entries.get("links")
    for item in links.items if isinstance(links, Sequence) else ():
        parts = node_text(item).split(":")
        implied.setdefault(parts[0] if len(parts) == 2 else node_text(item), (item.span, True))
    for namespace in _NAMESPACES:
        node = service.entries.get(namespace)
        if isinstance(node, Scalar) and str(node.value).startswith("service:"):
            implied.setdefault(str(node.value)[len("service:") :], (node.span, True))
    shared = service.entries.get("volumes_from")
    for item in shared.items if isinstance(shared, Sequence) else ():
        text = node_text(item)
        if not text.startswith("container:"):
            implied.setdefault(text.split(":")[0], (item.span, False))
    if not implied:
        return None
    written = service.entries.get("depends_on")
    entries: dict[str, Node] = {}
    keys: dict[str, Span] = {}
    place = next(iter(implied.values()))[0]
    if isinstance(written, Mapping):
        entries, keys, place = dict(written.entries), dict(written.keys), written.span
    for name, (span, restart) in implied.items():
        if name not in entries:
            entries[name] = _implied(span, restart=restart)
            keys[name] = span
    return Mapping(entries, keys, place)


def _implied(span: Span, *, restart: bool) -> Mapping:
    values: dict[str, str | bool] = {
        "condition": "service_started",
        "restart": restart,
        "required": True,
    }
    entries: dict[str, Node] = {name: Scalar(value, span) for name, value in values.items()}
    return Mapping(entries, dict.fromkeys(entries, span), span)


def _inherited(entries: dict[str, Node], service: Mapping) -> Mapping:
    """Return what a service hands on to the containers of its `pre_start` hooks."""
    names = inherited_by_hooks()
    kept = {name: node for name, node in entries.items() if name in names}
    keys = {name: service.keys.get(name, node.span) for name, node in kept.items()}
    return Mapping(kept, keys, service.span)


def _with_inherited(hook: Node, inherited: Mapping) -> Node:
    if not isinstance(hook, Mapping):
        return hook
    made = Merger().merge(inherited, hook, ("services", ""))
    return Mapping(made.entries, made.keys, hook.span) if isinstance(made, Mapping) else hook


def _with_names(resources: Mapping, project: str) -> Mapping:
    entries: dict[str, Node] = {}
    for key, resource in resources.entries.items():
        place = resources.keys[key]
        below = resource if isinstance(resource, Mapping) else Mapping({}, {}, place)
        if not _is_unset(below.entries.get("name")):
            entries[key] = resource
            continue
        external = below.entries.get("external")
        is_external = isinstance(external, Scalar) and external.value in _TRUE
        name = Scalar(key if is_external else f"{project}_{key}", place)
        entries[key] = below.with_entries(
            {**below.entries, "name": name}, {**below.keys, "name": place}
        )
    return resources.with_entries(entries)


_TRUE = (True, "1", "t", "T", "TRUE", "true", "True")
"""What Go's ParseBool takes for true; 1 equals True."""
