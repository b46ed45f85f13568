"""What a test says -> a registry on the loopback that answers just that, and who asked for what."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Asked(NamedTuple):
    """One request; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Reply(NamedTuple):
    """One answer; `length` is the Content-Length that it claims, its own if None."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None


class Strange(NamedTuple):
    """A registry that runs at `host`, and what it was asked."""

    host: str
    asked: list[Asked]

    def paths(self) -> list[str]:
        """Return the methods and paths that were asked for."""
        return [f"{one.method} {one.path}" for one in self.asked]


Answers = Callable[[Asked], Reply | None]
"""None holds the connection open until the test ends."""


@contextmanager
def strange(answers: Answers, address: str = "127.0.0.1") -> Iterator[Strange]:
    """Run a registry on a free port that answers what `answers` returns."""
    ended = threading.Event()
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            one = Asked(self.command, self.path, headers, body)
            asked.append(one)
            reply = answers(one)
            if reply is None:
                ended.wait()
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            length = len(reply.body) if reply.length is None else reply.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)
            if length > len(reply.body):
                self.close_connection = True

        do_HEAD = do_POST = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *words: object) -> None:
            """Nothing: the test prints what matters."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *about: object) -> None:
            """Nothing: clients that leave are what is tested."""

    server = Server((address, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Strange(f"{address}:{server.server_port}", asked)
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


def digest(data: bytes) -> str:
    """Return the digest of a document."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def image(
    *,
    config: dict[str, Any] | None = None,
    architecture: str = "amd64",
    layers: tuple[tuple[str, Any], ...] = (("a", 1000),),
    **changes: Any,
) -> dict[str, bytes]:
    """Return the documents of an image by digest; the last one is its manifest."""
    document = {
        "os": "linux",
        "architecture": architecture,
        "config": config or {},
        "rootfs": {"diff_ids": [digest(f"plain {name}".encode()) for name, _ in layers]},
    }
    held = json.dumps(document).encode()
    manifest = {
        "schemaVersion": 2,
        "config": {"digest": digest(held), "size": len(held)},
        "layers": [{"digest": digest(name.encode()), "size": size} for name, size in layers],
        **changes,
    }
    sent = json.dumps(manifest).encode()
    return {digest(held): held, digest(sent): sent}


def index(**platforms: dict[str, bytes]) -> dict[str, bytes]:
    """Return the documents of an index of images, named ``linux_arm64_v8``; it is the last one."""
    rows = []
    documents: dict[str, bytes] = {}
    for name, image_documents in platforms.items():
        words = name.split("_")
        platform = dict(zip(("os", "architecture", "variant"), words, strict=False))
        rows.append({"digest": list(image_documents)[-1], "platform": platform, "size": 1})
        documents |= image_documents
    whole = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": rows}).encode()
    return {**documents, digest(whole): whole}


def serves(documents: dict[str, bytes], *, headers: tuple[tuple[str, str], ...] = ()) -> Answers:
    """Return the answers of an honest registry that has these documents under every tag."""
    last = list(documents)[-1]

    def answers(asked: Asked) -> Reply:
        name = asked.path.rpartition("/")[2]
        found = name if name in documents else last
        own = (("Content-Type", MANIFEST), ("Docker-Content-Digest", found), *headers)
        if "/blobs/" in asked.path and name not in documents:
            return Reply(404)
        return Reply(200, documents[found], own)

    return answers
