"""The program `docker-registry` of Debian's package -> a registry on a free port of the loopback.

It is started and stopped by its process id. Where it is missing a test is skipped aloud, or on CI
fails.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bootready.apply.secrets.bcrypt import hashed
from strange_registry import INDEX, MANIFEST, digest


class Registry(NamedTuple):
    """A registry that runs; `certificate` is its own, or None where it speaks plain HTTP."""

    host: str
    certificate: Path | None
    login: tuple[str, str] | None

    def push(self, image: str, documents: dict[str, bytes], layers: tuple[bytes, ...] = ()) -> None:
        """Store an image (`strange_registry.image` or `index`) under ``repository:tag``."""
        repository, _, tag = image.partition(":")
        *held, last = documents
        manifests = {name for name in documents if b'"schemaVersion"' in documents[name]}
        for data in (*layers, *(documents[name] for name in held if name not in manifests)):
            self._put_blob(repository, data)
        for name in held:
            if name in manifests:
                self._put(f"/v2/{repository}/manifests/{name}", documents[name], MANIFEST)
        kind = INDEX if b'"manifests"' in documents[last] else MANIFEST
        self._put(f"/v2/{repository}/manifests/{tag}", documents[last], kind)

    def _put_blob(self, repository: str, data: bytes) -> None:
        with self._send("POST", f"/v2/{repository}/blobs/uploads/", b"") as answer:
            place = answer.headers["Location"]
        joint = "&" if "?" in place else "?"
        self._put(f"{place}{joint}digest={digest(data)}", data, "application/octet-stream")

    def _put(self, path: str, data: bytes, kind: str) -> None:
        with self._send("PUT", path, data, kind):
            pass

    def _send(self, method: str, path: str, data: bytes | None, kind: str = ""):
        import base64

        scheme = "https" if self.certificate else "http"
        url = path if "://" in path else f"{scheme}://{self.host}{path}"
        request = urllib.request.Request(url, data, {"Content-Type": kind}, method=method)
        if self.login:
            pair = base64.b64encode(":".join(self.login).encode()).decode()
            request.add_header("Authorization", f"Basic {pair}")
        context = ssl.create_default_context(cafile=self.certificate) if self.certificate else None
        return urllib.request.urlopen(request, timeout=10, context=context)


@contextmanager
def debian_registry(
    directory: Path, *, tls: bool = False, login: tuple[str, str] | None = None
) -> Iterator[Registry]:
    """Run a registry that keeps its images in `directory`, perhaps with TLS and with a password."""
    program = shutil.which("docker-registry")
    if program is None:
        words = "needs the program docker-registry (Debian's package of that name)"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    directory.mkdir(parents=True, exist_ok=True)
    host = f"127.0.0.1:{_free_port()}"
    certificate = _certificate(directory) if tls else None
    environment = {
        "PATH": os.environ["PATH"],
        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": str(directory / "data"),
        "REGISTRY_HTTP_ADDR": host,
        "OTEL_TRACES_EXPORTER": "none",
    }
    settings = ["version: 0.1", "log: {level: error}", "storage: {filesystem: {}}"]
    settings += [f"http: {{addr: '{host}'}}"]
    if certificate:
        environment["REGISTRY_HTTP_TLS_CERTIFICATE"] = str(certificate)
        environment["REGISTRY_HTTP_TLS_KEY"] = str(directory / "key.pem")
    if login:
        (directory / "htpasswd").write_text(f"{login[0]}:{hashed(login[1].encode(), cost=4)}\n")
        environment["REGISTRY_AUTH_HTPASSWD_REALM"] = "tests"
        environment["REGISTRY_AUTH_HTPASSWD_PATH"] = str(directory / "htpasswd")
    (directory / "config.yml").write_text("\n".join(settings) + "\n")
    log = directory / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [program, "serve", str(directory / "config.yml")],
            env=environment,
            stdout=output,
            stderr=output,
        )
    registry = Registry(host, certificate, login)
    try:
        _wait(registry, process, log)
        yield registry
    finally:
        process.terminate()
        process.wait(20)


def _wait(registry: Registry, process: subprocess.Popen[bytes], log: Path) -> None:
    last: Exception | None = None
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with registry._send("GET", "/v2/", None):
                return
        except (OSError, urllib.error.URLError) as error:
            last = error
            time.sleep(0.05)
    raise AssertionError(f"{last}: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _certificate(directory: Path) -> Path:
    words = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    )
    files = "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out certificate.pem"
    command = ["openssl", *words.split(), *files.split()]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)
    return directory / "certificate.pem"
