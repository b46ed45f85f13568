"""A service -> the loopback address that its program is told to listen on, or does by default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.connections.whom import LOOPBACK
from bootready.knowledge.process.shell import line_of
from bootready.model.lookup import place_in
from bootready.model.position import Location
from bootready.model.project import Service
from bootready.regex import regex
from bootready.typed import NamedTuple

_SURE = frozenset(
    [
        "bind",
        "bind-address",
        "bind-addr",
        "listen",
        "listen-address",
        "listen-addr",
        "http-listen",
        "http-address",
        "listen_addresses",
        "web.listen-address",
        "bind_ip",
    ]
)
_OPEN = frozenset(
    [
        "host",
        "hostname",
        "address",
        "http-host",
        "addr",
        "ip",
        "server.address",
        "b",
        "H",
        "a",
        "binding",
    ]
)
"""Options that are the address of a server for the programs below, and a client's for others."""
_PROGRAMS = {
    "uvicorn": (8000, True),
    "hypercorn": (8000, True),
    "gunicorn": (8000, True),
    "flask": (5000, True),
    "vite": (5173, True),
    "hugo": (1313, True),
    "mkdocs": (8000, True),
    "jekyll": (4000, True),
    "ng": (4200, True),
    "streamlit": (8501, False),
    "jupyter": (8888, True),
    "fastapi": (8000, True),
    "nuxt": (3000, True),
    "nuxi": (3000, True),
    "next": (3000, False),
    "runserver": (8000, True),
    "serve": (8000, True),
    "http.server": (8000, False),
    "webpack-dev-server": (8080, True),
    "puma": (9292, False),
    "rails": (3000, False),
    "daphne": (8000, True),
    "redis-server": (6379, False),
    "valkey-server": (6379, False),
    "mysqld": (3306, False),
    "mariadbd": (3306, False),
    "mongod": (27017, False),
    "postgres": (5432, False),
}
"""Servers, with the port and whether they listen on loopback only where nobody says otherwise."""
DEFAULTS = (
    *(name for name, (_, alone) in _PROGRAMS.items() if alone and name not in {"ng", "serve"}),
    *("ng serve", "artisan"),
)
"""Those that listen on loopback only where nothing says otherwise."""
_STARTS = {
    "flask": "run",
    "hugo": "server",
    "mkdocs": "serve",
    "jekyll": "serve",
    "ng": "serve",
    "fastapi": "dev",
    "serve": "",
}
_ADDRESS = regex(r"(?:\w+://)?(?P<host>\[[0-9a-f:]+\]|[\w.*+-]*?)(?::(?P<port>\d{1,5}))?/?")
_PORTS = frozenset({"port", "p", "http-port", "server.port"})
_VARIABLES = regex(
    r"(?:FLASK_RUN|UVICORN|GUNICORN|HYPERCORN|GRADIO_SERVER|STREAMLIT_SERVER)_(?:HOST|NAME|ADDRESS)"
    r"|ASPNETCORE_URLS|(?:\w+_)?(?:LISTEN|BIND)(?:_(?:ADDR|ADDRESS|HOST|IP))?",
    needs=(
        *("flask_run_", "corn_", "gradio_server_", "streamlit_server_"),
        *("aspnetcore_urls", "listen", "bind"),
    ),
)


class Bound(NamedTuple):
    """A loopback address that is listened on: where it was said, and the port, 0 if unknown."""

    location: Location
    words: str
    port: int


def loopback_of(service: Service) -> Iterator[Bound]:
    """Yield the loopback addresses that a service is told to listen on, or does by itself."""
    yield from _by_words(service)
    yield from _by_variables(service)


def _by_words(service: Service) -> Iterator[Bound]:
    words = [*(service.entrypoint or ()), *(service.command or ())]
    line = line_of(tuple(words))
    pieces = re.findall(r"[^\s;&|]+|[;&|]+", line) if line is not None else words
    place = place_in(service, "command" if service.command else "entrypoint")
    for command in _commands(pieces):
        yield from _of_command(command, place, service)


def _commands(words: list[str]) -> Iterator[list[str]]:
    made: list[str] = []
    for word in words:
        if re.fullmatch(r"[;&|]+", word):
            yield made
            made = []
        else:
            made.append(word.strip("\"'"))
    yield made


def _of_command(words: list[str], place: Location, service: Service) -> Iterator[Bound]:
    program = next((w.rpartition("/")[2] for w in words if w.rpartition("/")[2] in _PROGRAMS), "")
    given = dict(_options(words))
    port = next((int(given[key]) for key in _PORTS if given.get(key, "").isdigit()), 0)
    if program == "runserver":
        after = words[words.index("runserver") + 1 :]
        given["bind"] = next((word for word in after if not word.startswith("-")), "")
        port = int(given["bind"]) if given["bind"].isdigit() else port
        given["bind"] = "" if given["bind"].isdigit() else given["bind"]
    if program == "serve" and "artisan" not in words:
        program = next((w for w in words if w in _PROGRAMS and w != "serve"), "")
    default = _PROGRAMS.get(program, (0, False))
    said = False
    for key, value in given.items():
        if key not in _SURE and not (program and key in _OPEN):
            continue
        found = _ADDRESS.fullmatch(value)
        said = said or bool(value)
        if found is not None and LOOPBACK.fullmatch(found["host"].strip("[]")):
            at = int(found["port"] or 0) or port or default[0]
            yield Bound(place, f"the command binds {found['host']}", at)
    alone = bool(program) and default[1] and not said and _starts(program, words)
    if alone and not _told_by_variable(program, service):
        words_of = f"`{program}` listens on 127.0.0.1 unless it is told otherwise"
        yield Bound(place, words_of, port or default[0])


def _starts(program: str, words: list[str]) -> bool:
    """Tell whether the words start the server, and nothing in them hides its options."""
    if any(
        word.startswith(("-c", "--config", "--uds", "--fd", "-k")) or "$" in word for word in words
    ):
        return False
    if program == "gunicorn":
        return not any("conf" in word for word in words)
    wanted = _STARTS.get(program, "")
    return program not in {"jupyter", "vite", "nuxt", "nuxi", "webpack-dev-server", "daphne"} and (
        not wanted or wanted in words
    )


def _told_by_variable(program: str, service: Service) -> bool:
    names = {entry.name for entry in service.environment}
    prefix = {"runserver": "DJANGO", "serve": "SERVER"}.get(program, program.upper())
    return any(
        name.startswith(prefix) or name in {"HOST", "BIND", "BINDING", "HOSTNAME"} for name in names
    ) or any(service.node.entries.get(key) for key in ("env_file",))


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word == "-c" and "=" in following:
            name, _, value = following.partition("=")
            yield name.strip(), value.strip(" '\"")
        elif word.startswith("-"):
            name, equals, value = word.lstrip("-").partition("=")
            yield name, value if equals else ("" if following.startswith("-") else following)
            if word == "-S":
                yield "bind", following


def _by_variables(service: Service) -> Iterator[Bound]:
    given = {entry.name: entry.value or "" for entry in service.environment}
    for entry in service.environment:
        if not entry.value or not (entry.name == "HOST" or _VARIABLES.fullmatch(entry.name)):
            continue
        for value in re.split(r"[;,]", entry.value):
            found = _ADDRESS.fullmatch(value.strip())
            if found is None or not LOOPBACK.fullmatch(found["host"].strip("[]")):
                break
            prefix = re.sub(r"(?:HOST|NAME|ADDRESS|ADDR|IP|LISTEN|BIND)$", "", entry.name)
            port = found["port"] or given.get(f"{prefix}PORT", "")
            if entry.name == "HOST" and (not port.isdigit() or value == "localhost"):
                break
            at = int(port) if port.isdigit() and len(port) < 6 else 0
            yield Bound(entry.location, f"`{entry.name}` is {found['host']}", at)
            break
