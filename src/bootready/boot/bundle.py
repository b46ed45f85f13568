"""A project and its engine -> the texts of a bundle for a bug report, every secret masked."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Iterator

from bootready.engine.api import Api, items, mapping, text
from bootready.engine.container import PROJECT_LABEL
from bootready.errors import EngineError
from bootready.knowledge.secrets.redact import Redactor
from bootready.model.node import Plain, plain
from bootready.model.printable import safe_json
from bootready.model.project import Project
from bootready.typed import NamedTuple

LOG_LINES = 500
"""Lines of each container's log."""
EVENT_SECONDS = 3600
"""How far back the engine's events are asked for; it keeps the last 256 only."""

_INFO = (
    "ServerVersion",
    "OperatingSystem",
    "KernelVersion",
    "Architecture",
    "NCPU",
    "MemTotal",
    "Driver",
    "CgroupDriver",
    "CgroupVersion",
    "LoggingDriver",
    "SecurityOptions",
    "DefaultRuntime",
    "Warnings",
)
"""What of the engine's description helps; the rest is nobody's business (names, proxies, swarm)."""


class Piece(NamedTuple):
    """One file of the bundle: its path in the archive and its masked text."""

    path: str
    text: str


def project_pieces(project: Project, redact: Redactor) -> Iterator[Piece]:
    """Yield what the files of the project resolve to, and the names of its variables."""
    model: dict[str, Plain] = {"name": project.name}
    for kind in ("services", "networks", "volumes", "secrets", "configs"):
        found = getattr(project, kind)
        model[kind] = {getattr(one, "name", ""): plain(one.node) for one in found}
    yield _json("config.json", model, redact)
    yield _json("variables.json", list[Plain](sorted(project.variables)), redact)


def engine_pieces(project: Project, api: Api, redact: Redactor) -> Iterator[Piece]:
    """Yield the engine's facts, containers, logs and events. Raises EngineError."""
    info = api.get("/info")
    facts: dict[str, Plain] = {name: mapping(info).get(name) for name in _INFO}
    yield _json("engine.json", facts, redact)
    label = f"{PROJECT_LABEL}={project.name}"
    filters: dict[str, Plain] = {"label": [label]}
    for entry in items(api.get("/containers/json", all=True, filters=filters)):
        identity = text(entry, "Id")
        name = redact(text(entry, "Names", 0).lstrip("/")) or identity[:12]
        try:
            yield _json(f"containers/{name}.json", api.inspect(identity), redact)
            lines = "\n".join(api.logs(identity, LOG_LINES))
        except EngineError as error:
            lines = f"(no log: {error.message})"
        yield Piece(f"logs/{name}.log", redact(lines) + "\n")
    yield Piece("events.jsonl", _events(label, api, redact))


def boot_piece(values: Plain, redact: Redactor) -> Piece:
    """Return the states and diagnoses of the stack as they are now."""
    return _json("status.json", values, redact)


def _events(label: str, api: Api, redact: Redactor) -> str:
    now = time.time()
    query = {
        "since": f"{now - EVENT_SECONDS:.0f}",
        "until": f"{now:.3f}",
        "filters": json.dumps({"label": [label]}),
    }
    raw = api.download(f"/events?{urllib.parse.urlencode(query)}").decode(errors="replace")
    events = [json.loads(line) for line in raw.splitlines() if line.strip()]
    return "".join(safe_json(redact.value(event), indent=None) + "\n" for event in events)


def _json(path: str, value: Plain, redact: Redactor) -> Piece:
    # Masked before it is written: JSON escapes what a secret is made of.
    return Piece(path, safe_json(redact.value(value), sort=True) + "\n")
