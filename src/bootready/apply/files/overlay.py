"""A project's tracked files -> a copy of them outside the tree, as a fresh clone would be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from bootready.errors import BootreadyError
from bootready.host.git import git_directory
from bootready.typed import NamedTuple

_LARGE = 1_000_000
"""Bytes; of a larger file only its existence matters, so that its copy is empty."""
_SKIPPED = {".git", ".bootready", "node_modules", "__pycache__", ".venv"}


class Overlay(NamedTuple):
    """A copy of `original`; both are absolute paths of directories."""

    root: str
    original: str

    def there(self, path: str) -> str:
        """Return where `path` of the original is in the copy; other paths stay."""
        return _moved(path, self.original, self.root)

    def back(self, text: str) -> str:
        """Return `text` with paths of the copy named as in the original."""
        return text.replace(self.root, self.original)

    def put(self, texts: Mapping[str, str]) -> None:
        """Write texts into the copy, by their paths in the original; others are left alone."""
        for path, text in texts.items():
            target = self.there(path)
            if target != path:
                with open(target, "w", encoding="utf-8", newline="") as file:
                    file.write(text)


def temporary_directory(prefix: str) -> str:
    """Make a directory in the system's temporary one. Raises BootreadyError where none can be."""
    try:
        import tempfile

        return tempfile.mkdtemp(prefix=prefix)
    except OSError as error:
        raise BootreadyError(
            f"cannot create a temporary directory: {error.strerror}", "set TMPDIR to a directory"
        ) from None


@contextmanager
def scratch(prefix: str) -> Iterator[str]:
    """Yield a new directory in the system's temporary one, and remove it at the end.

    Also if Ctrl-C comes while it is removed, which takes a moment.
    """
    from shutil import rmtree

    base = ""
    try:
        base = temporary_directory(prefix)
        yield base
    finally:
        if base:
            try:
                rmtree(base, ignore_errors=True)  # follows no link
            except KeyboardInterrupt:
                rmtree(base, ignore_errors=True)
                raise


@contextmanager
def overlay(original: str, tracked: Iterable[str] | None) -> Iterator[Overlay]:
    """Copy the `tracked` files (relative to `original`; None: every file) and yield the copy.

    It is removed at the end; a killed run leaves it in the temporary directory of the system,
    never in the project.
    """
    with scratch("bootready-validate-") as base:
        root = os.path.join(os.path.realpath(base), os.path.basename(original) or "project")
        os.mkdir(root)
        for name in _all_files(original) if tracked is None else sorted(tracked):
            # What a clone says of itself is not believed: see docs/reference/trust.md.
            if name.split("/")[0] != ".bootready":
                _copy(os.path.join(original, name), os.path.join(root, name))
        if tracked is not None:
            _track(original, root)
        yield Overlay(root, original)


def _track(original: str, root: str) -> None:
    """Let the copy be a working tree of the original's repository: it tracks the same files."""
    with open(os.path.join(root, ".git"), "w", encoding="utf-8") as file:
        file.write(f"gitdir: {git_directory(original)}\n")


def _copy(source: str, target: str) -> None:
    import shutil

    if not os.path.lexists(source):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
    elif os.path.isdir(source):
        os.makedirs(target, exist_ok=True)  # a submodule
    elif os.path.isfile(source):
        if os.path.getsize(source) > _LARGE:
            with open(target, "wb"):
                pass
            shutil.copymode(source, target)
        else:
            shutil.copy(source, target)


def _all_files(root: str) -> Iterator[str]:
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in _SKIPPED)
        for name in sorted(files):
            relative = os.path.relpath(os.path.join(directory, name), root)
            if relative != ".env":
                yield relative


def _moved(path: str, old: str, new: str) -> str:
    if path == old or path.startswith(old + "/"):
        return new + path[len(old) :]
    return path
