"""A client that its database turns away -> what its first start did, or did not do.

A database is set up once, on an empty volume: with the password, the names and the scripts of that
moment. What was changed since has no effect, and a script that failed is not run again.
"""

from __future__ import annotations

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.host.local import LocalHost
from bootready.knowledge.process.socket_probe import asks_socket
from bootready.model.lookup import shown
from bootready.model.project import EnvironmentEntry, Mount, Service
from bootready.regex import regex
from bootready.typed import NamedTuple

SCRIPTS = "/docker-entrypoint-initdb.d"
_REFUSED = regex(
    r"password authentication failed for user \"([^\"]+)\"|Access denied for user '([^']+)'@"
)
_MISSING = regex(
    r"(?:[Dd]atabase|[Rr]ole|[Rr]elation|[Tt]able|[Ss]chema|[Tt]ype|[Ee]xtension)"
    r" \"([\w.$-]{2,64})\" (?:does not exist|is not available)"
    r"|Unknown database '([\w$-]{2,64})'|Table '(?:[\w$-]+\.)?([\w$-]{2,64})' doesn't exist"
)
_UNREACHED = regex(r"[Cc]onnection refused|ECONNREFUSED|Can't connect to", re.IGNORECASE)
_SET_UP = regex(r"init process (?:complete|done)|Initializing database|Creating database files")
_FOUND_DATA = regex(r"[Ss]kipping initialization|appears to contain a database")
_RUNNING = regex(r"running (/docker-entrypoint-initdb\.d/\S+)")
_FAILS = regex(r"\b(?:ERROR|FATAL|[Ee]rror|syntax error|not found|[Pp]ermission denied)\b")
_PASSWORDS = (
    *("POSTGRES_PASSWORD", "MYSQL_PASSWORD", "MARIADB_PASSWORD"),
    *("MYSQL_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD"),
)
_SIZE = 200_000
"""Bytes of a script that are read."""


class _Database(NamedTuple):
    """A database that a failing service depends on, with what it wrote."""

    service: Service
    log: tuple[str, ...]
    restarts: int

    @property
    def is_new(self) -> bool:
        """Whether it was set up by the container that runs now."""
        text = "\n".join(self.log)
        set_up = _SET_UP.search(text) or _RUNNING.search(text)
        return set_up is not None and _FOUND_DATA.search(text) is None


@symptom(summary="a database turns a client away for what its first start did", rank=34)
def first_start(evidence: Evidence) -> Explanation | None:
    """The log of the database says whether it was set up now or found data, and the mounted scripts
    say which of them would have made what is missing.
    """
    service = evidence.service
    if service is None or not evidence.died:
        return None
    line = next((one for one in reversed(evidence.log) if _MISSING.search(one)), "")
    for database in _databases(evidence):
        if line:
            told = _unmade(evidence, database, line)
        else:
            refused = next((one for one in reversed(evidence.log) if _REFUSED.search(one)), "")
            told = _differs(evidence, database, refused) if refused else None
            unreached = next((one for one in reversed(evidence.log) if _UNREACHED.search(one)), "")
            if told is None and unreached:
                told = _too_early(evidence, database, unreached)
        if told is not None:
            return told
    return None


def _databases(evidence: Evidence) -> list[_Database]:
    found = []
    for name, log in evidence.neighbours.items():
        other = evidence.project.service(name)
        if other is None:
            continue
        scripts = any(mount.target.startswith(SCRIPTS) for mount in other.mounts)
        if scripts or any(entry.name in _PASSWORDS for entry in other.environment):
            state = evidence.states.get(name)
            found.append(_Database(other, log, state.restarts if state else 0))
    return found


def _unmade(evidence: Evidence, database: _Database, line: str) -> Explanation | None:
    """Return the explanation if a mounted script makes what is missing."""
    found = _MISSING.search(line)
    name = next((group for group in found.groups() if group), "") if found else ""
    made = _maker(database.service, name)
    if made is None:
        return None
    mount, path = made
    script = shown(path, evidence.project.directory)
    other = database.service.name
    inside = f"{SCRIPTS}/{path.rpartition('/')[2]}"
    failed = _failure(database.log)
    if failed:
        restarted = f", and it was restarted {database.restarts} times" if database.restarts else ""
        cause = f"'{script}' failed at the first start of '{other}'{restarted}: {failed}"
        remedy = (
            f"mend {script}; its volume holds half a database: `docker compose down -v` removes it"
            " with all data"
        )
    else:
        volume = _volume(database.service)
        held = f"volume '{volume}'" if volume else f"the data directory of '{other}'"
        cause = (
            f"'{script}' makes '{name}' and runs only while {held} is empty, but it has data of an"
            " earlier start"
        )
        remedy = (
            f"run it by hand: docker compose exec {other} {_client(database.service)} {inside}; or"
            " remove the volume with all data: docker compose down -v"
        )
    return Explanation(
        headline=f"exited with {evidence.exit_code}: '{name}' was not made at the first start of"
        f" '{other}'",
        cause=cause,
        remedy=remedy,
        location=mount.location,
        evidence=(f"log: {line.strip()}",),
    )


def _differs(evidence: Evidence, database: _Database, line: str) -> Explanation | None:
    """Return the explanation if the database was set up in this very boot: nothing is old then."""
    if not database.is_new or any("Role " in one for one in database.log[-8:]):
        return None
    other, service = database.service, evidence.service
    entry = next((one for one in other.environment if one.name in _PASSWORDS), None)
    if service is None or entry is None:
        return None
    found = _REFUSED.search(line)
    user = next((group for group in found.groups() if group), "") if found else ""
    quoted = _in_quotes(entry)
    cause = f"'{other.name}' was set up in this boot with {entry.name}, and '{service.name}' sends"
    cause += f" another password for user '{user}'"
    if quoted:
        cause += f"; the quotes in {entry.name} are part of the value"
    return Explanation(
        headline=f"exited with {evidence.exit_code}: '{other.name}' has another password than it"
        " sends",
        cause=cause,
        remedy=f"take the quotes off the value of {entry.name}, then docker compose down -v"
        " (the database is new)"
        if quoted
        else f"give '{service.name}' the value of {entry.name}, best from one variable",
        location=entry.location,
        evidence=(f"log: {line.strip()}",),
    )


def _too_early(evidence: Evidence, database: _Database, line: str) -> Explanation | None:
    """Return the explanation if the database was called healthy while it was still set up."""
    other, service = database.service, evidence.service
    conditions = {
        one.condition
        for one in (service.depends_on if service else ())
        if one.service == other.name
    }
    test = other.healthcheck.test if other.healthcheck else ()
    program = asks_socket(test) if "service_healthy" in conditions and database.is_new else ""
    if not program:
        return None
    return Explanation(
        headline=f"exited with {evidence.exit_code}: '{other.name}' was called healthy while it was"
        " still set up",
        cause=f"`{program}` in its healthcheck asks the Unix socket, where the temporary server of"
        " the first start answers, too",
        remedy=f"let the healthcheck of '{other.name}' ask over TCP: {program} ... -h 127.0.0.1;"
        " booting again works as well, as the database is set up by now",
        location=attribute(other, "healthcheck"),
        evidence=(f"log: {line.strip()}",),
    )


def _in_quotes(entry: EnvironmentEntry) -> bool:
    value = entry.value or ""
    return len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]


def _maker(service: Service, name: str) -> tuple[Mount, str] | None:
    """Return the mounted script that names what is missing, and its mount."""
    host = LocalHost()
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    for mount in service.mounts:
        if mount.kind != "bind" or not mount.target.startswith(SCRIPTS):
            continue
        names = host.entries(mount.source)
        for path in [f"{mount.source}/{one}" for one in names] or [mount.source]:
            text = host.read_text(path, _SIZE)
            if text and word.search(text) and re.search(r"(?i)create", text):
                return mount, path
    return None


def _failure(log: tuple[str, ...]) -> str:
    """Return what a script said when it failed, '' if none did."""
    running = False
    for line in log:
        if _RUNNING.search(line):
            running = True
        elif _SET_UP.search(line) or _FOUND_DATA.search(line):
            running = False
        elif running and _FAILS.search(line):
            return line.strip()[:200]
    return ""


def _volume(service: Service) -> str:
    data = re.compile(r"/var/lib/(?:postgresql|mysql|mariadb)|/data")
    named = (one for one in service.mounts if one.kind == "volume" and data.match(one.target))
    return next((one.source for one in named), "")


def _client(service: Service) -> str:
    names = {entry.name for entry in service.environment}
    if any(name.startswith("POSTGRES_") for name in names):
        user = next((e.value for e in service.environment if e.name == "POSTGRES_USER"), None)
        return f"psql -U {user or 'postgres'} -f"
    return "sh -c 'mysql -uroot -p < \"$0\"'"
