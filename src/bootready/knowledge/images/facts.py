"""What can be known of the programs in a family of images: the kinds of facts, as plain values.

The data files in ``families`` hold them, `reading` reads those, ``make docs`` compiles them. A kind
is an array of tables in a data file, its fields are the keys of a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Source(NamedTuple):
    """Where a fact was read: a file of a repository at a commit or tag, or a page, and when."""

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


class Contents(NamedTuple):
    """What an image holds. `base` names a list of programs that many images share.

    `absent` are programs that people expect in it; with a `closed` base it has what is named only.
    `user` is what its program runs as, `drops` whether it starts as root and becomes that user.
    """

    scope: Scope
    base: str = ""
    programs: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    closed: bool = False
    user: str = ""
    users: tuple[str, ...] = ()
    """Who is in its /etc/passwd, as ``name=uid`` or ``name=uid:gid``."""
    drops: bool = False
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    stop_signal: str = "SIGTERM"
    volumes: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()


class Required(NamedTuple):
    """Variables one of which the program must have; each may be ``NAME=VALUE``.

    With `first_boot` only as long as there is no data. `generate` is the one that can be made up,
    `form` how (a kind of secret).
    """

    scope: Scope
    any_of: tuple[str, ...] = ()
    first_boot: bool = False
    generate: str = ""
    form: str = ""
    log: str = ""
    instead: str = ""
    outcome: str = "exits"


class Refused(NamedTuple):
    """Values that the program refuses: that match `matches`, are not in `allowed`, or too short."""

    scope: Scope
    variable: str = ""
    matches: str = ""
    allowed: tuple[str, ...] = ()
    min_length: int = 0
    first_boot: bool = False
    log: str = ""
    instead: str = ""
    outcome: str = "exits"


class Exclusive(NamedTuple):
    """Variables of which the program takes only one."""

    scope: Scope
    variables: tuple[str, ...] = ()
    first_boot: bool = False
    log: str = ""


class Unread(NamedTuple):
    """Variables (or patterns of them) that people set and that the program never reads."""

    scope: Scope
    variables: tuple[str, ...] = ()
    instead: str = ""


class Data(NamedTuple):
    """Where the program keeps what has to stay; `declared` as a volume of the image.

    With `refuses` the program ends where its user cannot write there, saying `log`.
    """

    scope: Scope
    path: str = ""
    declared: bool = True
    refuses: bool = False
    log: str = ""


class RefusedMount(NamedTuple):
    """A place at which the program refuses a mount, and where the volume belongs instead."""

    scope: Scope
    path: str = ""
    log: str = ""
    instead: str = ""


class Config(NamedTuple):
    """Files (names or patterns) that configure the program, and the places where it reads them.

    No `read` place: a file counts only if the command names it. `shipped` are those that the image
    holds; `log` is what it says of one that the command names and that is not there.
    """

    scope: Scope
    files: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    shipped: tuple[str, ...] = ()
    log: str = ""
    instead: str = ""


class Directory(NamedTuple):
    """A directory that the program looks into: people misspell its name."""

    scope: Scope
    path: str = ""
    purpose: str = ""
    first_boot: bool = False


class CommandNeeded(NamedTuple):
    """The image's own command does not do what it is used for; one has to be given."""

    scope: Scope
    log: str = ""
    instead: str = ""


class Option(NamedTuple):
    """Options of the command that the program refuses, or with `needed` cannot do without."""

    scope: Scope
    options: tuple[str, ...] = ()
    needed: bool = False
    log: str = ""
    instead: str = ""
    outcome: str = "exits"


class Listens(NamedTuple):
    """Ports on which the program listens; conditions in `moved_by` say that it may be another."""

    scope: Scope
    ports: tuple[int, ...] = ()
    moved_by: tuple[str, ...] = ()
    movers: tuple[str, ...] = ()
    """Options and variables whose value is the port, such as ``option --port``."""
    instead: str = ""


class Closed(NamedTuple):
    """Ports that people publish and on which nothing listens."""

    scope: Scope
    ports: tuple[int, ...] = ()
    instead: str = ""


class Probe(NamedTuple):
    """A healthcheck that works; durations in seconds."""

    scope: Scope
    test: tuple[str, ...] = ()
    interval: int = 10
    timeout: int = 5
    retries: int = 5
    start_period: int = 30


class FailingProbe(NamedTuple):
    """Healthchecks whose test matches `matches`, and that never pass."""

    scope: Scope
    matches: str = ""
    log: str = ""
    instead: str = ""


class Gone(NamedTuple):
    """Names and tags (a pattern for the whole tag) that cannot be pulled any more."""

    scope: Scope
    names: tuple[str, ...] = ()
    tags: str = ""
    log: str = ""
    instead: str = ""


class EndOfLife(NamedTuple):
    """Versions that get no more repairs since `date`."""

    scope: Scope
    date: str = ""
    instead: str = ""


class HostNeed(NamedTuple):
    """What the program needs of the machine: a kernel setting, a processor feature, memory.

    `memory` is the least limit in bytes with which it starts.
    """

    scope: Scope
    setting: str = ""
    value: int = 0
    feature: str = ""
    memory: int = 0
    log: str = ""
    outcome: str = "exits"


class Fault(NamedTuple):
    """Any other set-up that cannot work, found by its conditions; `at` is the attribute to change.

    `says` completes "service 'x': ...". `outcome` is exits, unhealthy or wrong.
    """

    scope: Scope
    says: str = ""
    at: str = "image"
    log: str = ""
    instead: str = ""
    outcome: str = "exits"
    engine: int = 0
    """The major version of the Docker Engine from which on it is so, 0 for every one."""


class FileMode(NamedTuple):
    """Mounted files (names or patterns) that the program refuses unless their mode is `mode`."""

    scope: Scope
    files: tuple[str, ...] = ()
    mode: int = 0
    log: str = ""
    instead: str = ""


class Family(NamedTuple):
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
