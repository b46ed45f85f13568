"""The words of a command or a healthcheck -> names with values, as `named` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bootready.connections.named import Given
from bootready.knowledge.process.shell import line_of
from bootready.model.lookup import place_in
from bootready.model.position import Location
from bootready.model.project import Service
from bootready.regex import regex
from bootready.typed import NamedTuple

_OPTION = regex(r"--?(?P<name>[A-Za-z][\w.-]{0,100}+)(?:=(?P<value>.*))?", re.DOTALL)
_SETTING = regex(r"(?P<name>[A-Za-z][\w.-]{1,100}+)=(?P<value>.+)", re.DOTALL)
_PIECES = regex(r"(?:[^\s;&|()\"']|\"[^\"]*+\"|'[^']*+')++|[;&|()]++")
_CLIENTS = {
    "psql": "postgres",
    "pg_isready": "postgres",
    "pg_dump": "postgres",
    "createdb": "postgres",
    "dropdb": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mysqladmin": "mysql",
    "mariadb-admin": "mysql",
    "mysqldump": "mysql",
    "redis-cli": "redis",
    "valkey-cli": "redis",
    "mongo": "mongo",
    "mongosh": "mongo",
}
_SHORT = {"h": "HOST", "p": "PORT", "host": "HOST", "port": "PORT", "hostname": "HOST"}
_SIGNS = regex(r"[;&|()]+")
_WAITING = frozenset(
    [
        *("wait-for", "wait-for.sh", "wait-for-it", "wait-for-it.sh", "nc", "telnet"),
        *("wait_for", "wait_for.sh", "wait_for_it", "wait_for_it.sh"),
    ]
)


_RUNS = regex(
    r"(?:^|[\s;&|(\"'/])(?:(?P<client>psql|pg_\w+|createdb|dropdb|mysql|mariadb|mysql(?:dump|admin|import)"
    r"|mariadb-(?:dump|admin)|redis-cli|valkey-cli|mongo|mongosh|mongo(?:dump|restore|import)"
    r"|rabbitmqadmin|mosquitto_(?:pub|sub)|nats)|(?P<server>\S*docker-entrypoint\S*|postgres|mysqld\w*"
    r"|mariadbd|redis-server|valkey-server|mongod|rabbitmq-server|pg_ctl\w*|mosquitto))(?=[\s;&|)\"']|$)",
    needs=(
        *("psql", "pg_", "createdb", "dropdb", "mysql", "mariadb", "redis-", "valkey-", "mongo"),
        *("rabbitmq", "mosquitto", "nats", "docker-entrypoint", "postgres"),
    ),
)


class Piece(NamedTuple):
    """A word of a command line, with its place."""

    text: str
    location: Location


def runs_client(service: Service) -> bool:
    """Tell whether a container of a server's image runs the client in it: a backup, a migration."""
    line = " ".join((*(service.entrypoint or ()), *(service.command or ())))[:20_000]
    kinds = {found.lastgroup for found in _RUNS.finditer(line)} if line else set()
    return kinds == {"client"}


def given_by_command(service: Service) -> list[Given]:
    """Return the names with values in `entrypoint` and `command`."""
    found: list[Given] = []
    for key, words in (("entrypoint", service.entrypoint), ("command", service.command)):
        if words:
            found += _given(_pieces(service, words, key), key)
    return found


def given_by_probe(service: Service) -> list[Given]:
    """Return the names with values in the test of the healthcheck."""
    check = service.healthcheck
    if check is None or check.disabled or not check.test or check.test[0] == "NONE":
        return []
    place = place_in(service, "healthcheck", "test")
    line = line_of(check.test)
    words = check.test[1:] if line is None else _split(line)
    given = list(_given([Piece(word, place) for word in words], "healthcheck"))
    named = {one.name for one in given}
    return given + [
        Given(f"{client}_HOST", "localhost", place)
        for client in ("POSTGRES", "REDIS", "MONGO")
        if f"{client}_PORT" in named and f"{client}_HOST" not in named
    ]


def _pieces(service: Service, words: Sequence[str], key: str) -> list[Piece]:
    line = line_of(tuple(words))
    found: list[Piece] = []
    for index, word in enumerate(words):
        place = place_in(service, key, index)
        split = _split(word) if word == line or " " in word else [word]
        found += [Piece(one, place) for one in split]
    return found


def _split(line: str) -> list[str]:
    return [word.strip("\"'") for word in _PIECES.findall(line[:20_000])]


def _given(pieces: Sequence[Piece], key: str) -> Iterator[Given]:
    """Yield each option and setting, and each word that may be an address of its own."""
    client, waits, taken = "", False, -1
    for index, (text, location) in enumerate(pieces):
        following = pieces[index + 1].text if index + 1 < len(pieces) else ""
        program = text.rpartition("/")[2]
        if index == taken:
            continue
        if program in _CLIENTS or _SIGNS.fullmatch(text):
            client, waits = _CLIENTS.get(program, ""), False
        elif program in _WAITING:
            waits = True
        elif text.startswith("-"):
            given, inside = _option(text, following, client, location)
            taken = index + 1 if inside and "://" in given.value else -1
            if given.name:
                yield given
        else:
            yield from _word(text, following if waits else "", key, location)


def _option(text: str, following: str, client: str, location: Location) -> tuple[Given, bool]:
    """Return what an option gives, and whether its value is the word that follows it."""
    found = _OPTION.fullmatch(text)
    if found is None:
        return Given("", "", location), False
    name, value = found["name"], found["value"]
    inside = value is None and not following.startswith("-")
    shown = following if inside else value or ""
    if client and name in _SHORT:
        return Given(f"{client.upper()}_{_SHORT[name]}", shown, location), inside
    return Given(name if len(name) > 1 else "", shown, location), inside


def _word(text: str, after: str, key: str, location: Location) -> Iterator[Given]:
    """Yield what a word may be; `after` is the next one of a program that waits for a server."""
    setting = _SETTING.fullmatch(text)
    if setting is not None and "://" not in setting["name"]:
        yield Given(setting["name"], setting["value"], location)
    elif "://" in text or "tcp(" in text:
        yield Given(key, text, location)
    elif after.isdigit() and not text.isdigit():
        yield Given("wait target", f"{text}:{after}", location)
    elif ":" in text:
        yield Given("wait target" if after else key, text, location)
