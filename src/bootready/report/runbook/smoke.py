"""Project -> the questions that show that the booted stack works, and how to ask them by hand."""

from __future__ import annotations

import shlex
import urllib.parse

from bootready.knowledge.secrets.forms import masked
from bootready.model.node import Mapping, Plain, Sequence, plain
from bootready.model.project import Project, Service
from bootready.report.runbook.guide import SmokeRow


def smoke_rows(project: Project) -> tuple[SmokeRow, ...]:
    """Return what `x-bootready: {verify: ...}` of each service asks for."""
    return tuple(
        _row(project, service, wish)
        for service in project.services
        for wish in declared_questions(service)
    )


def declared_questions(service: Service) -> tuple[dict[str, Plain], ...]:
    """Return the verifications that `service` declares, as plain mappings."""
    hints = service.node.entries.get("x-bootready")
    wishes = hints.entries.get("verify") if isinstance(hints, Mapping) else None
    values = [plain(one) for one in wishes.items] if isinstance(wishes, Sequence) else []
    return tuple(value for value in values if isinstance(value, dict))


def _row(project: Project, service: Service, wish: dict[str, Plain]) -> SmokeRow:
    url, tcp, command = wish.get("url"), wish.get("tcp"), wish.get("exec")
    if isinstance(url, str):
        question, how = url, _curl(project, url, wish)
    elif isinstance(tcp, str | int):
        question, how = f"tcp {tcp}", ""
    elif isinstance(command, list):
        question, how = f"exec in {service.name}", ""
    else:
        question, how = "?", ""
    name = str(wish.get("name") or question)
    return SmokeRow(service.name, *map(masked, (name, question, how, _wanted(wish))))


def _wanted(wish: dict[str, Plain]) -> str:
    if isinstance(wish.get("json"), dict):
        wanted = wish["json"]
        pairs = wanted.items() if isinstance(wanted, dict) else ()
        return ", ".join(f"{path} = {value}" for path, value in pairs)
    if "contains" in wish:
        return f"contains {wish['contains']}"
    if "exec" in wish:
        return f"output matches {wish['output']}" if "output" in wish else "exit 0"
    return f"status {wish.get('status', 200)}" if "url" in wish else "accepts a connection"


def _curl(project: Project, url: str, wish: dict[str, Plain]) -> str:
    """Return a command that asks as bootready does: at the published address, without DNS."""
    parts = urllib.parse.urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    words = ["curl", "-fsS"]
    if isinstance(wish.get("ca_file"), str):
        words += ["--cacert", str(wish["ca_file"])]
    addresses = [
        one.host_ip
        for service in project.services
        for one in service.ports
        if one.published == str(port)
    ]
    if addresses and not host.replace(".", "").isdigit() and host != "localhost":
        address = addresses[0] if addresses[0] not in {"", "0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 - read
        words += ["--resolve", f"{host}:{port}:{address}"]
    user, file = wish.get("user"), wish.get("password_file")
    if isinstance(user, str) and isinstance(file, str):
        # From a file of its own: what stands on a command line is seen by others.
        line = shlex.quote(f'user = "{user}:%s"')
        config = f'-K <(printf {line} "$(cat {shlex.quote(file)})")'
        return f"{shlex.join(words)} {config} {shlex.quote(url)}"
    return shlex.join([*words, url])
