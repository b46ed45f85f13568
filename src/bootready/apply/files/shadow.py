"""The machine's files -> a tree that looks the same, in which files can be changed for a proof.

Only what is changed, and the directories above it, is real; everything else is a symbolic link to
the original. So any project is there whole, whatever its size, with all that it refers to by
relative paths.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bootready.apply.files.overlay import scratch


class Shadow:
    """A shadow of the file system below `base`, an absolute directory without links in it."""

    def __init__(self, base: str, near: str = "") -> None:
        """Make one in the directory `base`.

        Of the directories above `near` only hidden entries are linked, which are looked for upwards
        (``.git``), until a text that is put here climbs: the others would be thousands.
        """
        self.base = base
        self._near = near
        self._changed: dict[str, str | None] = {}
        self._modes: dict[str, int] = {}
        self._real: set[str] = set()

    def there(self, path: str) -> str:
        """Return where `path` is in the shadow; a relative path stays."""
        return self.base + os.path.normpath(path) if os.path.isabs(path) else path

    def back(self, text: str) -> str:
        """Return `text` with paths of the shadow named as in the original."""
        return text.replace(self.base, "")

    def put(self, texts: Mapping[str, str | None]) -> None:
        """Give files, by their paths in the original, other texts; None takes one away."""
        if any(text is not None and climbs(text) for text in texts.values()):
            self._widen()
        for path, text in texts.items():
            target = self._unlinked(path)
            self._changed[os.path.normpath(path)] = text
            if text is None:
                continue
            with open(target, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
                file.write(text)
            self.set_mode(path, _mode(path, 0o644))

    def set_mode(self, path: str, mode: int) -> None:
        """Give a file that was put here other permissions, octal bits; a link stays as it is."""
        target = self.there(path)
        if os.path.isfile(target) and not os.path.islink(target):
            os.chmod(target, mode | stat.S_IRUSR)
            self._modes[os.path.normpath(path)] = mode

    def changes(self) -> frozenset[tuple[str, str | None, int]]:
        """Return what is not as in the original, by path: texts and permissions, octal bits, -1 for
        those of a new file.

        Two shadows of which this is the same look the same; a file that is not there is not taken
        away by taking it away.
        """
        return frozenset(
            (path, text, self._modes.get(path, -1))
            for path, text in self._changed.items()
            if text is not None or os.path.lexists(path)
        )

    def restore(self) -> None:
        """Make every file again what it is in the original."""
        for path in self._changed:
            target = self.there(path)
            if os.path.lexists(target):
                os.unlink(target)
            if os.path.lexists(path):
                os.symlink(path, target)
        self._changed.clear()
        self._modes.clear()
        for directory in sorted(self._real, reverse=True):
            if not os.path.isdir(directory):
                os.rmdir(self.there(directory))
                self._real.remove(directory)

    def make_real(self, directory: str) -> None:
        """Make `directory` (absolute, of the original) a real one with links to what it has."""
        here = "/"
        self._make_real(here)
        for part in filter(None, os.path.normpath(directory).split("/")):
            here = os.path.join(here, part)
            self._make_real(here)

    def _make_real(self, here: str) -> None:
        if here in self._real:
            return
        there = self.there(here)
        if os.path.islink(there):
            os.unlink(there)
        os.makedirs(there, exist_ok=True)
        self._real.add(here)
        self._link(here)

    def _widen(self) -> None:
        """Link whatever is in the directories above, too."""
        if self._near:
            self._near = ""
            for here in self._real:
                self._link(here)

    def _link(self, here: str) -> None:
        is_above = here != self._near and f"{self._near}/".startswith(f"{here.rstrip('/')}/")
        hidden_alone = self._near != "" and is_above
        there = self.there(here)
        for name in _names(here):
            if hidden_alone and name[0] != ".":
                continue
            link = os.path.join(there, name)
            if not os.path.lexists(link):
                os.symlink(os.path.join(here, name), link)

    def _unlinked(self, path: str) -> str:
        """Return where `path` is here, with nothing there and a real directory around it."""
        path = os.path.normpath(path)
        self.make_real(os.path.dirname(path))
        target = self.there(path)
        if os.path.lexists(target):
            os.unlink(target)
        return target


@contextmanager
def shadow(near: str = "") -> Iterator[Shadow]:
    """Yield a shadow without any change, and remove it at the end; for `near` see `Shadow`."""
    with scratch("bootready-proof-") as base:
        yield Shadow(os.path.realpath(base), near)


def climbs(text: str) -> bool:
    """Tell whether a path in `text` may lead to a directory above."""
    return ".." in text.replace("...", "")


def _names(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:  # a directory that may be entered but not read; the way down is made anyway
        return []


def _mode(path: str, otherwise: int) -> int:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return otherwise
