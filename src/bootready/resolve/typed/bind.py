"""A normalised model -> the model that `docker compose config` prints, and every value refused.

Last phase of resolving (compose-go: loader.ModelToProject, then MarshalJSON): durations, sizes,
numbers and booleans are decoded and printed again, and empty values are left out where Compose
leaves them out. It runs over all services, before profiles pick some.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.model.subject import attribute_of, subject_of
from bootready.resolve.typed.codecs import EXTENSIONS
from bootready.resolve.typed.collection_codecs import gathered
from bootready.resolve.typed.structures import STRUCTURES, Field
from bootready.resolve.typed.values import node_text

_NAMED_BY_USER = frozenset({"service", "job", "network", "volume", "file", "dependency"})
"""Structures whose names may start with ``x-`` without becoming extensions (loader.go,
userDefinedKeys).
"""
_LONGEST_SHOWN = 40
_NO_EXTENSIONS = frozenset({"env_file", "device_request", "extends"})


def bind(model: Mapping) -> tuple[Mapping, list[Problem]]:
    """Return `model` as Compose prints it, with ``x-`` keys, and what it refuses.

    Structures that JSON always has (`ipam` of a network, say) are left to `resolve.output`.
    """
    binder = _Binder()
    return binder.structure(model, "project", ()), binder.problems


class _Binder:
    """Follows the table of structures through the tree."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, kind: str, path: YamlPath, node: Node, reason: str) -> None:
        """Report what cannot be decoded."""
        subject = subject_of(path)
        text = f"{subject}: `{attribute_of(path)}` is {_shown(node, path)}: {reason}"
        place = Location(node.span, path)
        self.problems.append(Problem(f"{kind}-invalid", text, place, False, subject))

    def structure(self, node: Mapping, name: str, path: YamlPath) -> Mapping:
        """Return a mapping of the attributes that Compose knows; extensions stay."""
        fields = STRUCTURES[name]
        entries: dict[str, Node] = {}
        same = True
        for key, value in node.entries.items():
            field = fields.get(key)
            if field is None:
                if key[:2] == "x-" and name not in _NO_EXTENSIONS:
                    entries[key] = value
                else:
                    same = False
                continue
            codec, _, _, _, is_text = field
            if is_text and type(value) is Scalar and type(value.value) is str and value.value:
                entries[key] = value  # most are; a codec would say the same
                continue
            if codec is not None:
                made = codec(self, value, (*path, key))
            else:
                made = self.nested(field, value, (*path, key))
            same = same and made is value
            if made is not None:
                entries[key] = made
        if name == "file" and path[0] == "configs" and "environment" in entries:
            # The content came from the variable; Compose prints where from, not what.
            same = "content" not in entries
            entries.pop("content", None)
        if name == "file" and path[0] == "secrets":
            entries.pop("content", None)
            same = same and "x-#value" not in entries
            entries.pop("x-#value", None)
        if same and len(entries) == len(node.entries):
            return node
        return node.with_entries(entries)

    def nested(self, field: Field, node: Node, path: YamlPath) -> Node | None:
        """Return one structure, a list or a mapping of them, or None where it is left out."""
        if field.shape == "map":
            return self.named(field.inner, node, path)
        if field.shape == "list":
            return self.listed(field.inner, node, path)
        if isinstance(node, Mapping):
            made = self.structure(node, field.inner, path)
            return made if field.kept or made.entries else None
        if not isinstance(node, Scalar) or node.value is not None:
            self.refuse("type", path, node, "must be a mapping")
        return None

    def listed(self, inner: str, node: Node, path: YamlPath) -> Node | None:
        if not isinstance(node, Sequence):
            if not isinstance(node, Scalar) or node.value is not None:
                self.refuse("type", path, node, "must be a list")
            return None
        items: list[Node] = []
        for index, item in enumerate(node.items):
            if isinstance(item, Mapping):
                items.append(self.structure(item, inner, (*path, index)))
            elif isinstance(item, Scalar) and item.value is None:
                items.append(Mapping({}, {}, item.span))
            else:
                self.refuse("type", (*path, index), item, "must be a mapping")
        if not items:
            return None
        return Sequence(items, node.span, node.overrides)

    def named(self, inner: str, node: Node, path: YamlPath) -> Node | None:
        if not isinstance(node, Mapping):
            if not isinstance(node, Scalar) or node.value is not None:
                self.refuse("type", path, node, "must be a mapping")
            return None
        if inner not in _NAMED_BY_USER:
            node = gathered(node)
        entries: dict[str, Node] = {}
        for name, value in node.entries.items():
            entries[name] = self.one_named(inner, name, value, (*path, name))
        if not entries and inner not in {"service", "job"}:
            return None
        return node.with_entries(entries)

    def one_named(self, inner: str, name: str, value: Node, path: YamlPath) -> Node:
        if inner == "ulimit":
            return self.ulimit(name, value, path)
        if isinstance(value, Mapping):
            return self.structure(value, inner, path)
        if isinstance(value, Scalar) and value.value is None:
            # Networks and models of a service are pointers: nothing stays nothing.
            return (
                value if inner in {"attachment", "service_model"} else Mapping({}, {}, value.span)
            )
        self.refuse("type", path, value, "must be a mapping")
        return Mapping({}, {}, value.span)

    def ulimit(self, name: str, value: Node, path: YamlPath) -> Node:
        if name == EXTENSIONS:
            return Mapping({}, {}, value.span)
        if isinstance(value, Mapping):
            for key in ("soft", "hard"):
                limit = value.entries.get(key)
                if isinstance(limit, Scalar) and isinstance(limit.value, float):
                    # 8.0 is an integer for the schema, but Compose crashes on it.
                    self.refuse("number", (*path, key), limit, "must be an integer")
            return self.structure(value, "ulimit", path)
        if isinstance(value, Scalar) and type(value.value) is int:
            return value if value.value else Mapping({}, {}, value.span)
        self.refuse("number", path, value, "must be an integer or a mapping")
        return Mapping({}, {}, value.span)


def _shown(node: Node, path: YamlPath) -> str:
    """Return what was written; never what a variable put there, which may be a secret."""
    from bootready.knowledge.secrets.names import path_of_a_secret

    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    text = node_text(node) if node.template is None else node.template
    if path_of_a_secret(path):
        return "'****'"
    return f"'{text}'" if len(text) <= _LONGEST_SHOWN else f"'{text[:_LONGEST_SHOWN]}...'"
