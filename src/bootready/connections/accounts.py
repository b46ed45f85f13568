"""A database or broker of a project -> the accounts that it makes, and what a client's lacks.

What the entrypoints of the official images do, as their families in `knowledge/images` cite them.
"""

from __future__ import annotations

import re

from bootready.knowledge.images.conditions import option_value
from bootready.knowledge.images.known import KnownService
from bootready.knowledge.protocols import protocol_of_image
from bootready.model.connection import Connection, Hidden
from bootready.model.lookup import place_in
from bootready.model.position import Location
from bootready.model.project import Project
from bootready.typed import NamedTuple


class Account(NamedTuple):
    """A user that the server makes. `password` is None where it is not known.

    `databases` are those that the user may use, None for any.
    """

    user: str
    password: Hidden | None
    databases: frozenset[str] | None
    user_place: Location
    password_place: Location
    database_place: Location


class Accounts(NamedTuple):
    """All accounts of a server. `complete`: nothing makes further ones.

    `checks`: whether a password is asked for at all; `needs_user` is False where one has no name.
    """

    all: tuple[Account, ...]
    complete: bool
    checks: bool
    needs_user: bool
    place: Location


class Difference(NamedTuple):
    """What of a client's login the server will not take: its place, and the server's."""

    what: str
    """``user``, ``password``, ``database``, ``vhost`` (a virtual host), ``missing`` (none is
    given) or ``unneeded``.
    """
    place: Location
    there: Location


def accounts_of(known: KnownService, project: Project) -> Accounts | None:
    """Return the accounts that the program of a known image makes, None where that is not known."""
    name = known.image.family.name
    if not _environment_known(known, project):
        return None
    if name in {"postgres", "postgis", "pgvector", "timescaledb"}:
        return _postgres(known, project)
    if name in {"mysql", "mariadb", "percona"}:
        return _mysql(known, project)
    if name == "mongo":
        return _mongo(known, project)
    if name == "rabbitmq":
        return _rabbit(known)
    if name in {"redis", "valkey"}:
        return _redis(known)
    return _first_account(known)


def _first_account(known: KnownService) -> Accounts | None:
    """Return the account that a server begins with, beside which others may be made."""
    given = _Variables(known)
    name = known.image.family.name
    users: tuple[str, ...]
    if name == "mssql":
        key = given.first("MSSQL_SA_PASSWORD", "SA_PASSWORD")
        users, password, place = ("sa", "SA"), given.value(key), given.place(key)
    elif name == "minio":
        key = "MINIO_ROOT_PASSWORD"
        users = (given.value("MINIO_ROOT_USER") or "minioadmin",)
        password, place = given.value(key), given.place(key)
    elif name == "neo4j":
        user, _, password = (given.value("NEO4J_AUTH") or "").partition("/")
        users, place = (user,), given.place("NEO4J_AUTH")
    else:
        return None
    if not password:
        return None
    found = tuple(Account(user, _hidden(password), None, place, place, place) for user in users)
    return Accounts(found, complete=False, checks=True, needs_user=True, place=place)


def _environment_known(known: KnownService, project: Project) -> bool:
    return not any(
        problem.kind == "env-file-missing"
        and problem.location is not None
        and problem.location.path[:2] == ("services", known.service.name)
        for problem in project.problems
    )


def _has_scripts(known: KnownService, project: Project) -> bool:
    """Tell whether a script of the first start, or another container, may make more accounts."""
    if any(target.startswith("/docker-entrypoint-initdb.d") for target in known.seen.targets):
        return True
    mine = protocol_of_image(known.service.image or "")
    return any(
        other is not known.service
        and other.image
        and (other.command or other.entrypoint)
        and protocol_of_image(other.image) == mine
        for other in project.services
    )


class _Variables:
    """The variables of a service: values, or None where one is blank, open or from a file."""

    def __init__(self, known: KnownService) -> None:
        self._given = {entry.name: entry for entry in known.service.environment}
        self._known = known

    def has(self, name: str) -> bool:
        return name in self._given or f"{name}_FILE" in self._given

    def value(self, name: str) -> str | None:
        entry = self._given.get(name)
        return entry.value if entry and entry.value else None

    def place(self, *names: str) -> Location:
        for name in names:
            if name in self._given:
                return self._given[name].location
        return place_in(self._known.service, "environment")

    def first(self, *names: str) -> str:
        return next((name for name in names if self.has(name)), names[0])


def _hidden(value: str | None) -> Hidden | None:
    return Hidden(value) if value and "$" not in value else None


def _postgres(known: KnownService, project: Project) -> Accounts | None:
    given = _Variables(known)
    user = given.value("POSTGRES_USER") if given.has("POSTGRES_USER") else "postgres"
    if user is None:
        return None
    database = given.value("POSTGRES_DB") if given.has("POSTGRES_DB") else user
    checks = given.value("POSTGRES_HOST_AUTH_METHOD") != "trust"
    known_databases = None
    if database is not None and given.has("POSTGRES_DB"):
        known_databases = frozenset({database, "postgres", "template1"})
    account = Account(
        user,
        _hidden(given.value("POSTGRES_PASSWORD")),
        known_databases,
        given.place("POSTGRES_USER"),
        given.place("POSTGRES_PASSWORD"),
        given.place("POSTGRES_DB"),
    )
    complete = not _has_scripts(known, project)
    return Accounts((account,), complete, checks, needs_user=True, place=account.password_place)


def _mysql(known: KnownService, project: Project) -> Accounts | None:
    given = _Variables(known)
    prefixes = ("MARIADB_", "MYSQL_") if known.image.family.name == "mariadb" else ("MYSQL_",)

    def name(end: str) -> str:
        return given.first(*(f"{prefix}{end}" for prefix in prefixes))

    made = [
        Account(
            "root",
            _hidden(given.value(name("ROOT_PASSWORD"))),
            None,
            given.place(name("ROOT_PASSWORD")),
            given.place(name("ROOT_PASSWORD")),
            given.place(name("DATABASE")),
        )
    ]
    complete = not _has_scripts(known, project)
    if given.has(name("USER")):
        user = given.value(name("USER"))
        database = given.value(name("DATABASE"))
        if user is None:
            complete = False
        else:
            made.append(
                Account(
                    user,
                    _hidden(given.value(name("PASSWORD"))),
                    frozenset({database}) if database else None,
                    given.place(name("USER")),
                    given.place(name("PASSWORD")),
                    given.place(name("DATABASE")),
                )
            )
    return Accounts(tuple(made), complete, checks=True, needs_user=True, place=made[0].user_place)


def _mongo(known: KnownService, project: Project) -> Accounts | None:
    given = _Variables(known)
    names = ("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD")
    complete = not _has_scripts(known, project)
    place = given.place(*names)
    if not any(given.has(name) for name in names):
        checks = any(word in {"--auth", "--keyFile"} for word in known.seen.argv)
        if checks or not complete:
            return None
        return Accounts((), complete, checks=False, needs_user=True, place=known.service.location)
    user, password = (given.value(name) for name in names)
    if user is None:
        return None
    account = Account(
        user,
        _hidden(password),
        frozenset({"admin"}),
        given.place(names[0]),
        given.place(names[1]),
        given.place(names[0]),
    )
    return Accounts((account,), complete, checks=True, needs_user=True, place=place)


def _rabbit(known: KnownService) -> Accounts | None:
    given = _Variables(known)
    if any(target.startswith("/etc/rabbitmq") for target in known.seen.targets):
        return None
    names = ("RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS")
    user, password = (given.value(name) if given.has(name) else "guest" for name in names)
    if user is None:
        return None
    place = given.place(*names) if any(map(given.has, names)) else known.service.location
    vhost = given.value("RABBITMQ_DEFAULT_VHOST") if given.has("RABBITMQ_DEFAULT_VHOST") else "/"
    account = Account(
        user,
        _hidden(password),
        frozenset({vhost}) if vhost else None,
        place,
        place,
        given.place("RABBITMQ_DEFAULT_VHOST") if given.has("RABBITMQ_DEFAULT_VHOST") else place,
    )
    return Accounts((account,), complete=True, checks=True, needs_user=True, place=place)


def _redis(known: KnownService) -> Accounts | None:
    argv = list(known.seen.argv)
    flags = known.seen.variables.get("VALKEY_EXTRA_FLAGS", "")
    argv += flags.split()
    text = " ".join(argv)
    if re.search(r"\.conf|--aclfile|--user\b|--sentinel|--include", text):
        return None
    place = place_in(known.service, "command") if known.service.command else known.service.location
    password = option_value(tuple(argv), "--requirepass")
    if password is None:
        return Accounts((), complete=True, checks=False, needs_user=False, place=place)
    hidden = _hidden(password.strip("\"'"))
    account = Account("default", hidden, None, place, place, place)
    return Accounts((account,), complete=True, checks=True, needs_user=False, place=place)


def difference(one: Connection, accounts: Accounts, elsewhere: str) -> Difference | None:
    """Return what of the client's login the server will not take, None where nothing is known.

    `elsewhere` is everything else that the client is given: a password there may be its login.
    """
    user, password = one.login.user, one.login.password
    here = one.login.password_place or one.location
    if not accounts.checks:
        if password is None or (user is not None and accounts.needs_user and not user):
            return None
        if accounts.needs_user and not accounts.all and one.protocol == "mongo":
            return Difference("unneeded", here, accounts.place) if user else None
        return None if accounts.needs_user else Difference("unneeded", here, accounts.place)
    if not accounts.needs_user or not user:
        return _without_name(one, accounts, elsewhere)
    account = next((item for item in accounts.all if item.user == user), None)
    if account is None:
        if not accounts.complete:
            return None
        place = one.login.user_place or one.location
        there = accounts.all[-1].user_place if accounts.all else accounts.place
        return Difference("user", place, there)
    if password is not None and account.password is not None and password != account.password:
        return Difference("password", here, account.password_place)
    return _database(one, accounts, account)


def _without_name(one: Connection, accounts: Accounts, elsewhere: str) -> Difference | None:
    password = one.login.password
    account = accounts.all[-1] if accounts.all else None
    if account is None or account.password is None:
        return None
    if password is None:
        is_url = "://" in one.scheme or bool(one.scheme)
        said = account.password.within(elsewhere) or _mentions_secret(elsewhere)
        if accounts.needs_user or not is_url or said:
            return None
        return Difference("missing", one.location, account.password_place)
    if accounts.needs_user:
        return None  # a password without a user: whose it is stands elsewhere
    if password != account.password:
        return Difference(
            "password", one.login.password_place or one.location, account.password_place
        )
    return None


def _mentions_secret(text: str) -> bool:
    return (
        re.search(
            r"(?i)redis\w*_pass|cache\w*_pass|valkey\w*_pass|/run/secrets|redis\w*_auth", text
        )
        is not None
    )


def _database(one: Connection, accounts: Accounts, account: Account) -> Difference | None:
    database = one.login.database
    if not database or account.databases is None or database in account.databases:
        return None
    if not accounts.complete:
        return None
    what = "vhost" if one.protocol == "amqp" else "database"
    return Difference(what, one.login.database_place or one.location, account.database_place)


def makes_itself(project: Project, one: Connection, what: str) -> bool:
    """Tell whether the client makes the `user` or `database` that the server lacks: it gets the
    password of root as well, or is Prisma, which creates the database that it migrates and whose
    URLs alone name a schema.

    https://www.prisma.io/docs/cli/migrate/deploy
    """
    service = project.service(one.service)
    entries = service.environment if service is not None else ()
    own = (entry for entry in entries if entry.location.path[2:3] == ("environment",))
    if any(entry.name.endswith("ROOT_PASSWORD") and entry.value for entry in own):
        return True
    opened = f"/{one.login.database}?"
    asked = ((entry.value or "").partition(opened)[2] for entry in entries)
    return what == "database" and any("schema" in _keys(text) for text in asked)


def _keys(query: str) -> set[str]:
    return {part.partition("=")[0] for part in query.split("&")}
