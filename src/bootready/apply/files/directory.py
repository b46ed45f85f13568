"""An open directory: names in it mean the same whatever becomes of its path meanwhile.

Windows has no descriptor for a directory, so there the path stands for it: what only reads and
checks in a copy of its own works, and nothing else is written there (docs/adr/0088-platforms.md).
"""

from __future__ import annotations

import os

from bootready.system import IS_WINDOWS, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW
from bootready.typed import NamedTuple

_OPEN = os.O_RDONLY | O_DIRECTORY | O_CLOEXEC


class Directory(NamedTuple):
    """The directory at `path`; `descriptor` is None on Windows."""

    descriptor: int | None
    path: str

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        """Return a descriptor of the file `name`."""
        return os.open(self._at(name), flags, mode, dir_fd=self.descriptor)

    def step(self, name: str, *, follow: bool = False) -> Directory:
        """Return the directory `name` in it, open; a symbolic link raises OSError."""
        path = os.path.join(self.path, name)
        if IS_WINDOWS:
            if not os.path.isdir(path):
                raise NotADirectoryError(20, "not a directory", path)
            return Directory(None, path)
        flags = _OPEN if follow else _OPEN | O_NOFOLLOW
        return Directory(os.open(name, flags, dir_fd=self.descriptor), path)

    def stat(self, name: str) -> os.stat_result:
        """Return what `name` is, a link itself."""
        return os.stat(self._at(name), dir_fd=self.descriptor, follow_symlinks=False)

    def mkdir(self, name: str, mode: int) -> None:
        """Make the directory `name`."""
        os.mkdir(self._at(name), mode, dir_fd=self.descriptor)

    def rename(self, old: str, new: str) -> None:
        """Give `old` the name `new`, in the place of a file that has it."""
        if IS_WINDOWS:
            os.replace(self._at(old), self._at(new))
            return
        os.rename(old, new, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def link(self, old: str, new: str) -> None:
        """Give the file `old` a second name; FileExistsError where it is taken."""
        if IS_WINDOWS:
            os.link(self._at(old), self._at(new))
            return
        here = self.descriptor
        os.link(old, new, src_dir_fd=here, dst_dir_fd=here, follow_symlinks=False)

    def unlink(self, name: str) -> None:
        """Remove the file `name`."""
        os.unlink(self._at(name), dir_fd=self.descriptor)

    def rmdir(self, name: str) -> None:
        """Remove the directory `name`, which is empty."""
        os.rmdir(self._at(name), dir_fd=self.descriptor)

    def owner(self) -> int:
        """Return the user id of its owner."""
        return os.stat(self.path if self.descriptor is None else self.descriptor).st_uid

    def sync(self) -> None:
        """Make durable what was done in it; on Windows that is not ours to say."""
        if self.descriptor is not None:
            os.fsync(self.descriptor)

    def close(self) -> None:
        """Let go of it."""
        if self.descriptor is not None:
            os.close(self.descriptor)

    def _at(self, name: str) -> str:
        return os.path.join(self.path, name) if self.descriptor is None else name


def open_directory(path: str, *, follow: bool = False) -> Directory:
    """Return the directory at `path`, open; a symbolic link raises OSError unless `follow`."""
    if IS_WINDOWS:
        os.scandir(path).close()
        return Directory(None, path)
    return Directory(os.open(path, _OPEN if follow else _OPEN | O_NOFOLLOW), path)


def set_mode(descriptor: int, mode: int) -> None:
    """Give an open file its mode; Windows has none."""
    if not IS_WINDOWS:
        os.fchmod(descriptor, mode)
