"""One question to an endpoint -> whether it answered as wished, and what it said."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import socket
import ssl
import time
import urllib.parse
from collections.abc import Sequence

from bootready.engine.api import Api
from bootready.engine.container import Container
from bootready.engine.run import run
from bootready.errors import EngineError
from bootready.knowledge.secrets.forms import masked
from bootready.model.node import Plain

Answer = tuple[bool, str]
PATIENCE = 5.0
"""Seconds that one question may take."""
LARGEST = 5_000_000
"""Bytes of an answer that are read."""
NOT_OURS = "not checked: no container of this project publishes port {port}"
MOST_OF_A_PASSWORD = 4096
"""Bytes of a password file that are read."""
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
    return False, "closes the connection at once: nothing in the container listens on that port"


def ask_url(
    directory: str, containers: Sequence[Container], url: str, wish: dict[str, Plain]
) -> Answer:
    """GET `url` from the address on which its port is published, without asking DNS.

    A port that none of the project's `containers` publishes is not asked; redirects are not
    followed. `wish` may hold ``status`` (200), ``ca_file`` (from `directory`), ``contains`` and
    ``json`` ({path: value}), and for a login ``user`` and ``password_file``: where that file does
    not exist, as somebody made the hash by hand, it passes when a login is asked for. Raises
    ValueError where the login cannot be used, OSError where nobody answers.
    """
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        return False, f"'{url}' is not a valid HTTP or HTTPS address"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = published_address(containers, port)
    if address is None:
        return False, NOT_OURS.format(port=port)
    file = wish.get("ca_file")
    authority = os.path.join(directory, file) if isinstance(file, str) else None
    login = _login(directory, wish)
    connection = _connection(address, parts.scheme, host, port, authority)
    try:
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        status, body = _read(connection, target, login or {})
    except http.client.HTTPException as error:
        return False, f"no HTTP answer: {error}"
    finally:
        connection.close()
    if login is None:
        known = f"without a login, as '{wish['password_file']}' does not exist"
        if status == _LOGIN_WANTED:
            return True, f"status {status} {known}: a password is required"
        return False, f"status {status}, not {_LOGIN_WANTED}, {known}"
    wanted = wish.get("status", 200)
    if status != wanted:
        refused = f": the password in '{wish['password_file']}' is rejected" if login else ""
        return False, f"status {status}, not {wanted}{refused * (status == _LOGIN_WANTED)}"
    contained = wish.get("contains")
    if isinstance(contained, str) and contained not in body:
        return False, f"status {status}, without '{contained}'"
    assertions = wish.get("json")
    if isinstance(assertions, dict):
        return _assert_json(json.loads(body), assertions)
    trusted = ", certificate verified" if parts.scheme == "https" else ""
    known = f", login '{wish['user']}', password in {wish['password_file']}" if login else ""
    return True, f"status {status}{trusted}{known}"


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
    if isinstance(pattern, str) and not matches(pattern, output):
        return False, f"its output does not match '{pattern}': {last}"
    return True, f"exit 0{': ' + last if last else ''}"


_LOGIN_WANTED = 401
_SEARCH = (
    "import json, re, sys; pattern, text = json.load(sys.stdin);"
    "print(bool(re.search(pattern, text, re.MULTILINE)))"
)


def matches(pattern: str, text: str, seconds: float = 5.0) -> bool:
    """Tell whether the project's own `pattern` is found in `text`.

    A pattern of a stranger may take for ever, so it is asked in a process that ends after
    `seconds`; one that did not answer by then, or is not a valid pattern, matches nothing.
    """
    import sys

    argv = [sys.executable, "-I", "-S", "-c", _SEARCH]
    question = json.dumps([pattern, text[:MATCHED]])
    try:
        return run(argv, timeout=seconds, stdin=question).stdout.strip() == "True"
    except EngineError:
        return False


MATCHED = 100_000
"""Characters of an output that a pattern is asked about."""


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
            counted = f"{len(right)} of {len(values)} are {wanted!r}, one is {wrong!r}"
            return False, f"{path}: {counted}{_target_said(body, path, wanted)}"
        said.append(f"{path}: {len(values)} of {len(values)} {wanted}")
    return True, ", ".join(said)


def _target_said(body: Plain, path: str, wanted: Plain) -> str:
    """Return which target of Prometheus has the first wrong value, and its last error; else ''.

    https://prometheus.io/docs/prometheus/latest/querying/api/#targets: a target has the labels
    `job` and `instance`, and a `lastError` that is empty until a scrape has failed.
    """
    above, _, key = path.rpartition(".")
    holders = [one for one in values_at(body, above) if isinstance(one, dict) and key in one]
    wrong = next((one for one in holders if one[key] != wanted), {})
    labels, error = wrong.get("labels"), wrong.get("lastError")
    if not isinstance(labels, dict) or not isinstance(error, str):
        return ""
    job, instance = labels.get("job"), labels.get("instance")
    if not isinstance(job, str) or not isinstance(instance, str):
        return ""
    return masked(f": {job} at {instance}: {error or 'not scraped yet'}")


def _login(directory: str, wish: dict[str, Plain]) -> dict[str, str] | None:
    """Return the header of the login that `wish` names (RFC 7617), {} without one, None where its
    password is not known here.

    A compose file may be a stranger's: no file but the project's own is read for it.
    """
    user, file = wish.get("user"), wish.get("password_file")
    if user is None and file is None:
        return {}
    if not isinstance(user, str) or not isinstance(file, str):
        raise ValueError("a login needs `user` and `password_file`")  # noqa: TRY004 - of a file
    root = os.path.realpath(directory)
    path = os.path.realpath(os.path.join(root, file))
    if os.path.commonpath([root, path]) != root:
        raise ValueError(f"the password file '{file}' is outside the project")
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as source:
        password = source.read(MOST_OF_A_PASSWORD).rstrip(b"\r\n")
    pair = base64.b64encode(user.encode() + b":" + password).decode()
    return {"Authorization": f"Basic {pair}"}


def _connection(
    address: str, scheme: str, host: str, port: int, authority: str | None
) -> http.client.HTTPConnection:
    connection = socket.create_connection((address, port), timeout=PATIENCE)
    plain = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    if scheme == "https":
        context = ssl.create_default_context(cafile=authority)
        plain.sock = context.wrap_socket(connection, server_hostname=host)
    else:
        plain.sock = connection
    return plain


def published_address(containers: Sequence[Container], port: int) -> str | None:
    """Return the address at which one of `containers` publishes the TCP `port`, else None.

    A project says what is asked, and may be a stranger's: only what the engine has published for it
    is connected to, whatever a name resolves to
    (docs/adr/0029-verification-stays-in-the-project.md).
    """
    for container in containers:
        for one in container.bindings:
            if container.running and one.protocol == "tcp" and one.host_port == port:
                return reachable(one.host_ip)
    return None


def reachable(host_ip: str) -> str:
    """Return the address at which this machine reaches a port bound to `host_ip`."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host_ip, host_ip)  # noqa: S104 - read, not bound


def _read(
    connection: http.client.HTTPConnection, target: str, headers: dict[str, str]
) -> tuple[int, str]:
    """Send a GET and return status and body; one that is too long or too slow is an error."""
    ends = time.monotonic() + PATIENCE
    connection.request("GET", target, headers=headers)
    chunks: list[bytes] = []
    with connection.getresponse() as response:
        while chunk := response.read1(65_536):
            chunks.append(chunk)
            if sum(map(len, chunks)) > LARGEST:
                raise ValueError(f"the answer is larger than {LARGEST} bytes")
            if time.monotonic() > ends:
                raise TimeoutError("the answer did not finish in time")
    return response.status, b"".join(chunks).decode(errors="replace")
