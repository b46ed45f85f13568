"""Answers of a manager -> an engine at a socket that gives them: paths in, JSON out.

For what takes machines that are lost, clocks that are apart, or two tasks on one volume.
"""

from __future__ import annotations

import json
import socketserver
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    answers: dict[str, Any]
    deleted: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        found = self.server.answers.get(path)
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        refused = isinstance(found, dict) and found.keys() == {"message"}
        missing = found is None and path not in self.server.answers
        self.send_response(500 if refused else 404 if missing else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_DELETE(self) -> None:
        self.server.deleted.append(urlsplit(self.path).path)
        self.send_response(204)
        self.end_headers()

    def address_string(self) -> str:
        return "socket"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


MANAGER = {"Swarm": {"ControlAvailable": True, "NodeID": "n1"}}


LISTS = ("/nodes", "/tasks", "/services", "/networks", "/secrets", "/configs")


@contextmanager
def recorded_manager(
    answers: Mapping[str, Any], deleted: list[str] | None = None
) -> Iterator[dict[str, str]]:
    """Serve `answers` by path; yield the environment in which the docker client would ask them.

    An answer of a `message` alone is an error, as the engine words its own. What is
    removed is written to `deleted`, and stays.
    """
    # A socket has a path of at most 107 bytes, which those of tests may be longer than.
    with tempfile.TemporaryDirectory(prefix="manager-") as directory:
        path = f"{directory}/sock"
        with _Server(path, _Handler) as server:
            server.deleted = [] if deleted is None else deleted
            server.answers = {"/_ping": b"OK", "/info": MANAGER}
            server.answers |= {name: [] for name in LISTS} | dict(answers)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield {"DOCKER_HOST": f"unix://{path}", "HOME": directory, "PATH": "/usr/bin:/bin"}
            finally:
                server.shutdown()
                thread.join()


def node(name: str, **more: Any) -> dict[str, Any]:
    """Return a node as `/nodes` has it; `more` goes over its parts, such as ``Spec``."""
    made: dict[str, Any] = {
        "ID": f"id-{name}",
        "Status": {"State": "ready", "Addr": "10.213.8.1"},
        "Spec": {"Availability": "active", "Role": "worker", "Labels": {}},
        "Description": {
            "Hostname": name,
            "Platform": {"OS": "linux", "Architecture": "x86_64"},
            "Resources": {"NanoCPUs": 2_000_000_000, "MemoryBytes": 4 << 30},
            "Engine": {"EngineVersion": "28.2.2"},
        },
    }
    for part, values in more.items():
        made[part] = {**made.get(part, {}), **values} if isinstance(values, dict) else values
    return made
