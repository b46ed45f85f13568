"""What can be known of the programs in a family of images: the kinds of facts, as plain values.

The data files in ``families`` hold them, `reading` reads those, ``make docs`` compiles them. A kind
is an array of tables in a data file, its fields are the keys of a table.
"""

from __future__ import annotations

from collections.abc import Mapping

from bootready.typed import NamedTuple

UNVERIFIED = "unverified"


class Source(NamedTuple):
    """Where a fact was read: a file of a repository at a commit or tag, or a page, and when.

    `read` is a date, or UNVERIFIED for what is cited and was not opened when it was written down.
    """

    where: str
    path: str
    ref: str
    read: str


class Scope(NamedTuple):
    """When a fact holds: from version `since` until before `before`, of tags with one of
    `variants` (all of which may be negated, ``!alpine``), and by what the service itself says.

    `when` and `unless` are conditions (`conditions`): all of `when` hold, none of `unless` does.
    """

    since: str = ""
    before: str = ""
    variants: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Keys of the family's sources."""


class Frozen:
    """Fields, some with defaults. Plain classes: to make a named tuple of so many would take longer
    than a check does.
    """

    def __init__(self, **values: object) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"'{name}' cannot be changed: facts are frozen")

    @classmethod
    def defaults(cls) -> dict[str, object]:
        """Return the fields of this kind with their defaults, in the order of the class."""
        return {name: getattr(cls, name) for name in cls.__annotations__ if hasattr(cls, name)}

    def given(self) -> dict[str, object]:
        """Return the fields that differ from their defaults, and those without one."""
        return dict(self.__dict__)


class Fact(Frozen):
    """What all kinds of facts have in common."""

    scope: Scope


class Contents(Fact):
    """What an image holds. `base` names a list of programs that many images share.

    `absent` are programs that people expect in it; with a `closed` base it has what is named only.
    `user` is what its program runs as, `drops` whether it starts as root and becomes that user.
    """

    base: str = ""
    programs: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    """Programs that have another name now, as ``mysqladmin=mariadb-admin``."""
    closed: bool = False
    user: str = ""
    users: tuple[str, ...] = ()
    """Who is in its /etc/passwd, as ``name=uid`` or ``name=uid:gid``."""
    drops: bool = False
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    stop_signal: str = "SIGTERM"
    healthcheck: str = ""
    """``none`` where its Dockerfile has no HEALTHCHECK, ``own`` where it has one, else unknown."""
    volumes: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()


class Required(Fact):
    """Variables one of which the program must have; each may be ``NAME=VALUE``.

    With `first_boot` only as long as there is no data. `generate` is the one that can be made up,
    `form` how (a kind of secret).
    """

    any_of: tuple[str, ...] = ()
    first_boot: bool = False
    generate: str = ""
    form: str = ""
    log: str = ""
    instead: str = ""
    outcome: str = "exits"


class Refused(Fact):
    """Values that the program refuses: that match `matches`, are not in `allowed`, or too short."""

    variable: str = ""
    matches: str = ""
    allowed: tuple[str, ...] = ()
    min_length: int = 0
    first_boot: bool = False
    log: str = ""
    instead: str = ""
    outcome: str = "exits"


class Exclusive(Fact):
    """Variables of which the program takes only one."""

    variables: tuple[str, ...] = ()
    first_boot: bool = False
    log: str = ""


class Unread(Fact):
    """Variables (or patterns of them) that people set and that the program never reads."""

    variables: tuple[str, ...] = ()
    instead: str = ""


class Data(Fact):
    """Where the program keeps what has to stay; `declared` as a volume of the image.

    With `refuses` the program ends where its user cannot write there, saying `log`.
    """

    path: str = ""
    declared: bool = True
    refuses: bool = False
    log: str = ""
    instead: str = ""


class RefusedMount(Fact):
    """A place at which the program refuses a mount, and where the volume belongs instead."""

    path: str = ""
    log: str = ""
    instead: str = ""


class Config(Fact):
    """Files (names or patterns) that configure the program, and the places where it reads them.

    No `read` place: a file counts only if the command names it. `shipped` are those that the image
    holds; `log` is what it says of one that the command names and that is not there.
    """

    files: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    """Only files at these places (patterns) are meant, if there are any."""
    read: tuple[str, ...] = ()
    shipped: tuple[str, ...] = ()
    log: str = ""
    instead: str = ""


class Directory(Fact):
    """A directory that the program looks into: people misspell its name."""

    path: str = ""
    purpose: str = ""
    first_boot: bool = False


class CommandNeeded(Fact):
    """The image's own command does not do what it is used for; one has to be given."""

    log: str = ""
    instead: str = ""


class Option(Fact):
    """Options of the command that the program refuses, or with `needed` cannot do without."""

    options: tuple[str, ...] = ()
    needed: bool = False
    log: str = ""
    instead: str = ""
    outcome: str = "exits"


class Listens(Fact):
    """Ports on which the program listens; conditions in `moved_by` say that it may be another."""

    ports: tuple[int, ...] = ()
    moved_by: tuple[str, ...] = ()
    movers: tuple[str, ...] = ()
    """Options and variables whose value is the port, such as ``option --port``: it stands for the
    first of `ports`, with a ``+`` before it (``+option --console``) it is one more.
    """
    instead: str = ""


class Closed(Fact):
    """Ports that people publish and on which nothing listens."""

    ports: tuple[int, ...] = ()
    instead: str = ""


class Probe(Fact):
    """A healthcheck that works; durations in seconds."""

    test: tuple[str, ...] = ()
    interval: int = 10
    timeout: int = 5
    retries: int = 5
    start_period: int = 30


class FailingProbe(Fact):
    """Healthchecks whose test matches `matches`, and that never pass."""

    matches: str = ""
    log: str = ""
    instead: str = ""


class Gone(Fact):
    """Names and tags (a pattern for the whole tag) that cannot be pulled any more."""

    names: tuple[str, ...] = ()
    tags: str = ""
    log: str = ""
    instead: str = ""


class EndOfLife(Fact):
    """Versions that get no more repairs since `date`."""

    date: str = ""
    instead: str = ""


class HostNeed(Fact):
    """What the program needs of the machine: a kernel setting, a processor feature, memory.

    `memory` is the least limit in bytes with which it starts.
    """

    setting: str = ""
    value: int = 0
    feature: str = ""
    memory: int = 0
    log: str = ""
    outcome: str = "exits"


class Fault(Fact):
    """Any other set-up that cannot work, found by its conditions; `at` is the attribute to change.

    `says` completes "service 'x': ...". `outcome` is exits, unhealthy or wrong.
    """

    says: str = ""
    at: str = "image"
    log: str = ""
    instead: str = ""
    outcome: str = "exits"
    engine: int = 0
    """The major version of the Docker Engine from which on it is so, 0 for every one."""


class FileMode(Fact):
    """Mounted files (names or patterns) that the program refuses unless their mode is `mode`."""

    files: tuple[str, ...] = ()
    mode: int = 0
    log: str = ""
    instead: str = ""


class Family(Frozen):
    """Everything that is known of one family of images."""

    name: str
    title: str
    names: tuple[str, ...]
    version: str
    """A pattern whose groups are the numbers of a version in a tag, '' for the usual form."""
    newest: str
    """The newest version that was looked at."""
    tags: Mapping[str, str]
    """Tags that move, with the version that they meant when this was read."""
    variants: tuple[str, ...]
    """Words that tags of the family have besides the names of distributions."""
    server: tuple[str, ...]
    """First words of a command that start the program; ``*`` where every command is arguments."""
    variables: tuple[str, ...]
    """Variables that it reads; a pattern such as ``GF_*`` stands for many."""
    file_variables: tuple[str, ...]
    """Those that may come from a file instead, by their name with ``_FILE`` after it."""
    sources: Mapping[str, Source]
    contents: tuple[Contents, ...] = ()
    required: tuple[Required, ...] = ()
    refused: tuple[Refused, ...] = ()
    exclusive: tuple[Exclusive, ...] = ()
    unread: tuple[Unread, ...] = ()
    data: tuple[Data, ...] = ()
    refused_mounts: tuple[RefusedMount, ...] = ()
    configs: tuple[Config, ...] = ()
    directories: tuple[Directory, ...] = ()
    command_needed: tuple[CommandNeeded, ...] = ()
    options: tuple[Option, ...] = ()
    listens: tuple[Listens, ...] = ()
    closed_ports: tuple[Closed, ...] = ()
    probes: tuple[Probe, ...] = ()
    failing_probes: tuple[FailingProbe, ...] = ()
    gone: tuple[Gone, ...] = ()
    end_of_life: tuple[EndOfLife, ...] = ()
    host_needs: tuple[HostNeed, ...] = ()
    faults: tuple[Fault, ...] = ()
    file_modes: tuple[FileMode, ...] = ()


KINDS = {
    "contents": Contents,
    "required": Required,
    "refused": Refused,
    "exclusive": Exclusive,
    "unread": Unread,
    "data": Data,
    "refused_mounts": RefusedMount,
    "configs": Config,
    "directories": Directory,
    "command_needed": CommandNeeded,
    "options": Option,
    "listens": Listens,
    "closed_ports": Closed,
    "probes": Probe,
    "failing_probes": FailingProbe,
    "gone": Gone,
    "end_of_life": EndOfLife,
    "host_needs": HostNeed,
    "faults": Fault,
    "file_modes": FileMode,
}
"""The arrays of tables of a data file, each with the kind of its facts."""
