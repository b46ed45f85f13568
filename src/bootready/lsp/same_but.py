"""Two models -> whether they differ in nothing but a name, where it stands for what has it."""

from __future__ import annotations

from bootready.model.node import Plain
from bootready.model.position import YamlPath

_SERVICE = {
    "depends_on",
    "links",
    "volumes_from",
    "network_mode",
    "ipc",
    "pid",
    "additional_contexts",
    # Where addresses stand, which are edited one by one.
    "environment",
    "command",
    "entrypoint",
    "healthcheck",
    "labels",
    "x-bootready",
}
_RESOURCES = {"secret": "secrets", "config": "configs", "network": "networks", "volume": "volumes"}
_FILES = ("/run/secrets/", "/")
"""Where a secret and a config without a target are."""


def is_same_but(before: Plain, after: Plain, kind: str, old: str, new: str) -> bool:
    """Tell whether `after` is `before` but for the name `old` of a `kind`, which is now `new`."""
    return _Comparison(kind, old, new).same(before, after, ())


class _Comparison:
    def __init__(self, kind: str, old: str, new: str) -> None:
        self.kind = kind
        self.old = old
        self.new = new

    def same(self, before: Plain, after: Plain, path: YamlPath) -> bool:
        if isinstance(before, dict) and isinstance(after, dict):
            return self._mappings(before, after, path)
        if isinstance(before, list) and isinstance(after, list):
            return len(before) == len(after) and all(
                self.same(one, other, (*path, place))
                for place, (one, other) in enumerate(zip(before, after, strict=True))
            )
        if before == after:
            return True
        return (
            isinstance(before, str)
            and isinstance(after, str)
            and self._may_differ(path)
            and before.replace(self.old, self.new) == after.replace(self.old, self.new)
        )

    def _mappings(self, before: dict[str, Plain], after: dict[str, Plain], path: YamlPath) -> bool:
        if self._is_grant(path):
            before, after = _grant(before), _grant(after)
        for key, value in before.items():
            other = self.new if key == self.old and self._may_differ((*path, key)) else key
            if other not in after:
                other = key
            if other not in after or not self.same(value, after[other], (*path, key)):
                return False
        return len(before) == len(after)

    def _is_grant(self, path: YamlPath) -> bool:
        return self.kind in {"secret", "config"} and path[2:3] == (_RESOURCES[self.kind],)

    def _may_differ(self, path: YamlPath) -> bool:
        """Tell whether the name may be there: it is a definition, or a place that names one.

        Nobody reads what is in an extension; it may be the home of an anchor.
        """
        if str(path[0]).startswith("x-"):
            return True
        if self.kind == "variable":
            return path[:1] in {("secrets",), ("configs",)} and path[2:] == ("environment",)
        if self.kind == "service":
            return path[0] == "services" and (len(path) == 2 or path[2] in _SERVICE)
        element = _RESOURCES[self.kind]
        return path[0] == element or path[2:3] == (element,)


def _grant(values: dict[str, Plain]) -> dict[str, Plain]:
    """Return a grant with the name of its file, which is that of the secret unless it has one."""
    target = str(values.get("target") or values.get("source"))
    for start in _FILES:
        target = target.removeprefix(start)
    return {**values, "target": target}
