"""One question to an endpoint -> whether it answered as wished, and what it said."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import ssl
import urllib.parse
from collections.abc import Sequence

from bootready.engine.api import Api
from bootready.engine.container import Container
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.model.project import Project

Answer = tuple[bool, str]
PATIENCE = 5.0
"""Seconds that one question may take."""
SILENCE = 0.3
"""Seconds in which the engine's proxy closes a connection whose container does not listen."""


def ask_tcp(host: str, port: int) -> Answer:
    """Connect, and see that the other side keeps the connection.

    The engine's proxy accepts every connection and hangs up where the container refuses it.
    """
    with socket.create_connection((host, port), timeout=PATIENCE) as connection:
        connection.settimeout(SILENCE)
        try:
            data = connection.recv(1)
        except TimeoutError:
            return True, "accepts connections"
        except ConnectionResetError:
            data = b""
    if data:
        return True, "answers"
    return False, "hangs up at once: nothing in the container listens on that port"


def ask_url(project: Project, url: str, wish: dict[str, Plain]) -> Answer:
    """GET `url` from the address on which its port is published, without asking DNS.

    `wish` may hold ``status`` (200), ``ca_file``, ``contains`` and ``json`` ({path: value}).
    """
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connection(project, parts.scheme, host, port, wish)
    connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
    with connection.getresponse() as response:
        body = response.read(5_000_000).decode(errors="replace")
    connection.close()
    wanted = wish.get("status", 200)
    if response.status != wanted:
        return False, f"status {response.status}, not {wanted}"
    contained = wish.get("contains")
    if isinstance(contained, str) and contained not in body:
        return False, f"status {response.status}, without '{contained}'"
    assertions = wish.get("json")
    if isinstance(assertions, dict):
        return _assert_json(json.loads(body), assertions)
    trusted = ", certificate verified" if parts.scheme == "https" else ""
    return True, f"status {response.status}{trusted}"


def ask_exec(
    api: Api, containers: Sequence[Container], command: list[str], wish: dict[str, Plain]
) -> Answer:
    """Run a command in the first running container; `wish` may hold ``output``, a pattern."""
    running = next((one for one in containers if one.running), None)
    if running is None:
        return False, "the service has no running container"
    try:
        code, output = api.execute(running.id, command)
    except EngineError as error:
        return False, error.message
    last = output.strip().splitlines()[-1] if output.strip() else ""
    if code != 0:
        return False, f"exit {code}: {last}"
    pattern = wish.get("output")
    if isinstance(pattern, str) and re.search(pattern, output, re.MULTILINE) is None:
        return False, f"its output does not match '{pattern}': {last}"
    return True, f"exit 0{': ' + last if last else ''}"


def values_at(value: Plain, path: str) -> list[Plain]:
    """Return the values at a path such as ``data.targets[*].health``."""
    found = [value]
    for step in re.findall(r"[^.\[\]]+", path):
        reached: list[Plain] = []
        for one in found:
            if isinstance(one, dict) and step in one:
                reached.append(one[step])
            elif isinstance(one, list) and step == "*":
                reached.extend(one)
            elif isinstance(one, list) and step.isdigit() and int(step) < len(one):
                reached.append(one[int(step)])
        found = reached
    return found


def _assert_json(body: Plain, assertions: dict[str, Plain]) -> Answer:
    said = []
    for path, wanted in assertions.items():
        values = values_at(body, path)
        right = [one for one in values if one == wanted]
        if not values:
            return False, f"{path} is empty"
        if len(right) != len(values):
            wrong = next(one for one in values if one != wanted)
            return False, f"{path}: {len(right)} of {len(values)} are {wanted!r}, one is {wrong!r}"
        said.append(f"{path}: {len(values)} of {len(values)} {wanted}")
    return True, ", ".join(said)


def _connection(
    project: Project, scheme: str, host: str, port: int, wish: dict[str, Plain]
) -> http.client.HTTPConnection:
    address = _published_at(project, port) or host
    connection = socket.create_connection((address, port), timeout=PATIENCE)
    plain = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    if scheme == "https":
        file = wish.get("ca_file")
        authority = os.path.join(project.directory, file) if isinstance(file, str) else None
        context = ssl.create_default_context(cafile=authority)
        plain.sock = context.wrap_socket(connection, server_hostname=host)
    else:
        plain.sock = connection
    return plain


def _published_at(project: Project, port: int) -> str:
    """Return the address on which a service of the project publishes `port`, '' if none does."""
    for service in project.services:
        for one in service.ports:
            if one.published == str(port):
                return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1"}.get(one.host_ip, one.host_ip)  # noqa: S104 - read, not bound
    return ""
