"""What a check says: a finding, its places, and the remedy that makes it go away."""

from enum import Enum

from bootready.model.position import Location, YamlPath
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.action import Action


class Severity(Enum):
    """A statement about boot. Ordered: ERROR is the gravest."""

    ERROR = "error"
    """`docker compose up` fails, or a service never becomes healthy."""
    WARNING = "warning"
    """It boots, and something is lost, exposed or wrong."""
    NOTE = "note"
    """Worth knowing."""

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


class Needs(Enum):
    """The evidence that a check reads."""

    PROJECT = "the project"
    HOST = "the host"
    FILES = "the files here"
    """Those that the command line reads itself, wherever the engine is, such as env files."""
    ENGINE = "the engine"
    REGISTRY = "the registry"
    SWARM = "a swarm as the target"
    MANAGER = "a manager of the swarm"
    PROBE = "a probe of the nodes"


class Safety(Enum):
    """Whether a remedy may be applied without asking."""

    SAFE = "safe"
    ASK = "ask"


class Remedy(NamedTuple):
    """How a finding goes away."""

    title: str
    safety: Safety
    actions: "tuple[Action, ...]"
    is_guess: bool = False
    """Whether it is an edit that `fix` makes only with `--unsafe`."""


class Finding(NamedTuple):
    """One cause, found once; `places` says in how many places it was seen."""

    check_id: str
    severity: Severity
    message: str
    primary: Location | None
    related: tuple[Location, ...] = ()
    hint: str = ""
    remedy: Remedy | None = None
    places: int = 1
    consequence: str = ""
    subjects: tuple[YamlPath, ...] = ()
    """Of several places: everything that they are about, ``("services", "web")`` and so on."""
    brief: str = ""
    """`message` for a screen, where that names more than fit on one; else ''."""
    kind: str = ""
    """Which of the faults that the check looks for this is, if a repair depends on it."""
    about: tuple[str, str] = ("", "")
    """The kind and the name of its subject, ``("service", "web")``; findings that differ only in
    the name become one.
    """
    varies: str = ""
    """Another name that message and hint have, and in which findings of one cause may differ."""


class Skipped(NamedTuple):
    """A check that could not look, and why."""

    check_id: str
    reason: str


class Known(NamedTuple):
    """A finding that the baseline of a project knows; `finding` are its words, `id` its name.

    `expires` is the last day on which it counts, such as ``2027-01-31``, or ''.
    """

    check: str
    id: str
    place: str = ""
    finding: str = ""
    reason: str = ""
    expires: str = ""


class Verdict(NamedTuple):
    """All that one run found and what it looked at. Nothing examined is never ready."""

    findings: tuple[Finding, ...]
    silenced: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    files: int
    services: int
    references: int
    checks: int
    apart: tuple[Finding, ...] = ()
    """The findings before those of one cause were joined, each with all of its places."""
    known: tuple[Finding, ...] = ()
    """What the baseline knows; `findings` are then without it."""
    gone: tuple[Known, ...] = ()
    """What the baseline knows and nobody finds any more."""
