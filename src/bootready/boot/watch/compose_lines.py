"""The JSON lines of ``docker compose --progress json`` -> what Compose does, refuses and warns of.

The same in Compose v5.6.1 and v2.40.3, except that v5 splits the words over `status` and `text`,
and that v2 exits with 0 after an error in this mode: only the line tells.
"""

from __future__ import annotations

import base64
import json

from bootready.engine.api import at, integer, items, text
from bootready.model.node import Plain
from bootready.typed import NamedTuple


class Step(NamedTuple):
    """Compose works on a resource, such as ``Container shop-db-1``, or on a layer of an image."""

    resource: str
    words: str
    parent: str = ""
    """The image of a layer, '' otherwise; v2 names a service that uses the image."""
    current: int = 0
    """Bytes of the layer that have arrived or are unpacked."""
    total: int = 0
    """Bytes of the layer, 0 where the engine has not said."""


class Refusal(NamedTuple):
    """Compose or the engine refused; `resource` is '' where the message belongs to the whole."""

    message: str
    resource: str = ""


class Warned(NamedTuple):
    """Compose warned and went on."""

    message: str


class Output(NamedTuple):
    """A line that is no progress: of a build, or of a prompt."""

    text: str


Told = Step | Refusal | Warned | Output


def parse_line(line: str) -> Told | None:
    """Return what a line of Compose tells, None for an empty one."""
    stripped = line.strip()
    if not stripped:
        return None
    value = _json(stripped)
    if not isinstance(value, dict):
        return _plain(stripped)
    if at(value, "error") is True:
        return Refusal(text(value, "message"))
    if text(value, "level") in {"warning", "error"}:
        return Warned(text(value, "msg"))
    words = text(value, "text") or text(value, "status")
    resource = text(value, "id")
    if words == "Error":
        # v5 keeps the reason in `details`, v2 in `status`; `Error` alone tells nothing.
        reason = text(value, "details") or text(value, "status")
        return Refusal(reason, resource) if len(reason.split()) > 1 else Step(resource, words)
    if words.startswith("Error ") or (text(value, "status") == "Error" and len(words.split()) > 2):
        return Refusal(words, resource)
    if not resource:
        return _build(value) if {"vertexes", "statuses", "logs"} & set(value) else Output(stripped)
    parent = text(value, "parent_id")
    return Step(resource, words, parent, integer(value, "current"), integer(value, "total"))


def _build(value: Plain) -> Told | None:
    """Return what a line of BuildKit tells: a step that is through or failed, or its output."""
    words = []
    for vertex in items(value, "vertexes"):
        name, error = text(vertex, "name"), text(vertex, "error")
        if error and "context canceled" not in error:
            words.append(f"{name}: {error}")
        elif text(vertex, "completed") and not error and " internal] " not in name:
            words.append(name)
    logs = (base64.b64decode(text(log, "data")) for log in items(value, "logs"))
    words += [log.decode(errors="replace").rstrip() for log in logs]
    return Output("\n".join(words)) if words else None


def _plain(line: str) -> Told:
    if line.startswith("Error response from daemon"):
        return Refusal(line)
    return Output(line)


def _json(line: str) -> Plain:
    if not line.startswith("{"):
        return None
    try:
        value: Plain = json.loads(line)
    except ValueError:
        return None
    return value
