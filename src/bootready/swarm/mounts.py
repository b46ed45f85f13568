"""The mounts of a service -> those of a stack file; read-only files travel as configs.

A bind mount needs its source on every node where the service may run. What the project itself
has, mounted read-only, is carried by the cluster instead; what lies outside of the project is the
node's.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.lookup import at, items_at, shown, text_at, value_at
from bootready.model.node import Mapping, Node, Plain, plain
from bootready.model.position import YamlPath
from bootready.model.project import Mount, Project, Service
from bootready.regex import regex
from bootready.swarm.losses import Teller
from bootready.swarm.objects import LIMITS, Objects, is_secret_file
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_MOST_FILES = 64
"""Of one directory; what has more is no configuration."""
_DEEPEST = 8
_SIZE = regex(r"([0-9]+)([kmgtKMGT]?)[bB]?")
_ALWAYS = {"rw", "noexec", "nosuid", "nodev", "mode=1777", "mode=01777"}
"""What the engine gives every tmpfs of a service."""
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - a place in the container
_LOST: dict[str, dict[str, str]] = {
    "bind": {
        "selinux": "the directory keeps its SELinux label",
        "recursive": "what is mounted below it is mounted, too",
    },
    "volume": {"subpath": "the whole volume is mounted", "labels": "the volume has no labels"},
    "tmpfs": {"mode": "everybody in the container may write there (mode 1777)"},
    "npipe": {},
    "cluster": {},
}
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


class Held(NamedTuple):
    """What a service holds: its mounts, and the grants of files that travel."""

    mounts: list[Plain]
    secrets: list[Plain]
    configs: list[Plain]


class Carried(NamedTuple):
    """A file below a directory that is mounted: its path, the rest of its target, its content."""

    path: str
    rest: str
    content: bytes
    mode: int


def held_by(service: Service, project: Project, objects: Objects, teller: Teller) -> Held:
    """Return what `service` mounts; what is different is told to `teller`."""
    maker = _Mounts(objects, teller)
    for index, mount in enumerate(service.mounts):
        maker.mount(mount, at(service.node, "volumes", index), ("volumes", index))
    for index, node in items_at(service.node, "volumes_from"):
        maker.from_another(text_at(node), ("volumes_from", index), project)
    for index, node in items_at(service.node, "tmpfs"):
        maker.held.mounts.append(_tmpfs(text_at(node), ("tmpfs", index), teller))
    size = value_at(service.node, "shm_size")
    if size:
        memory: Plain = {"size": int(str(size))}
        maker.held.mounts.append({"type": "tmpfs", "target": _SHARED_MEMORY, "tmpfs": memory})
        teller.converted(
            ("shm_size",), "{} becomes a tmpfs at /dev/shm", check="stack-attribute-lost"
        )
    return maker.held


class _Mounts:
    """Makes what one service holds."""

    def __init__(self, objects: Objects, teller: Teller) -> None:
        self.held = Held([], [], [])
        self.objects = objects
        self.teller = teller
        self.directory = objects.project.directory

    def mount(self, mount: Mount, node: Node | None, place: YamlPath) -> None:
        """Add one mount, as a mount or as the files that it shows."""
        if mount.kind == "bind" and mount.read_only and self.carry(mount, place):
            return
        if mount.kind == "image":
            what = "mounts an image, which a stack file cannot say"
            self.teller.lost(place, what, "it is not mounted")
            return
        made: dict[str, Plain] = {"type": mount.kind}
        if mount.source:
            made["source"] = mount.source
        made["target"] = mount.target
        if mount.read_only:
            made["read_only"] = True
        inner = at(node, mount.kind)
        options = plain(inner) if isinstance(inner, Mapping) else {}
        given = options if isinstance(options, dict) else {}
        below = (*place, mount.kind)
        if mount.kind == "bind":
            if given.get("propagation"):
                made["bind"] = {"propagation": given["propagation"]}
            self.bind(mount, place)
        elif mount.kind == "volume":
            if given.get("nocopy"):
                made["volume"] = {"nocopy": True}
            self.nameless(mount, place)
        elif mount.kind == "tmpfs" and given.get("size"):
            made["tmpfs"] = {"size": int(str(given["size"]))}
        for name, consequence in _LOST[mount.kind].items():
            if given.get(name):
                self.teller.lost((*below, name), "a stack file cannot say {}", consequence)
        self.held.mounts.append(made)

    def bind(self, mount: Mount, place: YamlPath) -> None:
        """Tell what a mount that stays a bind mount needs."""
        source = shown(mount.source, self.directory)
        fact = self.objects.host.file(mount.source)
        is_file = fact is not None and fact.kind == "file"
        is_ours = mount.source.startswith(f"{self.directory}/") and not mount.read_only
        travels = "mount it with `read_only: true` if it is only read: it travels then"
        self.teller.needed(
            place,
            f"'{source}' has to exist on every node where it may run",
            "a node without it rejects the task: nothing creates it there",
            "stack-bind-needed",
            travels if is_file and is_ours else "",
        )

    def nameless(self, mount: Mount, place: YamlPath) -> None:
        """Tell what becomes of a volume without a name."""
        if not mount.source:
            self.teller.lost(
                place,
                f"has a volume without a name at '{mount.target}', which each task gets empty",
                "what is written there is gone with the task",
                "give the volume a name",
            )

    def from_another(self, text: str, place: YamlPath, project: Project) -> None:
        """Add the mounts of the service that an entry of `volumes_from` names."""
        name, _, mode = text.partition(":")
        other = project.service(name)
        if other is None:
            words = "its mounts are missing"
            self.teller.lost(place, f"a stack file cannot take the volumes of '{name}'", words)
            return
        for index, mount in enumerate(other.mounts):
            if mount.kind != "volume" or mount.source:
                copied = mount._replace(read_only=mount.read_only or mode == "ro")
                self.mount(copied, at(other.node, "volumes", index), place)
        self.teller.converted(place, f"{{}} becomes the mounts of '{name}', written out")

    def carry(self, mount: Mount, place: YamlPath) -> bool:
        """Make configs and secrets of what is mounted read-only; False if it has to stay so."""
        if not mount.source.startswith(f"{self.directory}/"):
            return False
        files = list(_files_in(mount.source, self.objects.host, _DEEPEST))
        full = [one for one in files if one.content]
        fits = all(len(one.content) < LIMITS["secrets"] for one in full)
        if not full or not fits or len(files) > _MOST_FILES:
            return False
        for one in full:
            secret = is_secret_file(one.path, one.content)
            kind, key = self.objects.carry(one.path, one.content, secret=secret)
            grant: dict[str, Plain] = {"source": key, "target": f"{mount.target}{one.rest}"}
            grant["mode"] = one.mode
            (self.held.secrets if kind == "secrets" else self.held.configs).append(grant)
        self.tell_carried(mount, files, place)
        return True

    def tell_carried(self, mount: Mount, files: list[Carried], place: YamlPath) -> None:
        """Tell which files of a mount travel with the stack."""
        empty = [shown(one.path, self.directory) for one in files if not one.content]
        full = len(files) - len(empty)
        many = f"{full} files, each as a config or a secret" if full > 1 else "a config or secret"
        self.teller.converted(
            place,
            f"'{shown(mount.source, self.directory)}' travels with the stack as {many}",
            "a change of the file needs another deployment",
            check="stack-file-carried",
        )
        if empty:
            words = f"'{empty[0]}' is empty" if len(empty) == 1 else f"{len(empty)} files are empty"
            what = f"{words}, which the swarm does not take"
            self.teller.lost(place, what, "the container does not have it")


def _files_in(path: str, host: Host, depth: int, rest: str = "") -> Iterator[Carried]:
    """Yield the files at or below `path`; one that cannot be carried has too large a content."""
    fact = host.file(path)
    if fact is None:
        return
    if fact.kind == "directory":
        names = host.entries(path)
        if not depth or len(names) > _MOST_FILES:
            yield Carried(path, rest, b"x" * LIMITS["secrets"], 0)
            return
        for name in names:
            yield from _files_in(f"{path}/{name}", host, depth - 1, f"{rest}/{name}")
        return
    content = host.read_bytes(path, LIMITS["secrets"])
    mode = 0o555 if fact.mode & 0o111 else 0o444
    yield Carried(path, rest, b"x" * LIMITS["secrets"] if content is None else content, mode)


def _tmpfs(text: str, place: YamlPath, teller: Teller) -> dict[str, Plain]:
    """Return the long form of ``/run:size=8m,mode=755``, which the loader would leave out."""
    target, _, words = text.partition(":")
    made: dict[str, Plain] = {"type": "tmpfs", "target": target}
    lost = []
    for word in filter(None, words.split(",")):
        name, _, value = word.partition("=")
        size = _SIZE.fullmatch(value) if name == "size" else None
        if size:
            made["tmpfs"] = {"size": int(size[1]) * _UNITS[size[2].lower()]}
        elif word == "ro":
            made["read_only"] = True
        elif word not in _ALWAYS:
            lost.append(word)
    teller.converted(place, "{} becomes a mount of the type tmpfs", check="stack-attribute-lost")
    if lost:
        what = f"a stack file cannot say `{','.join(lost)}` of a tmpfs"
        teller.lost(place, what, "everybody in the container may write there (mode 1777)")
    return made
