"""Who talks to whom: an address that a service was given, where that stands, and whom it means."""

from __future__ import annotations

from enum import Enum

from bootready.model.position import Location
from bootready.typed import NamedTuple


class Hidden:
    """A password. It can be compared; whatever prints it prints a mask."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hidden):
            return False
        return self._value == other._value or bool(_spellings(self) & _spellings(other))

    def __hash__(self) -> int:
        return 0  # what is equal in any of its spellings has no hash of its own

    def __repr__(self) -> str:
        return "****"

    def within(self, text: str) -> bool:
        """Tell whether the password stands in `text`, as it is or as a URL writes it."""
        return any(spelling in text for spelling in _spellings(self))


def _spellings(hidden: Hidden) -> set[str]:
    value = hidden._value  # noqa: SLF001 - of its own class
    if value.isalnum():
        return {value}
    from urllib.parse import quote, unquote

    return {value, unquote(value), quote(value, safe="")}


class Origin(Enum):
    """Where an address was written."""

    VARIABLE = "environment"
    COMMAND = "command"
    HEALTHCHECK = "healthcheck"
    LABEL = "label"
    FILE = "file"


class Means(Enum):
    """Whom the host of an address means, in the container that was given it."""

    SERVICE = "service"
    ITSELF = "itself"
    HOST = "host"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    """A name that nothing in the project has, and that is none of the internet's either."""


class Login(NamedTuple):
    """What a client logs in with, as far as it is written; None for what is not.

    The places are those of the values; all of a URL's are the place of the URL.
    """

    user: str | None = None
    password: Hidden | None = None
    database: str | None = None
    user_place: Location | None = None
    password_place: Location | None = None
    database_place: Location | None = None


class Connection(NamedTuple):
    """An address that `service` was given under `name`: a variable, an option, a label, a file.

    `scheme` is the one written, `protocol` the one that it or the name means, '' where neither
    tells. `port` is the one written, 0 for none; `reaches` the one that is connected to. `targets`
    are the services that are meant; several where an alias is shared. `service` is '' for a proxy
    outside of the project. `eager`: the program ends if the name is not there when it starts.
    `tls`: it begins with TLS or not at all.
    """

    service: str
    host: str
    port: int
    reaches: int
    scheme: str
    protocol: str
    origin: Origin
    name: str
    location: Location
    port_location: Location | None
    means: Means
    targets: tuple[str, ...] = ()
    login: Login = Login()
    eager: bool = False
    tls: bool = False

    @property
    def words(self) -> str:
        """What gave the address, for a message."""
        match self.origin:
            case Origin.COMMAND:
                return "the command"
            case Origin.HEALTHCHECK:
                return "the healthcheck"
            case Origin.LABEL:
                return f"label `{self.name}`"
        return f"`{self.name}`"

    @property
    def shown(self) -> str:
        """The address for a message, without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host


class Unread(NamedTuple):
    """A file that a service mounts and that was not understood, and why, in words."""

    service: str
    location: Location
    reason: str


class Connections(NamedTuple):
    """All addresses of a project, in the order of its services, and what could not be read."""

    found: tuple[Connection, ...]
    unread: tuple[Unread, ...]
