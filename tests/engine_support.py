"""Environment -> a Docker Engine, Compose binaries and a tiny image for tests, or a loud skip.

Where `CI` is set, what is missing fails the test: a build that silently ran no proof is worse than
a red one. `BOOTREADY_ENGINE=none` forbids the engine, for a run of the tests without it.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

BUSYBOX = "bootready.local/busybox:1"
COMPOSE_V5 = "5.6.1"
COMPOSE_V2 = "2.40.3"


class Compose(NamedTuple):
    """One Compose program: how it is called, and its version without the `v`."""

    command: tuple[str, ...]
    version: str


def require_engine() -> None:
    """Skip the calling test unless a Docker Engine answers; on CI fail it instead."""
    reason = engine_absence()
    if reason:
        _absent(f"needs a Docker Engine: {reason}")


def require_compose(major: int = 5) -> Compose:
    """Return Compose of this major version (2 or 5), or skip; on CI fail instead."""
    found = find_compose(major)
    if found is None:
        _absent(
            f"needs Compose v{COMPOSE_V5 if major == 5 else COMPOSE_V2}:"
            f" set BOOTREADY_COMPOSE_V{major} to its path"
        )
    return found


def require_busybox() -> str:
    """Return the name of a small image that runs shells, or skip; on CI fail instead."""
    require_engine()
    try:
        return ensure_busybox()
    except (OSError, subprocess.SubprocessError) as error:
        _absent(f"needs busybox-static for {BUSYBOX}: {error}")


@cache
def engine_absence() -> str:
    """Return why no engine can be used, or the empty string."""
    if os.environ.get("BOOTREADY_ENGINE") == "none":
        return "forbidden by BOOTREADY_ENGINE=none"
    if shutil.which("docker") is None:
        return "no 'docker' on PATH"
    done = _run("docker", "version", "--format", "{{.Server.Version}}", check=False)
    if done.returncode != 0:
        return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no answer"
    return ""


@cache
def find_compose(major: int = 5) -> Compose | None:
    """Find Compose of this major version: the variable, then PATH, then this environment."""
    named = os.environ.get(f"BOOTREADY_COMPOSE_V{major}")
    candidates: list[tuple[str, ...]] = [(_program_of(named),)] if named else []
    beside = Path(sys.executable).parent / "docker-compose"
    candidates += [("docker-compose",), (str(beside),), ("docker", "compose")]
    wanted = COMPOSE_V5 if major == 5 else COMPOSE_V2
    for command in candidates:
        if shutil.which(command[0]) is None:
            continue
        done = _run(*command, "version", "--short", check=False)
        version = done.stdout.strip().removeprefix("v")
        if done.returncode == 0 and version == wanted:
            return Compose(command, version)
    return None


def _program_of(path: str) -> str:
    """Return the program behind a launcher of the PyPI package, whose exit code is always 0."""
    found = sorted(
        Path(path).parent.parent.glob("lib/python*/site-packages/compose/docker-compose")
    )
    return str(found[0]) if found else path


@cache
def ensure_busybox() -> str:
    """Make the image `bootready.local/busybox:1` where it is not there, and return its name.

    Debian's static busybox with a link per applet, `root` and `nobody`; no registry is asked.
    """
    if _run("docker", "image", "inspect", BUSYBOX, check=False).returncode == 0:
        return BUSYBOX
    with tempfile.TemporaryDirectory(prefix="bootready-busybox-") as directory:
        archive = _busybox_root(find_busybox(Path(directory)))
    subprocess.run(
        ["docker", "import", "--change", 'CMD ["sh"]', "-", BUSYBOX],
        input=archive,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return BUSYBOX


def find_busybox(directory: Path) -> Path:
    """Return a static busybox of this machine, or of a package that is unpacked in `directory`."""
    installed = shutil.which("busybox")
    if installed and _run("ldd", installed, check=False).returncode != 0:
        return Path(installed)  # ldd refuses what is not dynamically linked
    directory.chmod(0o755)
    _run("apt-get", "download", "busybox-static", cwd=directory)
    package = next(directory.glob("busybox-static_*.deb"))
    _run("dpkg-deb", "-x", str(package), str(directory / "root"))
    return next((directory / "root").rglob("bin/busybox"))


def _busybox_root(busybox: Path) -> bytes:
    applets = _run(str(busybox), "--list").stdout.split()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, mode in (
            ("bin", 0o755),
            ("etc", 0o755),
            ("root", 0o700),
            ("run", 0o755),
            ("tmp", 0o1777),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            archive.addfile(entry)
        _add_file(archive, "bin/busybox", busybox.read_bytes(), 0o755)
        for applet in applets:
            if applet == "busybox":
                continue
            entry = tarfile.TarInfo(f"bin/{applet}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(entry)
        users = b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n"
        _add_file(archive, "etc/passwd", users, 0o644)
        _add_file(archive, "etc/group", b"root:x:0:\nnogroup:x:65534:\n", 0o644)
    return buffer.getvalue()


def _add_file(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def _absent(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"on CI nothing is skipped: {reason}", pytrace=False)
    pytest.skip(reason)


def _run(
    *command: str, check: bool = True, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, check=check, cwd=cwd, capture_output=True, text=True, timeout=120
    )
