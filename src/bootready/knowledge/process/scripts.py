"""A path in a container -> the file of this machine that is mounted there, and why the kernel
cannot start it.
"""

from __future__ import annotations

from bootready.knowledge.places import belongs_to
from bootready.model.lookup import shown
from bootready.model.position import Location
from bootready.model.project import FileObject, Service
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host


class Mounted(NamedTuple):
    """A file on this machine, absolute, and the place that mounts it."""

    path: str
    place: Location


CRLF = "crlf"
NO_EXEC_BIT = "mode"


class Fault(NamedTuple):
    """What is wrong with a script, and the command that repairs it (`{}` is the file)."""

    words: str
    hint: str
    kind: str


CARRIAGE = Fault("has CRLF line endings", "sed -i 's/\\r$//' {}", CRLF)
NOT_EXECUTABLE = Fault("has no exec bit", "chmod +x {}", NO_EXEC_BIT)
NO_SHEBANG = Fault("has no `#!` line", "start it with #!/bin/sh", "shebang")


def repair_of(fault: Fault, path: str, directory: str) -> str:
    """Return the command that repairs the script at `path`; none for a file outside `directory`,
    the project's, as others may need it as it is.
    """
    if belongs_to(directory, path):
        return fault.hint.format(shown(path, directory))
    return "copy it into the project and repair it there, as it is outside"


def mounted_at(service: Service, target: str, configs: tuple[FileObject, ...]) -> Mounted | None:
    """Return the file that a bind mount or a file-backed config puts at `target`, or None."""
    files = {item.name: item.file for item in configs if item.file and not item.external}
    for grant in service.configs:
        if (grant.target or f"/{grant.source}") == target and grant.source in files:
            return Mounted(files[grant.source] or "", grant.location)
    above = [m for m in service.mounts if f"{target}/".startswith(f"{m.target.rstrip('/')}/")]
    if not above:
        return None
    mount = max(above, key=lambda one: len(one.target))
    if mount.kind != "bind":
        return None
    return Mounted(mount.source + target[len(mount.target.rstrip("/")) :], mount.location)


def faults_of(path: str, host: Host) -> list[Fault]:
    """Return why the kernel cannot start the file at `path`; none where it is not a file."""
    fact = host.file(path)
    if fact is None or fact.kind != "file":
        return []
    content = host.read_bytes(path)
    found = [] if fact.mode & 0o111 else [NOT_EXECUTABLE]
    if content is None:
        return found  # too large for a script, or not ours to read
    first = content.split(b"\n", 1)[0]
    if first.startswith(b"#!") and first.endswith(b"\r"):
        found.insert(0, CARRIAGE)
    if not first.startswith((b"#!", b"\x7fELF")):
        found.append(NO_SHEBANG)
    return found
