"""The short syntax of `volumes` -> its parts: ``source:target:options``.

Source: compose-go format/volume.go.
"""

from bootready.typed import NamedTuple

PROPAGATIONS = frozenset({"rprivate", "private", "rshared", "shared", "rslave", "slave"})
SELINUX = frozenset({"z", "Z"})


class VolumeSyntaxError(ValueError):
    """A volume that cannot be read; its text says why."""


class ShortVolume(NamedTuple):
    """One mount; `propagation` and `selinux` are '' where nothing was said."""

    kind: str
    source: str
    target: str
    read_only: bool = False
    nocopy: bool = False
    propagation: str = ""
    selinux: str = ""
    tiny: bool = False
    """Written in one or two characters, which Compose takes as a bare target."""


def parse_volume(spec: str) -> ShortVolume:
    """Return the mount that `spec`, such as ``./data:/data:ro``, stands for."""
    if not spec:
        raise VolumeSyntaxError("a volume is empty")
    if len(spec) <= 2:
        return ShortVolume("volume", "", spec, tiny=True)
    sections = _sections(spec)
    if "" in sections:
        raise VolumeSyntaxError(f"volume '{spec}' has an empty section between colons")
    if len(sections) > 3:
        raise VolumeSyntaxError(f"volume '{spec}' has too many colons")
    if len(sections) == 1:
        return ShortVolume("volume", "", sections[0])
    source, target = sections[:2]
    kind = "bind" if is_path(source) else "volume"
    volume = ShortVolume(kind, source, target)
    return _with_options(volume, sections[2]) if len(sections) == 3 else volume


def is_path(source: str) -> bool:
    """Tell whether a source is a path of the host rather than the name of a volume."""
    if not source:
        return False
    if source[0] in "./~" or source.startswith("\\\\"):
        return True
    return len(source) > 1 and source[1] == ":" and source[0].isalpha()


def _sections(spec: str) -> list[str]:
    """Split at colons, except after a drive letter and inside ``${...}``."""
    if "${" not in spec:
        parts = spec.split(":")
        if any(len(part) == 1 for part in parts[:-1]):
            return _scan(spec)
        return parts
    return _scan(spec)


def _scan(spec: str) -> list[str]:
    sections: list[str] = []
    start = depth = 0
    for index, char in enumerate(spec):
        if char == "$" and spec[index + 1 : index + 2] == "{":
            depth += 1
        elif char == "}" and depth:
            depth -= 1
        elif char == ":" and not depth:
            section = spec[start:index]
            if len(section) == 1 and section.isalpha():
                continue
            sections.append(section)
            start = index + 1
    # Inside an unclosed ${ Compose never reaches the end of the last section.
    sections.append(spec[start:] if not depth else "")
    return sections


def _with_options(volume: ShortVolume, options: str) -> ShortVolume:
    for option in options.split(","):
        if option in {"ro", "rw"}:
            volume = volume._replace(read_only=option == "ro")
        elif option == "nocopy":
            volume = volume._replace(nocopy=True)
        elif option in PROPAGATIONS:
            volume = volume._replace(propagation=option)
        elif option in SELINUX:
            volume = volume._replace(selinux=option)
    return volume
