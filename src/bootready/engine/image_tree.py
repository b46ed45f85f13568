"""A local image -> the files in it, read-only: from its layers on disk, or from a small archive.

Making a container only to look into it would be a write. Layers on disk need the rights to read
the engine's directory; the archive (``docker save``) is asked for small images only.
"""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from bootready.model.fact import FileFact
from bootready.typed import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import tarfile

ARCHIVE_LIMIT = 32_000_000
"""Bytes of an image that we let the engine archive: `docker save` of 240 MB took five seconds."""

_KINDS = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISLNK, "link"),
    (stat.S_ISCHR, "device"),
)
_HOPS = 40
"""Symbolic links followed in one path, the kernel's own limit (path_resolution(7))."""
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_LAYER = os.O_RDONLY | os.O_DIRECTORY
"""A layer's own path is the engine's word and may lead through links."""
_FOLDER = _LAYER | os.O_NOFOLLOW

_Place = tuple[int, str, os.stat_result]
"""A directory's descriptor, a name in it, and what that is."""


class Entry(NamedTuple):
    """One name of an image; `target` is where a symbolic link points."""

    fact: FileFact
    target: str = ""


class Tree(Protocol):
    """The merged layers of an image."""

    def entry(self, path: str) -> Entry | None:
        """Return what lies at the absolute `path`, links not followed, or None."""

    def content(self, path: str, limit: int) -> bytes | None:
        """Return the first `limit` bytes of the file at `path`, links not followed, or None."""


class LayerTree:
    """Layers unpacked on this machine's disk, the uppermost first (overlayfs)."""

    def __init__(self, layers: Sequence[str]) -> None:
        self._layers = layers

    def entry(self, path: str) -> Entry | None:
        """Return what lies at the absolute `path`, links not followed, or None."""
        with self._opened(path) as place:
            if place is None:
                return None
            folder, name, found = place
            kind = next((name for test, name in _KINDS if test(found.st_mode)), "other")
            mode = stat.S_IMODE(found.st_mode)
            fact = FileFact(kind, found.st_uid, found.st_gid, mode, found.st_size)
            return Entry(fact, os.readlink(name, dir_fd=folder) if kind == "link" else "")

    def content(self, path: str, limit: int) -> bytes | None:
        """Return the first `limit` bytes of the file at `path`, links not followed, or None."""
        with self._opened(path) as place:
            if place is None or not stat.S_ISREG(place[2].st_mode):
                return None
            try:
                number = os.open(place[1], _FILE, dir_fd=place[0])
            except OSError:
                return None
            with os.fdopen(number, "rb") as file:
                return file.read(limit)

    @contextmanager
    def _opened(self, path: str) -> Iterator[_Place | None]:
        """Yield the directory that holds `path` in the uppermost layer that has it, or None.

        A layer's links are the image's, not ours: what is a link in a lower layer may be a
        directory in an upper one, and following it would lead out of the image.
        """
        parts = [part for part in path.split("/") if part not in {"", "."}]
        place = None
        with ExitStack() as stack:
            for layer in self._layers if parts and ".." not in parts else ():
                place, hidden = _walk(layer, parts, stack)
                if place is not None or hidden:
                    break
            yield place


def _walk(layer: str, parts: Sequence[str], stack: ExitStack) -> tuple[_Place | None, bool]:
    """Return where `parts` lead in one layer, and whether it hides what lower ones have there."""
    hidden = False
    folder = _directory(layer, None, stack)
    for index, part in enumerate(parts):
        if folder is None:
            # Not a directory here, hence none in the image, whatever lower layers have.
            return None, True
        try:
            found = os.stat(part, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return None, hidden  # not in this layer: the next lower one may have it
        if stat.S_ISCHR(found.st_mode) and found.st_rdev == 0:
            return None, True  # a whiteout: deleted, whatever lies below
        if index == len(parts) - 1:
            return (folder, part, found), True
        folder = _directory(part, folder, stack)
        hidden = hidden or (folder is not None and _is_opaque(folder))
    return None, hidden


def _directory(name: str, within: int | None, stack: ExitStack) -> int | None:
    try:
        number = os.open(name, _FOLDER if within is not None else _LAYER, dir_fd=within)
    except OSError:
        return None
    stack.callback(os.close, number)
    return number


class ArchiveTree:
    """The layers in an archive as ``docker save`` writes it, of the old and the OCI layout."""

    def __init__(self, archive: bytes) -> None:
        import tarfile  # most engines keep their layers where they can be looked at

        self._entries: dict[str, Entry] = {}
        self._contents: dict[str, bytes] = {}
        with tarfile.open(fileobj=io.BytesIO(archive)) as outer:
            for name in _layers_of(outer):
                member = outer.extractfile(name)
                if member is not None:
                    with tarfile.open(fileobj=io.BytesIO(member.read())) as layer:
                        self._add(layer)

    def entry(self, path: str) -> Entry | None:
        """Return what lies at the absolute `path`, links not followed, or None."""
        return self._entries.get(path)

    def content(self, path: str, limit: int) -> bytes | None:
        """Return the first `limit` bytes of the file at `path`, links not followed, or None."""
        found = self._contents.get(path)
        return None if found is None else found[:limit]

    def _add(self, layer: tarfile.TarFile) -> None:
        for member in layer:
            path = f"/{member.name.removeprefix('./').strip('/')}"
            folder, _, name = path.rpartition("/")
            if name == ".wh..wh..opq":
                self._forget(f"{folder}/")
            elif name.startswith(".wh."):
                self._forget(f"{folder}/{name[4:]}")
            else:
                self._enter(folder)
                self._entries[path] = _entry_of(member, self._entries)
                # Only what a check may want to read: accounts and scripts are small.
                data = layer.extractfile(member) if 0 < member.size < 100_000 else None
                if data is not None:
                    self._contents[path] = data.read()

    def _enter(self, folder: str) -> None:
        """Archives need not name the directories of what they hold."""
        while folder and folder not in self._entries:
            self._entries[folder] = Entry(FileFact("directory", 0, 0, 0o755, 0))
            folder = folder.rpartition("/")[0]

    def _forget(self, path: str) -> None:
        gone = [p for p in self._entries if p == path or p.startswith(path.rstrip("/") + "/")]
        for name in gone:
            self._entries.pop(name, None)
            self._contents.pop(name, None)


def find(tree: Tree, path: str) -> tuple[str, FileFact] | None:
    """Return the real path of `path` in the image and what lies there, links followed."""
    done, left = "", [part for part in path.split("/") if part]
    for _ in range(_HOPS * 8):
        if not left:
            entry = tree.entry(done) if done else None
            return (done, entry.fact) if entry else None
        part = left.pop(0)
        if part in {".", ".."}:
            done = done.rpartition("/")[0] if part == ".." else done
            continue
        entry = tree.entry(f"{done}/{part}")
        if entry is None:
            return None
        if entry.fact.kind == "link":
            left = [p for p in entry.target.split("/") if p] + left
            done = "" if entry.target.startswith("/") else done
        else:
            done = f"{done}/{part}"
    return None


def layers_on_disk(driver: Mapping[str, str]) -> tuple[str, ...]:
    """Return the readable directories of the layers in `GraphDriver.Data`, uppermost first.

    None where one cannot be read: half an image is no evidence.
    """
    upper = [driver["UpperDir"]] if driver.get("UpperDir") else []
    lower = [path for path in driver.get("LowerDir", "").split(":") if path]
    layers = (*upper, *lower)
    return layers if all(os.access(path, os.R_OK | os.X_OK) for path in layers) else ()


def _layers_of(outer: tarfile.TarFile) -> list[str]:
    manifest = outer.extractfile("manifest.json")
    return list(json.load(manifest)[0]["Layers"]) if manifest else []


def _entry_of(member: tarfile.TarInfo, known: Mapping[str, Entry]) -> Entry:
    if member.islnk():
        target = known.get(f"/{member.linkname.removeprefix('./').strip('/')}")
        if target is not None:
            return target
    kind = "file" if member.isfile() else "directory" if member.isdir() else "other"
    kind = "link" if member.issym() else kind
    fact = FileFact(kind, member.uid, member.gid, member.mode, member.size)
    return Entry(fact, member.linkname if member.issym() else "")


def _is_opaque(folder: int) -> bool:
    try:
        return os.getxattr(folder, "trusted.overlay.opaque") == b"y"
    except (OSError, AttributeError):
        return False
