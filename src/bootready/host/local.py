"""The machine -> facts, each read once when first asked for; never writes, never needs root."""

from __future__ import annotations

import os
import stat
import time

from bootready.fence import is_outside
from bootready.host.permission import READ, SEARCH, WRITE, allowed
from bootready.host.repository import leaves_repository
from bootready.model.fact import CertificateFact, FileFact, Listener, MountFact
from bootready.system import group_id, user_id
from bootready.typed import TYPE_CHECKING, Mapping, Sequence

if TYPE_CHECKING:
    from bootready.host.network import OpenSocket

_KINDS = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)

UNSEEN = FileFact("unseen", 0, 0, 0o777, 0, 0.0)
"""What is outside the directories that may be looked at, there or not: nothing is said of it."""


class LocalHost:
    """The machine that we run on."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._files: dict[str, FileFact | None] = {}
        self._sockets: tuple[OpenSocket, ...] | None = None
        self._ports: frozenset[int] = frozenset()
        self._listeners: tuple[Listener, ...] | None = None
        self._mounts: tuple[MountFact, ...] | None = None
        self._features: frozenset[str] | None = None
        self._tracked: dict[str, frozenset[str] | None] = {}

    def file(self, path: str) -> FileFact | None:
        """Return what is at `path`, symlinks followed, or None."""
        if path not in self._files:
            if is_outside(path):
                return UNSEEN
            try:
                found = os.stat(path)
            except (OSError, ValueError):
                self._files[path] = None
            else:
                self._files[path] = FileFact(
                    _kind(found.st_mode),
                    found.st_uid,
                    found.st_gid,
                    stat.S_IMODE(found.st_mode),
                    found.st_size,
                    found.st_mtime,
                )
        return self._files[path]

    def readable_by(self, path: str, uid: int, gids: Sequence[int]) -> bool:
        """Tell whether that user and those groups can read `path` (mode bits and ACL)."""
        return self._allowed(path, uid, gids, READ)

    def writable_by(self, path: str, uid: int, gids: Sequence[int]) -> bool:
        """Tell whether that user and those groups can write to `path`."""
        return self._allowed(path, uid, gids, WRITE)

    def entries(self, path: str) -> Sequence[str]:
        """Return the names in the directory `path`, sorted; none where it cannot be read."""
        if is_outside(path):
            return ()
        try:
            return sorted(os.listdir(path))
        except (OSError, ValueError):
            return ()

    def leaves_repository(self, path: str) -> bool:
        """Tell whether a symbolic link leads from `path` out of the repository that it is in."""
        return is_outside(path) or leaves_repository(path)

    def read_text(self, path: str, limit: int = 1_000_000) -> str | None:
        """Return the text of a small file, or None where it cannot be read."""
        data = self.read_bytes(path, limit)
        return None if data is None else data.decode(errors="replace")

    def read_bytes(self, path: str, limit: int = 1_000_000) -> bytes | None:
        """Return the bytes of a small file, or None where it cannot be read."""
        fact = self.file(path)
        if fact is None or fact.kind != "file" or fact.size > limit:
            return None
        from bootready.host.regular import read_regular

        try:
            return read_regular(path, limit)
        except OSError:
            return None

    def certificate(self, path: str) -> CertificateFact | None:
        """Return what the PEM certificate at `path` says, or None where it is none."""
        from bootready.host.certificate import read_certificate

        data = self.read_bytes(path)
        return read_certificate(data) if data else None

    def key_fingerprint(self, path: str) -> str | None:
        """Return the fingerprint of the public half of the PEM private key at `path`, or None."""
        from bootready.host.certificate import key_fingerprint

        data = self.read_bytes(path)
        return key_fingerprint(data) if data else None

    def signed_by(self, path: str, authority: str) -> bool:
        """Tell whether the certificate at `path` was signed by the one at `authority`."""
        from bootready.host.certificate import signed_by

        data, other = self.read_bytes(path), self.read_bytes(authority)
        return bool(data and other and signed_by(data, other))

    def listeners(self, port: int) -> Sequence[Listener]:
        """Return every TCP and UDP listener of this machine on `port`."""
        from bootready.host.network import (
            read_sockets,
            with_processes,
        )

        if self._sockets is None:
            self._sockets = read_sockets()
            self._ports = frozenset(one.port for one in self._sockets)
        if port not in self._ports:
            return ()
        # Looking into every process is slow: once, and only where a port is taken.
        if self._listeners is None:
            self._listeners = with_processes(self._sockets)
        return tuple(one for one in self._listeners if one.port == port)

    def addresses(self) -> Sequence[str]:
        """Return the IP addresses of this machine's interfaces."""
        from bootready.host.network import read_addresses

        return read_addresses()

    def routes(self) -> Sequence[str]:
        """Return the destinations of the routes that no engine made, as CIDR; no default route."""
        from bootready.host.network import read_routes

        return read_routes()

    def kernel_setting(self, name: str) -> str | None:
        """Return the value of a sysctl such as ``vm.max_map_count``, or None."""
        path = f"/proc/sys/{name.replace('.', '/')}"
        try:
            with open(path, encoding="ascii", errors="replace") as file:
                return file.read().strip()
        except (OSError, ValueError):
            return None

    def processor_features(self) -> frozenset[str]:
        """Return the instruction sets of an x86 processor; none where they cannot be known."""
        if self._features is None:
            self._features = features_in("/proc/cpuinfo")
        return self._features

    def mount(self, path: str) -> MountFact | None:
        """Return the mount that holds `path`, symlinks followed; None where none can be read."""
        from bootready.host.mounts import mount_holding

        if self._mounts is None:
            self._mounts = self._read_mounts()
        return mount_holding("/" if is_outside(path) else self._real(path), self._mounts)

    def free_space(self, path: str) -> int | None:
        """Return the bytes that an ordinary user may still write at `path`, or None."""
        if is_outside(path):
            return None
        try:
            if hasattr(os, "statvfs"):
                found = os.statvfs(path)
                return found.f_bavail * found.f_frsize
            import shutil

            return shutil.disk_usage(path).free
        except (OSError, ValueError):
            return None

    def has_program(self, name: str) -> bool:
        """Tell whether the `PATH` has an executable `name`, or a path is one."""
        from bootready.host.programs import is_on_path

        return ("/" in name and is_outside(name)) or is_on_path(name, self._environ)

    def has_docker_plugin(self, name: str) -> bool:
        """Tell whether the docker client has a plugin ``docker-<name>``."""
        from bootready.host.programs import is_plugin

        return is_plugin(name, self._environ)

    def docker_configuration(self) -> str | None:
        """Return the text of the docker client's own ``config.json``, or None."""
        folder = self._environ.get("DOCKER_CONFIG") or f"{self._environ.get('HOME', '')}/.docker"
        return self.read_text(f"{folder}/config.json")

    def user(self) -> tuple[int, int]:
        """Return uid and gid of the person who runs us."""
        return getattr(os, "getuid", user_id)(), getattr(os, "getgid", group_id)()

    def tracked_by_git(self, path: str) -> bool | None:
        """Tell whether git tracks what `path` holds; None where there is no repository.

        Of a link to a file of the repository git keeps where it leads, not what is there.
        """
        from bootready.host.git import repository_of, tracked_files
        from bootready.host.repository import written_at

        root = None if is_outside(path) else repository_of(os.path.dirname(path))
        if root is None:
            return None
        path = written_at(path, root)
        if root not in self._tracked:
            self._tracked[root] = tracked_files(root)
        tracked = self._tracked[root]
        return None if tracked is None else os.path.relpath(path, root) in tracked

    def ignored_by_git(self, path: str) -> bool | None:
        """Tell whether git ignores `path`; None where there is no repository."""
        from bootready.host.git import repository_of
        from bootready.host.ignore import is_ignored
        from bootready.host.repository import written_at

        root = None if is_outside(path) else repository_of(os.path.dirname(path))
        return None if root is None else is_ignored(root, written_at(path, root))

    def state_directory(self, directory: str) -> str:
        """Return the state directory of the project, or '' if it cannot be believed."""
        from bootready.host.state import readable_state

        return readable_state(directory, os.environ)

    def now(self) -> float:
        """Return the time in seconds since the epoch."""
        return time.time()

    def _read_mounts(self) -> tuple[MountFact, ...]:
        from bootready.host.mounts import parse_mounts

        try:
            with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
                return parse_mounts(file.read())
        except OSError:
            return ()

    def _real(self, path: str) -> str:
        # No path holds a null byte, which a Compose file may write.
        return os.path.realpath(path.replace("\0", ""))

    def _allowed(self, path: str, uid: int, gids: Sequence[int], wanted: int) -> bool:
        fact = self.file(path)
        if fact is None:
            return False
        wanted |= SEARCH if fact.kind == "directory" else 0
        return allowed(fact, uid, gids, wanted, None if fact is UNSEEN else _acl(path))


def features_in(path: str) -> frozenset[str]:
    """Return the words of the first line ``flags``, which describes the first processor.

    Only x86 has it; the lines of others name what their own kernels know (proc_cpuinfo(5)).
    """
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("flags"):
                    return frozenset(line.partition(":")[2].split())
    except OSError:
        pass
    return frozenset()


def _kind(mode: int) -> str:
    return next((name for test, name in _KINDS if test(mode)), "other")


def _acl(path: str) -> bytes | None:
    try:
        return os.getxattr(path, "system.posix_acl_access")
    except (OSError, AttributeError):
        return None  # none set, or a system without them
