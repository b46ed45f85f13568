"""Names with values (variables, options, keys) -> the addresses that they give to a program.

The name says what a value is: ``DB_HOST`` with ``DB_PORT`` and ``DB_USER``, ``KAFKA_BROKERS``,
``--redis-url``. Values that hold a URL or ``service:port`` need no telling name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bootready.connections.addresses import Address, addresses_in, hosts_in
from bootready.knowledge.protocols import (
    DEFAULT_PORTS,
    PORTS,
    is_database_name,
    protocol_of_kind,
    protocol_of_name,
    words_of,
)
from bootready.model.connection import Hidden, Login
from bootready.model.position import Location
from bootready.typed import NamedTuple

_HOSTS = [
    "HOST",
    "HOSTNAME",
    "HOSTS",
    "SERVER",
    "SERVERS",
    "ADDR",
    "ADDRS",
    "ADDRESS",
    "ADDRESSES",
    "ENDPOINT",
    "ENDPOINTS",
    "SEEDS",
    "BROKER",
    "BROKERS",
    "NODES",
    "CONNECT",
    "URL",
    "URLS",
    "URI",
    "DSN",
    "UPSTREAM",
    "UPSTREAMS",
    "TARGET",
    "TARGETS",
    "POINTS",
    "HOSTPORT",
    "SENTINELS",
    "HOSTPORTS",
]
_BY_LENGTH = sorted(_HOSTS, key=len, reverse=True)
_LISTENING = frozenset(
    [
        "LISTEN",
        "LISTENER",
        "LISTENERS",
        "LISTENING",
        "BIND",
        "BINDING",
        "ADVERTISE",
        "ADVERTISED",
        "ANNOUNCE",
        "ORIGIN",
        "ORIGINS",
        "CORS",
        "ALLOWED",
        "ALLOW",
        "WHITELIST",
        "TRUSTED",
        "IGNORE",
        "EXCLUDE",
        "NO",
        "VIRTUAL",
        "LETSENCRYPT",
        "LISTENADDR",
        "COOKIE",
        "REDIRECT",
        "CALLBACK",
        "ISSUER",
        "AUDIENCE",
        "REALM",
        "EXEMPT",
        "INTERFACE",
    ]
)
"""Words of names whose value is no server that the program connects to."""
_BROWSERS = frozenset(
    [
        "PUBLIC",
        "EXTERNAL",
        "FRONTEND",
        "BROWSER",
        "NEXT",
        "VITE",
        "REACT",
        "NUXT",
        "EXPO",
        "GATSBY",
        "ANGULAR",
        "SITE",
        "DOMAIN",
        "ROOT",
        "WEB",
        "CLIENT",
        "UI",
        "DASHBOARD",
        "WEBSITE",
        "PORTAL",
        "CANONICAL",
        "PUBLISHED",
        "WEBHOOK",
        "LOGIN",
        "LOGOUT",
        "PRESIGNED",
        "CDN",
        "MEDIA",
        "STATIC",
        "SHARE",
        "CONSOLE",
    ]
)
"""Words of names whose URL is one for people's browsers, on the machine outside."""
_USERS = ("USER", "USERNAME", "USERID", "USR", "ROLE")
_PASSWORDS = ("PASSWORD", "PASS", "PWD", "PASSWD")
_DATABASES = ("DATABASE", "DBNAME", "DB", "NAME", "DB_NAME", "DATABASE_NAME")


_KINDS = (
    *("", "_TYPE", "__DB_TYPE", "_DB_TYPE", "_ENGINE", "_CONNECTION", "_DRIVER", "_CLIENT"),
    *("_DIALECT", "_VENDOR", "_ADAPTER", "__CLIENT", "_DB"),
)
"""What follows the beginning of a name, in a variable that says which database it is."""

_KEY_IDS = ("ACCESS_KEY_ID", "ACCESS_KEY", "ACCESSKEY")
_KEYS = ("SECRET_ACCESS_KEY", "SECRET_KEY", "SECRETKEY")
_VIRTUAL_HOSTS = ("VHOST", "VIRTUAL_HOST", "VIRTUALHOST")


class Given(NamedTuple):
    """A name with its value and place."""

    name: str
    value: str
    location: Location


class Found(NamedTuple):
    """An address, what gave it, and the login that stands in names beside it."""

    address: Address
    given: Given
    protocol: str
    port_location: Location | None
    login: Login
    certain: bool
    """Whether it is an address whoever it means: a URL, or a host beside its port."""


def found_in(entries: Sequence[Given], known: Mapping[str, object], bare: str = "") -> list[Found]:
    """Return the addresses in `entries`; `known` are the names of the project, in small letters.

    `bare` is the protocol of a variable that is called HOST and nothing else.
    """
    made: list[Found] = []
    by_name = {entry.name.upper(): entry for entry in entries}
    for entry in entries:
        if entry.value and not listens(entry.name):
            made += _of(entry, by_name, known, bare)
    return made


def listens(name: str) -> bool:
    """Tell whether a name is about an address that is not connected to."""
    return not _LISTENING.isdisjoint(words_of(name))


def for_browsers(name: str) -> bool:
    """Tell whether a name is about a URL that is given to browsers."""
    return not _BROWSERS.isdisjoint(words_of(name))


def _of(
    entry: Given, by_name: Mapping[str, Given], known: Mapping[str, object], bare: str
) -> Iterator[Found]:
    value = entry.value.strip()
    protocol = protocol_of_name(entry.name) or _kind_beside(entry.name, by_name)
    if protocol == "file":
        return  # the database is SQLite, and the host that of another choice
    whole = addresses_in(value)
    for address in whole:
        login = _login_of(address, entry)
        if address.user is None and (address.driver or address.protocol == "bolt"):
            login = _login_beside(entry, by_name, login)
        elif address.protocol == "http":
            login = _keys_beside(entry, by_name)
        spoken = address.protocol or protocol or PORTS.get(address.port, "")
        yield Found(address, entry, spoken, entry.location, login, certain=True)
    if whole or len(value) > 500:
        return
    suffix = _suffix_of(entry.name)
    if not suffix:
        # `DATABASE=db:5432`: not a telling name, but the name and port of a service.
        for address in hosts_in(value) if ":" in value else ():
            spoken = protocol or PORTS.get(address.port, "")
            own = address.host.lower() in known or (
                protocol and PORTS.get(address.port) == protocol
            )
            if address.port > 19 and own:
                yield Found(address, entry, spoken, entry.location, Login(), certain=True)
        return
    prefix = entry.name.removesuffix(suffix)
    alone = not prefix.strip("-_. ")
    if not alone or bare or (":" in value and value.partition(":")[0].lower() in known):
        spoken = protocol or (bare if not prefix else "")
        port = _beside(prefix, ("PORT",), by_name)
        for address in hosts_in(value):
            made = _of_host(address, entry, port, spoken)
            if made.certain or address.host.lower() in known:
                yield made._replace(login=_login_of_pairs(entry, by_name, spoken))


def _kind_beside(name: str, by_name: Mapping[str, Given]) -> str:
    """Return the protocol of a database whose kind stands in a variable beside: ``DB_TYPE``."""
    if not is_database_name(name):
        return ""
    stem = name.upper()
    while stem := re.sub(r"[_.-]*[A-Z0-9]+$", "", stem):
        for word in _KINDS:
            given = by_name.get(f"{stem}{word}")
            if given is not None and is_database_name(given.name):
                return protocol_of_kind(given.value)
    return ""


def _of_host(address: Address, entry: Given, port: Given | None, protocol: str) -> Found:
    """Return a host of a list, with the port that stands with it or in a variable beside it."""
    number, place = address.port, entry.location if address.port else None
    if not number and port is not None and port.value.isdigit() and len(port.value) < 6:
        number, place = int(port.value), port.location
    protocol = protocol or PORTS.get(number, "")
    telling = bool(protocol) or number > 0 or is_database_name(entry.name)
    return Found(address._replace(port=number), entry, protocol, place, Login(), certain=telling)


def _login_of_pairs(entry: Given, by_name: Mapping[str, Given], protocol: str) -> Login:
    login = _login_beside(entry, by_name, Login())
    if protocol == "mongo":
        return login._replace(database=None, database_place=None)  # not the one of the user
    if protocol == "amqp":
        word = _last_word(entry.name)
        prefix = entry.name.removesuffix(word) if word else ""
        given = _beside(prefix, _VIRTUAL_HOSTS, by_name)
        vhost = given if given and _is_plain(given.value) else None
        return login._replace(
            database=vhost.value if vhost else None,
            database_place=vhost.location if vhost else None,
        )
    return login


def _last_word(name: str) -> str:
    """Return the longest of `_HOSTS` that ends `name`, as it is written there, or ''."""
    upper = name.upper()
    ending = next((word for word in _BY_LENGTH if upper.endswith(word)), "")
    return name[len(name) - len(ending) :]


def _suffix_of(name: str) -> str:
    """Return the last word of a name if it means a host: not that of ``VHOST``. '' for none."""
    word = _last_word(name)
    before = name.removesuffix(word) if word else ""
    if not word or not before[-1:].isalpha():
        return word
    camel = before[-1].islower() and word[0].isupper()
    return word if camel or protocol_of_name(before) or is_database_name(before) else ""


def _login_of(address: Address, entry: Given) -> Login:
    place = entry.location
    return Login(
        address.user,
        address.password,
        address.database,
        place if address.user else None,
        place if address.password else None,
        place if address.database else None,
    )


def _login_beside(entry: Given, by_name: Mapping[str, Given], login: Login) -> Login:
    """Return `login` with what is missing taken from names with the same beginning."""
    prefix = entry.name.removesuffix(_last_word(entry.name))
    shorter = re.sub(r"(?i)URL[_.-]+$", "", prefix)
    for start in dict.fromkeys((prefix, shorter)):
        user, password, database = (
            _beside(start, words, by_name) for words in (_USERS, _PASSWORDS, _DATABASES)
        )
        if user and login.user is None and _is_plain(user.value):
            login = login._replace(user=user.value, user_place=user.location)
        if password and login.password is None and _is_plain(password.value):
            login = login._replace(
                password=Hidden(password.value), password_place=password.location
            )
        if database and login.database is None and _is_plain(database.value):
            login = login._replace(database=database.value, database_place=database.location)
    return login


def _keys_beside(entry: Given, by_name: Mapping[str, Given]) -> Login:
    """Return the keys of an object store that stand beside its address, both or none."""
    prefix = re.sub(r"(?i)(?:ENDPOINT|URL|HOST|[_.-])+$", "", entry.name) + "_"
    user, password = (_beside(prefix, words, by_name) for words in (_KEY_IDS, _KEYS))
    if not user or not password or not _is_plain(user.value) or not _is_plain(password.value):
        return Login()
    hidden = Hidden(password.value)
    return Login(user.value, hidden, None, user.location, password.location)


def _is_plain(value: str) -> bool:
    return bool(value) and "$" not in value and value.lower() not in {"null", "none", "nil"}


def _beside(prefix: str, words: Sequence[str], by_name: Mapping[str, Given]) -> Given | None:
    for word in words:
        found = by_name.get(f"{prefix}{word}".upper())
        if found is not None:
            return found
    return None


def default_port(address: Address, protocol: str) -> int:
    """Return the port that is connected to, 0 where it is not known."""
    return address.reaches or DEFAULT_PORTS.get(protocol, 0)
