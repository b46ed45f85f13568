"""The journal -> taken back: what was created and is unchanged since is removed, nothing else."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping

from bootready.apply.files.create import clean_up, read_file, replace_file, restore_permissions
from bootready.apply.files.ground import Owner, RefusedError, ground_of, parent_of, within
from bootready.apply.files.journal import (
    Entry,
    Journal,
    exists,
    looked_at,
    opened,
    remove_remains,
)
from bootready.typed import NamedTuple


class Undone(NamedTuple):
    """What was taken back, and what was left with the reason. Paths as the journal has them."""

    removed: tuple[str, ...]
    kept: tuple[tuple[str, str], ...]


def undo(
    directory: str,
    *,
    remove_network: Callable[[str], bool] | None = None,
    remove_volume: Callable[[str], bool] | None = None,
    remove_trust: Callable[[str], bool] | None = None,
    remove_of_swarm: Mapping[str, Callable[[str], bool]] | None = None,
    dry_run: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Undone:
    """Take back what the journal of the project in `directory` tells of, newest first.

    The callables remove an unused network or volume, an authority from the machine's store, or of a
    swarm a secret, config or label, and tell whether they could; without them those stay. With
    `dry_run` nothing is changed.
    """
    if not exists(directory, environ):
        if not dry_run:
            remove_remains(directory, environ)
        return Undone((), ())
    open_journal = looked_at if dry_run else opened
    with open_journal(ground_of(directory), directory, environ) as journal:
        # Only paths that the person agreed to are in a journal that can be believed.
        outside = tuple(one.path for one in journal.entries() if os.path.isabs(one.path))
        journal.ground = ground_of(directory, outside)
        if not dry_run:
            clean_up(journal)
        doors = {"network": remove_network, "volume": remove_volume, "trust": remove_trust}
        doors |= dict.fromkeys(("secret", "config", "label")) | dict(remove_of_swarm or {})
        undoing = _Undoing(journal, doors, dry_run)
        for entry in reversed(journal.entries()):
            undoing.take_back(entry)
        if not dry_run:
            journal.rewrite(list(reversed(undoing.left)))
        return Undone(tuple(undoing.removed), tuple(undoing.kept))


class _Undoing:
    def __init__(
        self,
        journal: Journal,
        doors: dict[str, Callable[[str], bool] | None],
        dry_run: bool,
    ) -> None:
        self.journal = journal
        self.removed: list[str] = []
        self.kept: list[tuple[str, str]] = []
        self.left: list[Entry] = []
        self._doors = doors
        self._dry_run = dry_run
        self._written: dict[str, set[str]] = {}
        for entry in journal.entries():
            if entry.operation in {"create", "append", "replace"}:
                self._written.setdefault(entry.path, set()).add(entry.digest)

    def take_back(self, entry: Entry) -> None:
        """Take back one entry, or note why not."""
        try:
            reason = self._take_back(entry)
        except (OSError, RefusedError) as error:
            reason = str(error)
        if reason is None:
            self.removed.append(entry.path)
        elif reason:
            self.kept.append((entry.path, reason))
            self.left.append(entry)

    def _take_back(self, entry: Entry) -> str | None:
        """Return None when it was taken back, '' when nothing is there, else why it stays."""
        if entry.operation in self._doors:
            remove = self._doors[entry.operation]
            if remove is None:
                return "its removal was not confirmed"
            if entry.operation == "trust" and not os.path.lexists(entry.path):
                return ""
            if self._dry_run or remove(entry.path):
                return None
            return "it is in use or holds data" if entry.operation == "volume" else "it is in use"
        path = self.journal.absolute(entry.path)
        if not os.path.lexists(path):
            return ""
        match entry.operation:
            case "create":
                return self._remove_file(entry, path)
            case "directory":
                return self._remove_directory(path)
            case "permissions":
                return self._restore_permissions(entry, path)
            case "append":
                return self._cut(entry, path)
            case _:
                return ""  # an edit of a tracked file is git's to take back

    def _remove_file(self, entry: Entry, path: str) -> str | None:
        content = read_file(self.journal.ground, path)
        if self.journal.digest(content) not in self._written[entry.path]:
            return "it has changed since"
        if not self._dry_run:
            with parent_of(self.journal.ground, path) as (parent, name):
                parent.unlink(name)
        return None

    def _remove_directory(self, path: str) -> str | None:
        if not self._dry_run:
            try:
                with parent_of(self.journal.ground, path) as (parent, name):
                    parent.rmdir(name)
            except OSError:
                return "it is not empty"
        return None

    def _restore_permissions(self, entry: Entry, path: str) -> str | None:
        fact = os.stat(path, follow_symlinks=False)
        mode = stat.S_IMODE(fact.st_mode)
        if (mode, fact.st_uid, fact.st_gid) == (entry.mode, entry.uid, entry.gid):
            return ""
        if mode not in {entry.mode, entry.length}:
            return "its permissions have changed since"
        inside = next((kept for kept, _ in self.kept if within(kept, entry.path)), "")
        if inside and stat.S_ISDIR(fact.st_mode):
            return f"'{inside}' in it is kept and would become readable by others"
        if not self._dry_run:
            owner = Owner(entry.uid, entry.gid)
            restore_permissions(self.journal.ground, path, entry.length, entry.mode, owner)
        return None

    def _cut(self, entry: Entry, path: str) -> str | None:
        content = read_file(self.journal.ground, path)
        if self.journal.made(path, content):
            return ""  # all of it is ours, and goes as a whole
        if self.journal.digest(content) == entry.before:
            return ""  # a killed run announced it and did not get to it
        if self.journal.digest(content) != entry.digest:
            return "it has changed since"
        before = content[: entry.length]
        if self.journal.digest(before) != entry.before:
            return "it has changed since"
        if not self._dry_run:
            replace_file(self.journal, path, content, before)
        return None
