"""An engine behind a real sshd of this machine: no port, no account, no file of the person's own.

ssh reads its settings from the home directory in the user database, so a program of that name that
adds ours stands first on the `PATH`. `sshd -i` serves one connection on its standard input.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import NamedTuple

from engine_support import _absent

SSHD = "/usr/sbin/sshd"
INFO = {
    "ServerVersion": "28.1.0",
    "NCPU": 4,
    "MemTotal": 8 << 30,
    "DockerRootDir": "/data",
    "OperatingSystem": "x" * 5000,
    "Driver": "overlay2",
    "LoggingDriver": "json-file",
}


class FakeEngine:
    """Answers the questions of a check at a socket; counts connections and what was asked."""

    def __init__(self, path: Path) -> None:
        self.asked: list[str] = []
        self.connections = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(50)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as file:
            while line := file.readline():
                path, version = line.decode().split()[1:]
                while file.readline().strip():
                    pass
                self.asked.append(path)
                connection.sendall(_answer(path, version))
                if version.endswith("1.0"):
                    return


def _answer(path: str, version: str) -> bytes:
    """Answer as Go's server does: what is long has no length, in version 1.1 it is in chunks."""
    if path == "/_ping":
        return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
    known = path.startswith(("/info", "/networks", "/containers/json", "/volumes", "/images/json"))
    body = json.dumps(INFO if path.startswith("/info") else []).encode() if known else b"{}"
    head = b"HTTP/1.1 200 OK\r\n" if known else b"HTTP/1.1 404 Not Found\r\n"
    if version.endswith("1.0"):
        return head + b"\r\n" + body
    if path.startswith("/volumes"):
        return b"HTTP/1.1 204 No Content\r\n\r\n"
    halves = body[: len(body) // 2], body[len(body) // 2 :]
    chunks = b"".join(b"%X\r\n%s\r\n" % (len(one), one) for one in halves if one)
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


class Remote(NamedTuple):
    """`environ` is what a person would have set to reach the engine over ssh."""

    engine: FakeEngine
    environ: dict[str, str]
    settings: Path


def remote(directory: Path) -> Remote:
    """Make keys and settings in `directory`, and an engine at a socket there.

    Skips where no sshd or docker client is; on CI that fails.
    """
    docker = shutil.which("docker")
    if not os.path.exists(SSHD) or not docker:
        _absent("needs sshd and the docker client (apt-get install openssh-server docker-cli)")
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)  # where sshd gives up its rights
    for name in ("host", "mine"):
        argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name)]
        subprocess.run(argv, check=True, timeout=60)
    directory.chmod(0o700)
    (directory / "authorized").write_text((directory / "mine.pub").read_text())
    (directory / "known").write_text("far " + (directory / "host.pub").read_text())
    socket_of_engine = directory / "e.sock"
    server = directory / "sshd_config"
    server.write_text(
        f"HostKey {directory}/host\nAuthorizedKeysFile {directory}/authorized\nStrictModes no\n"
        f"UsePAM no\nPasswordAuthentication no\nPidFile none\nPermitRootLogin yes\n"
        f"SetEnv DOCKER_HOST=unix://{socket_of_engine} PATH={Path(docker).parent}:/usr/bin:/bin\n"
    )
    settings = directory / "ssh_config"
    settings.write_text(
        f"Host far\n  ProxyCommand {SSHD} -i -e -f {server} 2>/dev/null\n  IdentitiesOnly yes\n"
        f"  IdentityFile {directory}/mine\n  UserKnownHostsFile {directory}/known\n"
        "  StrictHostKeyChecking yes\n  ControlPath none\n"
    )
    programs = directory / "bin"
    programs.mkdir()
    ssh = programs / "ssh"
    ssh.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F "{settings}" "$@"\n')
    ssh.chmod(0o755)
    environ = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "DOCKER_HOST": f"ssh://{getpass.getuser()}@far",
        "SSH_AUTH_SOCK": "",
    }
    return Remote(FakeEngine(socket_of_engine), environ, settings)
