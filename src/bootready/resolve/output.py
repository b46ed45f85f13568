"""A resolved model -> the JSON or YAML text that ``docker compose config`` prints for it.

The two differ in more than form: JSON has no `models` and no ``x-`` keys below the top, but
structures that are always there, empty or not (compose-go, types/types.go).
"""

from __future__ import annotations

from math import isfinite

from bootready.model.node import Mapping, Node, Plain, Scalar, plain

_ESCAPES = {
    "&": "\\u0026",
    "<": "\\u003c",
    ">": "\\u003e",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
"""What Go's encoder escapes and Python's does not; none of it can stand outside of a string."""


def untyped_json(model: Mapping) -> str:
    """Return the JSON of a model that was not bound: every map with its keys sorted."""
    return json_text(_numbers(plain(model)), sort=True)


def typed_json(model: Mapping, *, double_dollars: bool = True) -> str:
    """Return the JSON of a bound model, ``$`` doubled so that it can be read again."""
    text = json_text(_numbers(json_model(model)), sort=False)
    return text.replace("$", "$$") if double_dollars else text


def json_text(value: Plain, *, sort: bool) -> str:
    """Return `value` as Go's json.MarshalIndent writes it."""
    from json import dumps  # noqa: PLC0415 - not needed where nothing is printed

    text = dumps(value, indent=2, ensure_ascii=False, sort_keys=sort)
    for character, escape in _ESCAPES.items():
        if character in text:
            text = text.replace(character, escape)
    return text


def _numbers(value: Plain) -> Plain:
    """Write whole floats as integers, as Go does."""
    if isinstance(value, dict):
        return {key: _numbers(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, float) and isfinite(value) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value


def json_model(model: Mapping) -> Plain:
    """Return a bound model with what only its JSON has, and without what it has not."""
    made: dict[str, Plain] = {}
    for name, node in model.entries.items():
        if name == "models":
            continue
        if isinstance(node, Mapping) and name in _RESOURCES:
            made[name] = {
                key: _RESOURCES[name](below) for key, below in sorted(node.entries.items())
            }
        else:
            made[name] = plain(node)
    made.setdefault("services", {})
    return dict(sorted(made.items()))


def _service(node: Node) -> Plain:
    made = _struct(node)
    if not isinstance(made, dict):
        return made
    made.setdefault("command", None)
    made.setdefault("entrypoint", None)
    deploy = made.get("deploy")
    if isinstance(deploy, dict):
        deploy.setdefault("resources", {})
        deploy.setdefault("placement", {})
    develop = made.get("develop")
    if isinstance(develop, dict):
        for watch in _dicts(develop.get("watch")):
            action = watch.setdefault("exec", {})
            if isinstance(action, dict):
                action.setdefault("command", None)
    for kind in ("pre_start", "post_start", "pre_stop"):
        for hook in _dicts(made.get(kind)):
            hook.setdefault("command", None)
    return made


def _dicts(value: Plain) -> list[dict[str, Plain]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _network(node: Node) -> Plain:
    made = _struct(node)
    if isinstance(made, dict):
        made.setdefault("ipam", {})
    return made


def _struct(node: Node) -> Plain:
    """Return a structure without extensions; free mappings keep all their keys."""
    if isinstance(node, Mapping):
        return {
            key: _struct(value) for key, value in node.entries.items() if not key.startswith("x-")
        }
    if isinstance(node, Scalar):
        return node.value
    return [_struct(item) for item in node.items]


_RESOURCES = {
    "services": _service,
    "networks": _network,
    "volumes": _struct,
    "secrets": _struct,
    "configs": _struct,
}
