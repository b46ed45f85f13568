"""The text of /proc/self/mountinfo and a path -> the mount that holds the path.

https://www.kernel.org/doc/Documentation/filesystems/proc.rst, 3.5
"""

from __future__ import annotations

from collections.abc import Iterable

from bootready.model.fact import MountFact

_ESCAPES = (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\"))
"""What the kernel writes in octal; the backslash comes last, as the others begin with it."""

_POINT = 4
_OPTIONAL = 6
"""Fields: id, parent, device, root, mount point, options, then optional ones up to a hyphen."""


def parse_mounts(text: str) -> tuple[MountFact, ...]:
    """Return the mounts in the text of /proc/self/mountinfo, in its order."""
    return tuple(
        _mount(fields)
        for fields in (line.split(" ") for line in text.splitlines())
        if len(fields) > _OPTIONAL
    )


def mount_holding(path: str, mounts: Iterable[MountFact]) -> MountFact | None:
    """Return the mount with the longest mount point above `path`, a real path, or None.

    Of mounts on the same point it is the first, as the engine takes it (moby, getSourceMount).
    """
    above = [one for one in mounts if _holds(one.point, path)]
    return max(above, key=lambda one: len(one.point), default=None)


def _mount(fields: list[str]) -> MountFact:
    point = fields[_POINT]
    for written, meant in _ESCAPES:
        point = point.replace(written, meant)
    end = fields.index("-", _OPTIONAL) if "-" in fields[_OPTIONAL:] else _OPTIONAL
    optional = fields[_OPTIONAL:end]
    return MountFact(
        point,
        shared=any(one.startswith("shared:") for one in optional),
        slave=any(one.startswith("master:") for one in optional),
    )


def _holds(point: str, path: str) -> bool:
    return path == point or path.startswith(f"{point.rstrip('/')}/")
