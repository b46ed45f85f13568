"""A text -> the addresses in it: URLs, the strings of drivers, ``host:port`` and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.knowledge.protocols import DATABASES, SCHEMES, TLS
from bootready.model.connection import Hidden
from bootready.model.lines import LONGEST
from bootready.regex import regex
from bootready.typed import NamedTuple

_URL = regex(
    r"(?<![\w+.-])(?P<before>(?:[a-z][a-z0-9+.-]{0,30}+:){0,2}?)"
    r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+._-]{0,30}+)://"
    r"(?P<rest>(?:[^\s\"'`<>|\\]|<[\w -]{1,60}>){1,1000}+)"
)
_GO_MYSQL = regex(
    r"(?:(?P<user>[^\s:@/\"'=]{1,128}+)(?::(?P<password>[^\s@\"']{0,256}+))?@)?tcp"
    r"\((?P<host>[\w.-]{1,255}+)(?::(?P<port>\d{1,5}+))?\)/(?P<database>[\w-]{0,128}+)"
)
_ORACLE = regex(
    r"oracle:thin:(?:[^\s/@]{1,128}+/[^\s@]{1,128}+)?@(?://)?(?P<host>[A-Za-z0-9_][\w.-]{0,253}+)"
    r"(?::(?P<port>\d{1,5}+))?"
)
_PAIR = regex(r"(?i)(?:^|[\s;])(?P<key>[a-z][a-z ]{1,24}?)\s?=\s?'?(?P<value>[^;\s']{1,256}+)")
_HOST = regex(r"[A-Za-z0-9_](?:[\w.-]{0,253}[A-Za-z0-9_])?")
_HOST_PORT = regex(
    r"(?:(?P<scheme>[a-z]{2,12}+)://)?(?P<host>\[[0-9a-fA-F:.]{2,45}+\]|[A-Za-z0-9_][\w.-]{0,253}+)"
    r"(?::(?P<port>\d{1,5}+))?(?:/[\w./-]{0,100}+)?"
)
_KEYS = {
    "host": "host",
    "server": "host",
    "data source": "host",
    "hostaddr": "host",
    "port": "port",
    "user": "user",
    "username": "user",
    "user id": "user",
    "uid": "user",
    "password": "password",
    "pwd": "password",
    "dbname": "database",
    "database": "database",
    "initial catalog": "database",
}
_HOST_KEYS = tuple(key for key, meaning in _KEYS.items() if meaning == "host")
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - what servers listen on is nobody's address
_LAYERS = frozenset({"tls", "ssl", "tcp"})
"""What is written before a scheme, and is none by itself: ``tls+nats``."""
_NAMING = (DATABASES - {"mongo"}) | {"amqp"}
"""Protocols whose URLs name a database, or a virtual host."""
_MANY = frozenset({"mongodb", "mongo", "kafka", "nats", "redis", "amqp", "zookeeper", "etcd"})
"""Schemes whose URL may name several hosts."""


class Address(NamedTuple):
    """An address as it is written; `port` is 0 where none is."""

    host: str
    port: int = 0
    scheme: str = ""
    protocol: str = ""
    user: str | None = None
    password: Hidden | None = None
    database: str | None = None
    tls: bool = False
    """Whether the client insists on TLS."""
    driver: bool = False
    """Whether it is a JDBC URL, whose user and password stand beside it."""

    @property
    def reaches(self) -> int:
        """The port that is connected to, 0 where it is not known."""
        return self.port or SCHEMES.get(self.scheme, ("", 0))[1]


def addresses_in(text: str) -> list[Address]:
    """Return the addresses of URLs and of strings of drivers in `text`, in their order."""
    if len(text) > LONGEST * 4:
        return []
    if "tcp(" in text:  # in `mysql://user@tcp(db:3306)/app` as well
        bare = text.rpartition("://")[2]
        return [made for found in _GO_MYSQL.finditer(bare) if (made := _of_go(found))]
    if "://" in text:
        return list(_urls(text))
    if "oracle:thin:" in text:
        return [
            Address(found["host"], int(found["port"] or 0), "oracle", "oracle", driver=True)
            for found in _ORACLE.finditer(text)
        ]
    if "=" in text:
        return _of_pairs(text)
    return []


def hosts_in(text: str) -> list[Address]:
    """Return the addresses in the value of a variable for hosts: ``a:1,b:2``, one host, or URLs."""
    first, *others = (one.strip("\"'") for one in re.split(r"[,;\s]+", _unlisted(text.strip())))
    first = first.partition("?")[0]
    if "://" in text or "=" in first:
        return addresses_in(text)
    found = []
    # What has a `=` after a host is an option of the driver: `redis:6379,ssl=false`.
    for part in (first, *(one for one in others if "=" not in one)):
        whole = _HOST_PORT.fullmatch(part)
        if whole is None or whole["host"].isdigit() or int(whole["port"] or 0) > 65535:
            return []
        if whole["host"] != _EVERYWHERE:
            found.append(Address(whole["host"].strip("[]"), int(whole["port"] or 0)))
    return found if len(found) < 50 else []


def _unlisted(text: str) -> str:
    """Return what is in a list of JSON, or the text as it is."""
    is_list = text.startswith(('["', "['")) and text.endswith("]")
    return text[1:-1] if is_list else text


def _urls(text: str) -> Iterator[Address]:
    for found in _URL.finditer(text):
        scheme = _scheme(found["scheme"])
        if scheme not in SCHEMES:
            continue
        rest = found["rest"]
        authority = re.split(r"[/?#;)]", rest, maxsplit=1)[0]
        behind = rest[len(authority) :]
        if "@" in behind.split("?")[0] and "@" not in authority and ":" in authority:
            continue  # a `/` in the password ends the host where nobody meant it to
        login, at, hosts = authority.rpartition("@")
        many = hosts.split(",") if scheme in _MANY else hosts.split(",")[:1]
        protocol = SCHEMES[scheme][0]
        user, _, password = login.partition(":")
        database = _database(protocol, behind, bool(at))
        for host in many:
            whole = _HOST_PORT.fullmatch(host)
            if whole is None or whole["host"] == _EVERYWHERE:
                continue
            yield Address(
                whole["host"].strip("[]"),
                int(whole["port"] or 0),
                scheme,
                protocol,
                _text(user) if at else None,
                Hidden(password) if at and password and not _open(password) else None,
                database,
                _by_tls(found["scheme"], scheme, behind),
                "jdbc" in found["before"] or "r2dbc" in found["before"],
            )
        # Several URLs in a list: `nats://a:4222,nats://b:4222`.
        if "," in rest and "://" in rest:
            yield from _urls(rest[rest.index(",") + 1 :])


def _scheme(written: str) -> str:
    """Return the scheme without what is added: ``postgresql+asyncpg``, ``tls+nats``."""
    whole = written.lower()
    if whole in SCHEMES:
        return whole
    parts = whole.split("+")
    return next((part for part in parts if part in SCHEMES and part not in _LAYERS), parts[0])


def _by_tls(written: str, scheme: str, behind: str) -> bool:
    layers = _LAYERS - {"tcp"}
    if scheme in TLS or not layers.isdisjoint(written.lower().split("+")):
        return True
    return re.search(r"[?&](?:sslmode=(?:require|verify)|(?:tls|ssl)=true)", behind) is not None


def _database(protocol: str, behind: str, login: bool) -> str | None:
    """Return the database that a URL names; of MongoDB the one that knows the user."""
    if protocol == "mongo" and login:
        source = re.search(r"[?&]authSource=([\w-]{1,100}+)", behind)
        name = re.split(r"[?#]", behind.removeprefix("/"), maxsplit=1)[0]
        return source[1] if source else _text(name) or "admin"
    if protocol not in _NAMING or not behind.startswith("/"):
        return None
    name = re.split(r"[?#;/)]", behind[1:], maxsplit=1)[0]
    return _text(name) or None


def _text(written: str) -> str | None:
    if _open(written):
        return None
    if "%" not in written:
        return written
    from urllib.parse import unquote

    return unquote(written)


def _open(written: str) -> bool:
    """Tell whether a part of an address is only known in the container, or a stand-in."""
    return any(sign in written for sign in "${}<>*")


def _of_go(found: re.Match[str]) -> Address | None:
    password = found["password"]
    return Address(
        found["host"],
        int(found["port"] or 0),
        "mysql",
        "mysql",
        found["user"],
        Hidden(password) if password and not _open(password) else None,
        found["database"] or None,
    )


def _of_pairs(text: str) -> list[Address]:
    """Return the address in ``host=db user=app`` (libpq) or ``Server=db;User Id=app`` (ADO.NET)."""
    given: dict[str, str] = {}
    small = text.lower()
    if not any(key in small for key in _HOST_KEYS):
        return []
    for found in _PAIR.finditer(text):
        key = _KEYS.get(found["key"].strip().lower())
        if key:
            given.setdefault(key, found["value"])
    host = given.get("host", "").removeprefix("tcp:")
    host, _, after = host.partition(",")
    port = given.get("port", "") or after
    if not _HOST.fullmatch(host) or len(given) < 2 or (port and not port.isdigit()):
        return []
    libpq = "dbname" in text or ";" not in text
    password = given.get("password", "")
    return [
        Address(
            host,
            int(port or 0),
            "",
            "postgres" if libpq and "dbname" in text else "",
            _text(given["user"]) if "user" in given else None,
            Hidden(password) if password and not _open(password) else None,
            _text(given["database"]) if "database" in given else None,
        )
    ]
