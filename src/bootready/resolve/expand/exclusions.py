"""A model with its defaults -> every attribute that excludes another one, or lacks one.

Source: compose-go validation/validation.go; done for each set of files, an include's too.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.resolve.syntax.ports import is_address
from bootready.typed import Iterator

_SOURCES = {"configs": ("file", "environment", "content"), "secrets": ("file", "environment")}


def exclusions(model: Mapping) -> Iterator[Problem]:
    """Yield what `model` combines that does not go together."""
    for kind, keys in _SOURCES.items():
        for name, node in _entries(model.entries.get(kind)).items():
            yield from _file_object(node, (kind, name), keys)
    for name, node in _entries(model.entries.get("volumes")).items():
        yield from _external(node, ("volumes", name))
    for name, node in _entries(model.entries.get("services")).items():
        yield from _service(_entries(node), ("services", name))


def _entries(node: Node | None) -> dict[str, Node]:
    return node.entries if isinstance(node, Mapping) else {}


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Sequence) else []


def _problem(kind: str, node: Node, path: YamlPath, message: str) -> Problem:
    word = str(path[0]).removesuffix("s")
    whole = f"{word} '{path[1]}': {message}"
    return Problem(kind, whole, Location(node.span, path), subject=str(path[1]))


def _file_object(node: Node, path: YamlPath, keys: tuple[str, ...]) -> Iterator[Problem]:
    entries = _entries(node)
    listed = ", ".join(f"`{key}`" for key in keys)
    present = [key for key in keys if key in entries]
    if not isinstance(node, Mapping):
        message = f"must be a mapping with one of {listed}"
        yield _problem("source-missing", node, path, message)
    elif len(present) > 1:
        shown = " and ".join(f"`{key}`" for key in present)
        message = f"has {shown}, which are mutually exclusive"
        yield _problem("source-conflict", entries[present[1]], path, message)
    elif not present and not {"driver", "external"} & entries.keys():
        yield _problem("source-missing", node, path, f"must have one of {listed}")


def _external(node: Node, path: YamlPath) -> Iterator[Problem]:
    entries = _entries(node)
    external = entries.get("external")
    if isinstance(external, Scalar) and isinstance(external.value, str):
        # Only without interpolation: compose-go asserts a boolean (validation/external.go).
        message = f"`external` is '{external.template or external.value}', must be a boolean"
        yield _problem("external-malformed", external, (*path, "external"), message)
    if not isinstance(external, Scalar) or external.value is not True:
        return
    for key, value in entries.items():
        if key not in {"name", "external"} and not key.startswith("x-"):
            message = f"is external and cannot have `{key}`"
            yield _problem("external-conflict", value, (*path, key), message)


def _service(entries: dict[str, Node], path: YamlPath) -> Iterator[Problem]:
    for index, port in enumerate(_items(entries.get("ports"))):
        address = _entries(port).get("host_ip")
        if isinstance(address, Scalar) and not is_address(str(address.value)):
            message = f"host address '{address.template or address.value}' is not an IP address"
            yield _problem("port-malformed", address, (*path, "ports", index, "host_ip"), message)
    watches = _items(_entries(entries.get("develop")).get("watch"))
    for index, watch in enumerate(watches):
        watched = _entries(watch).get("path")
        if isinstance(watched, Scalar) and watched.value == "":
            place = (*path, "develop", "watch", index, "path")
            yield _problem("watch-path-empty", watched, place, "`develop.watch` has an empty path")
    if "deploy" not in entries and "gpus" not in entries:
        return
    reservations = _entries(
        _entries(_entries(entries.get("deploy")).get("resources")).get("reservations")
    )
    for key, devices in (("deploy", reservations.get("devices")), ("gpus", entries.get("gpus"))):
        for device in _items(devices):
            if {"count", "device_ids"} <= _entries(device).keys():
                message = "a device has `count` and `device_ids`, which are mutually exclusive"
                yield _problem("device-conflict", device, (*path, key), message)
