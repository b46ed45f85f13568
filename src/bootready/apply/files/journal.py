"""What was applied, kept in the person's own state directory: entries in, entries out.

An entry is on the disk before what it tells of, so that a killed run can be cleaned up and
everything can be taken back. Contents are kept as keyed hashes only, and every entry carries a
code that only the holder of the key can make. See docs/reference/trust.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from bootready.apply.files.directory import Directory
from bootready.apply.files.ground import Ground, RefusedError, ground_of, is_temporary, within
from bootready.apply.files.lock import locked
from bootready.apply.files.state import PROJECT, read_own, state_of, write_own
from bootready.host.state import AUTHORITY, AUTHORITY_KEY
from bootready.typed import NamedTuple

_OWN_FILES = ("journal", "passwords", AUTHORITY, AUTHORITY_KEY, "key", PROJECT, "lock")
"""In the order of their removal: a kill in between leaves nothing to take back."""
_REMAINS = frozenset({"key", PROJECT, "lock"})


class Entry(NamedTuple):
    """One change. `path` is relative to the project directory; `temp` is a name beside it.

    `operation` is one of create, directory, append, replace, permissions, network, volume, trust,
    and of a swarm secret, config, label.
    `digest` is of the content afterwards, `before` of the content before; `length` is the size in
    bytes before; `mode` and the owner are those before for `permissions`, else those given.
    """

    operation: str
    path: str
    temp: str = ""
    digest: str = ""
    before: str = ""
    length: int = 0
    mode: int = 0
    uid: int = -1
    gid: int = -1
    time: int = 0


class Journal:
    """The journal of one project, locked by this process. Made by `opened`."""

    def __init__(self, ground: Ground, directory: str, state: str, place: Directory) -> None:
        self.ground = ground
        self.directory = directory
        self.state = state
        """The state directory, absolute."""
        self._place = place
        self._key = b""
        self._directories: set[str] | None = None

    def intend(self, entry: Entry) -> None:
        """Write `entry` down for good, before the change is made."""
        write_own(self._place, "journal", self._line(entry), append=True)
        if self._directories is not None and entry.operation == "directory":
            self._directories.add(entry.path)

    def entries(self) -> list[Entry]:
        """Return every whole entry, oldest first.

        Raises RefusedError for one that was not written with this project's key.
        """
        content = read_own(self._place, "journal", self.state)
        found = [self._parsed(line) for line in (content or b"").splitlines()]
        return [entry for entry in found if entry is not None]

    def made(self, path: str, content: bytes) -> bool:
        """Tell whether the file at `path` with this `content` is all bootready's own work."""
        mine = [entry for entry in self.entries() if entry.path == self.relative(path)]
        written = {entry.digest for entry in mine if entry.digest}
        created = any(entry.operation == "create" for entry in mine)
        return created and self.digest(content) in written

    def made_directory(self, path: str) -> bool:
        """Tell whether the directory at `path` is bootready's own work."""
        if self._directories is None:  # read once: a project may have thousands of secrets
            found = self.entries()
            self._directories = {one.path for one in found if one.operation == "directory"}
        return self.relative(path) in self._directories

    def digest(self, content: bytes) -> str:
        """Return the keyed hash of `content`; without the key nothing can be guessed from it."""
        if not self._key:
            self._key = self._stored_key()
        return hmac.new(self._key, content, hashlib.sha256).hexdigest()

    def relative(self, path: str) -> str:
        """Return `path` as entries hold it."""
        inside = within(path, self.ground.root)
        return os.path.relpath(path, self.directory) if inside else path

    def absolute(self, path: str) -> str:
        """Return the absolute path of an entry's `path`."""
        return os.path.normpath(os.path.join(self.directory, path))

    def rewrite(self, entries: list[Entry]) -> None:
        """Keep only `entries`; without any, remove all that the journal itself made."""
        if entries:
            self.write("journal", b"".join(map(self._line, entries)))
        else:
            self._remove()

    def load(self, name: str) -> dict[str, str]:
        """Return what `keep` put into the file `name`: names and hashes."""
        with suppress(ValueError, AttributeError):
            found = json.loads(self.read(name) or b"{}")
            return {str(key): str(value) for key, value in found.items()}
        return {}

    def keep(self, name: str, text: str) -> None:
        """Put `text` into the file `name` of the state directory, if it differs."""
        if self.read(name) != text.encode():
            self.write(name, text.encode())

    def read(self, name: str) -> bytes | None:
        """Return the content of a file of the state directory, or None if it does not exist.

        Raises RefusedError if it is not a file of our own that is closed to everybody else.
        """
        return read_own(self._place, name, self.state)

    def write(self, name: str, content: bytes) -> None:
        """Put `content` into a file of the state directory, whole or not at all."""
        write_own(self._place, name, content)

    def forget(self, name: str) -> None:
        """Remove a file of the state directory; none is no error."""
        with suppress(FileNotFoundError):
            self._place.unlink(name)

    def _remove(self) -> None:
        # The journal early and the lock last: a kill in between leaves nothing to take back, and
        # `remove_remains` knows what is left. No password outlives the journal.
        for name in _OWN_FILES:
            self.forget(name)
        with suppress(OSError):  # the value of a rotation that was not finished stays
            os.rmdir(self.state)

    def _line(self, entry: Entry) -> bytes:
        fields = json.dumps(entry._asdict(), sort_keys=True)
        return json.dumps({"entry": fields, "mac": self._mac(fields)}).encode() + b"\n"

    def _mac(self, fields: str) -> str:
        # Bound to the project: an entry of another one, copied here, is none.
        place = os.path.realpath(self.directory)
        return self.digest(f"{place}\0{fields}".encode("utf-8", "surrogateescape"))

    def _parsed(self, line: bytes) -> Entry | None:
        try:
            data = json.loads(line)
        except ValueError:
            return None  # a torn line (a killed run): what it would have told of was not done
        try:
            genuine = hmac.compare_digest(self._mac(data["entry"]), data["mac"])
            entry = Entry(**json.loads(data["entry"])) if genuine else None
        except (ValueError, TypeError, KeyError):
            entry = None
        if entry is None or not (entry.temp == "" or is_temporary(entry.temp)):
            raise RefusedError(
                f"'{self.state}/journal' has an entry that bootready did not write",
                "inspect the file and move it away; its steps can then no longer be undone",
            )
        return entry

    def _stored_key(self) -> bytes:
        found = self.read("key")
        if found is None:
            self.write("key", secrets.token_bytes(32))
            found = self.read("key")
        return found or b""


@contextmanager
def opened(
    ground: Ground, directory: str, environ: Mapping[str, str] | None = None
) -> Iterator[Journal]:
    """Open the journal of the project in `directory`, waiting for any other run to end.

    The state directory is that of the user in `environ` (this process's if None). Raises
    RefusedError if it lies in the project or cannot be believed.
    """
    place = state_of(ground, directory, environ)
    with locked(place) as state:
        yield Journal(ground, directory, place.path, state)


@contextmanager
def looked_at(
    ground: Ground, directory: str, environ: Mapping[str, str] | None = None
) -> Iterator[Journal]:
    """Open the journal to read it alone: nothing is made, locked or cleaned up. It must exist."""
    place = state_of(ground, directory, environ)
    state = place.open()
    try:
        yield Journal(ground, directory, place.path, state)
    finally:
        state.close()


def exists(directory: str, environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether the project in `directory` has a journal."""
    place = state_of(ground_of(directory), directory, environ)
    return os.path.lexists(os.path.join(place.path, "journal"))


def remove_remains(directory: str, environ: Mapping[str, str] | None = None) -> None:
    """Remove the state directory if a killed or refused run left nothing of use in it."""
    with suppress(OSError, RefusedError):
        ground = ground_of(directory)
        if set(os.listdir(state_of(ground, directory, environ).path)) <= _REMAINS:
            with opened(ground, directory, environ) as journal:
                if not journal.entries():
                    journal.rewrite([])
