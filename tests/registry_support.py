"""An image of a few layers -> a registry on this machine, which may refuse or be slow.

Docker takes a registry on 127.0.0.0/8 without TLS, so that a test needs no certificate. Only what
`docker pull` asks for is answered: OCI distribution specification, "Pulling manifests and blobs".
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import secrets
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
BYTES = 4_000_000
"""Of the second layer: enough that half of it is told as progress, new in every registry."""


class Refuses(NamedTuple):
    """What a registry answers instead of a manifest."""

    status: int
    code: str
    message: str


class Registry(NamedTuple):
    """A registry that runs; `go` lets held layers through, `asked` are paths of requests."""

    host: str
    go: threading.Event
    asked: list[str]


class _Image(NamedTuple):
    blobs: dict[str, bytes]
    manifest: bytes


@contextmanager
def registry(
    refuses: Refuses | None = None, *, held: bool = False, busybox: bytes = b""
) -> Iterator[Registry]:
    """Serve one image of two layers under every name and tag; it runs for ever with a `busybox`.

    `held` sends the first half of each layer, and the rest once `go` is set.
    """
    go = threading.Event()
    if not held:
        go.set()
    ended = threading.Event()
    asked: list[str] = []
    image = _image(busybox)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            kind, _, name = self.path.rpartition("/")
            if self.path == "/v2/":
                self._say(b"{}")
            elif kind.endswith("/manifests"):
                if refuses:
                    body = {"errors": [{"code": refuses.code, "message": refuses.message}]}
                    self._say(json.dumps(body).encode(), status=refuses.status)
                else:
                    self._say(image.manifest, MANIFEST)
            else:
                self._blob(image.blobs[name])

        do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

        def _blob(self, data: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            half = len(data) // 2
            self.wfile.write(data[:half])
            self.wfile.flush()
            while not go.wait(0.1) and not ended.is_set():
                pass
            self.wfile.write(data[half:])

        def _say(self, body: bytes, kind: str = "application/json", status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
            self.send_header("Docker-Content-Digest", _digest(body))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Nothing: the test prints what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Registry(f"127.0.0.1:{server.server_port}", go, asked)
    finally:
        ended.set()
        go.set()
        server.shutdown()
        server.server_close()


def _image(busybox: bytes) -> _Image:
    plain = [_layer("bin/busybox", busybox), _layer("file", secrets.token_bytes(BYTES))]
    layers = [gzip.compress(one, compresslevel=0, mtime=0) for one in plain]
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Cmd": ["/bin/busybox", "sleep", "100000"]},
            "rootfs": {"type": "layers", "diff_ids": [_digest(one) for one in plain]},
        }
    ).encode()
    described = [
        {"mediaType": kind, "size": len(data), "digest": _digest(data)}
        for kind, data in ((CONFIG, config), *((LAYER, one) for one in layers))
    ]
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": described[0],
        "layers": described[1:],
    }
    blobs = {_digest(data): data for data in (config, *layers)}
    return _Image(blobs, json.dumps(manifest).encode())


def _layer(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o755
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
