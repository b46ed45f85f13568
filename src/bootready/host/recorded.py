"""A `host.toml` and the fixture directory beside it -> the same facts on every machine.

Files of the project are read from the directory, with a fixed owner; the table `files` says what
git cannot keep (owner, mode, devices) and what lies outside of the project. A path in it is
relative to the project.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from bootready.host.local import LocalHost
from bootready.host.permission import READ, SEARCH, WRITE, allowed
from bootready.model.fact import CertificateFact, FileFact, Listener, MountFact
from bootready.typed import cast

OWNER = 1000
NOW = 1_800_000_000.0


class RecordedHost(LocalHost):
    """A machine that was written down: nothing outside of the project's directory is looked at."""

    def __init__(self, directory: str, facts: Mapping[str, object] | None = None) -> None:
        super().__init__()
        self._directory = directory
        self._facts = dict(facts or {})
        files = cast("Mapping[str, Mapping[str, object]]", self._facts.get("files", {}))
        self._recorded = {
            os.path.normpath(os.path.join(directory, path)): fact for path, fact in files.items()
        }

    def file(self, path: str) -> FileFact | None:
        """Return what was recorded at `path`, or what lies in the project there."""
        path = os.path.normpath(path)
        recorded = self._recorded.get(path, {})
        real = super().file(path) if self._inside(path) else None
        if recorded.get("kind") == "absent" or (real is None and not recorded):
            return None
        mode = 0o755 if real and (real.kind == "directory" or real.mode & 0o100) else 0o644
        return FileFact(
            str(recorded.get("kind", real.kind if real else "file")),
            _number(recorded, "uid", OWNER),
            _number(recorded, "gid", OWNER),
            _number(recorded, "mode", mode),
            _number(recorded, "size", real.size if real else len(str(recorded.get("text", "")))),
            float(_number(recorded, "modified", 0)),
        )

    def readable_by(self, path: str, uid: int, gids: Sequence[int]) -> bool:
        """Tell whether that user and those groups can read `path`."""
        return self._permitted(path, uid, gids, READ)

    def writable_by(self, path: str, uid: int, gids: Sequence[int]) -> bool:
        """Tell whether that user and those groups can write to `path`."""
        return self._permitted(path, uid, gids, WRITE)

    def entries(self, path: str) -> Sequence[str]:
        """Return the names in a directory: of the project, or recorded files of another one."""
        if self._inside(path):
            return super().entries(path)
        directory = os.path.normpath(path)
        return sorted(
            os.path.basename(name)
            for name, fact in self._recorded.items()
            if os.path.dirname(name) == directory and fact.get("kind") != "absent"
        )

    def read_bytes(self, path: str, limit: int = 1_000_000) -> bytes | None:
        """Return what was recorded as text, or the bytes of a file of the project."""
        recorded = self._recorded.get(os.path.normpath(path), {})
        if "text" in recorded:
            return str(recorded["text"]).encode()
        return super().read_bytes(path, limit) if self._inside(path) else None

    def certificate(self, path: str) -> CertificateFact | None:
        """Return what was recorded of a certificate: no fixture holds a real key."""
        row = self._certificate(path)
        if row is None:
            return None
        return CertificateFact(
            tuple(cast("Sequence[str]", row.get("names", ()))),
            float(_number(row, "not_before", 0)),
            float(_number(row, "not_after", int(NOW) * 2)),
            str(row.get("subject", "CN=fixture")),
            str(row.get("issuer", "CN=fixture CA")),
            str(row.get("key", "")),
            authority=bool(row.get("authority")),
            usages=tuple(cast("Sequence[str]", row.get("usages", ("server", "client")))),
            permitted=tuple(cast("Sequence[str]", row.get("permitted", ()))),
        )

    def key_fingerprint(self, path: str) -> str | None:
        """Return the recorded fingerprint of a key."""
        row = self._certificate(path)
        return None if row is None else str(row.get("key", ""))

    def signed_by(self, path: str, authority: str) -> bool:
        """Tell whether the recorded issuer of one is the recorded subject of the other."""
        leaf, issuer = self._certificate(path), self._certificate(authority)
        return bool(leaf and issuer and leaf.get("issuer") == issuer.get("subject"))

    def listeners(self, port: int) -> Sequence[Listener]:
        """Return the recorded listeners on `port`."""
        recorded = cast("Sequence[Mapping[str, object]]", self._facts.get("listeners", ()))
        rows = [row for row in recorded if _number(row, "port", 0) == port]
        return tuple(
            Listener(
                str(row.get("address", "0.0.0.0")),  # noqa: S104 - a fact, nothing is bound
                _number(row, "port", 0),
                str(row.get("protocol", "tcp")),
                str(row.get("process", "")),
                _number(row, "pid", 0),
            )
            for row in rows
        )

    def addresses(self) -> Sequence[str]:
        """Return the recorded addresses, 127.0.0.1 where none are."""
        return cast("Sequence[str]", self._facts.get("addresses", ("127.0.0.1",)))

    def routes(self) -> Sequence[str]:
        """Return the recorded routes."""
        return cast("Sequence[str]", self._facts.get("routes", ()))

    def kernel_setting(self, name: str) -> str | None:
        """Return the recorded kernel setting."""
        found = cast("Mapping[str, object]", self._facts.get("kernel", {})).get(name)
        return None if found is None else str(found)

    def processor_features(self) -> frozenset[str]:
        """Return the recorded instruction sets, none where none are."""
        return frozenset(cast("Sequence[str]", self._facts.get("processor", ())))

    def _read_mounts(self) -> tuple[MountFact, ...]:
        """Return the recorded mounts: ``{point = "/", shared = true}``."""
        rows = cast("Sequence[Mapping[str, object]]", self._facts.get("mounts", ()))
        return tuple(
            MountFact(str(row.get("point")), bool(row.get("shared")), bool(row.get("slave")))
            for row in rows
        )

    def _real(self, path: str) -> str:
        return os.path.normpath(path)  # links of this machine are none of a recorded one

    def free_space(self, path: str) -> int | None:
        """Return the recorded space below the longest recorded path, 100 GB where none is."""
        table = cast("Mapping[str, int]", self._facts.get("free", {}))
        found = max((at for at in table if path.startswith(at)), key=len, default="")
        return table.get(found, 100_000_000_000)

    def has_program(self, name: str) -> bool:
        """Tell whether `name` is one of the recorded `programs`."""
        return name in cast("Sequence[str]", self._facts.get("programs", ()))

    def has_docker_plugin(self, name: str) -> bool:
        """Tell whether ``docker-<name>`` is one of the recorded `programs`."""
        return self.has_program(f"docker-{name}")

    def docker_configuration(self) -> str | None:
        """Return what was recorded as `docker_configuration`, or None."""
        recorded = self._facts.get("docker_configuration")
        return None if recorded is None else str(recorded)

    def user(self) -> tuple[int, int]:
        """Return the recorded user."""
        return OWNER, OWNER

    def tracked_by_git(self, path: str) -> bool | None:
        """Tell whether `path` is recorded as tracked; None where no `git` table is."""
        return self._in_git(path, "tracked")

    def ignored_by_git(self, path: str) -> bool | None:
        """Tell whether `path` is recorded as ignored; None where no `git` table is."""
        return self._in_git(path, "ignored")

    def state_directory(self, directory: str) -> str:  # noqa: ARG002 - the protocol's
        """Return '': nothing is remembered on a recorded machine."""
        return ""

    def now(self) -> float:
        """Return the recorded time."""
        return float(cast(float, self._facts.get("now", NOW)))

    def _certificate(self, path: str) -> Mapping[str, object] | None:
        table = cast("Mapping[str, Mapping[str, object]]", self._facts.get("certificates", {}))
        return table.get(os.path.relpath(path, self._directory))

    def _in_git(self, path: str, state: str) -> bool | None:
        table = cast("Mapping[str, Sequence[str]] | None", self._facts.get("git"))
        if table is None:
            return None
        return os.path.relpath(path, self._directory) in table.get(state, ())

    def _permitted(self, path: str, uid: int, gids: Sequence[int], wanted: int) -> bool:
        fact = self.file(path)
        if fact is None:
            return False
        wanted |= SEARCH if fact.kind == "directory" else 0
        return allowed(fact, uid, gids, wanted)

    def _inside(self, path: str) -> bool:
        return path == self._directory or path.startswith(f"{self._directory}/")


def _number(table: Mapping[str, object], key: str, default: int) -> int:
    return int(cast(int, table.get(key, default)))
