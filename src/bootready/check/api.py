"""What a check module imports: the decorator, the context with its evidence, and the report
helper.
"""

from enum import Enum

from bootready.model.fact import (
    CertificateFact,
    ContainerFact,
    EngineFact,
    FileFact,
    ImageFact,
    Listener,
    MountFact,
    NetworkFact,
    RegistryFact,
    VolumeFact,
)
from bootready.model.finding import Finding, Needs, Remedy, Safety, Severity
from bootready.model.position import Location
from bootready.model.project import Project
from bootready.typed import TYPE_CHECKING, Callable, Iterator, NamedTuple, Protocol, Sequence

if TYPE_CHECKING:
    from bootready.model.cluster import ClusterFact
    from bootready.model.evidence import Engine, Host, Registry

__all__ = [
    "CertificateFact",
    "Check",
    "ContainerFact",
    "Context",
    "EngineFact",
    "FileFact",
    "Finding",
    "ImageFact",
    "Iterator",
    "Listener",
    "MountFact",
    "Needs",
    "NetworkFact",
    "RegistryFact",
    "Remedy",
    "Report",
    "Safety",
    "Severity",
    "Trait",
    "VolumeFact",
    "check",
]


class Trait(Enum):
    """What the stages after it have to know of a check."""

    NOT_FOR_SWARM = "what it asks does not hold on a swarm, or is not known from this machine"
    ASKS_ONE_MACHINE = "it asks the kernel, devices and disks of one machine; a swarm has several"
    SET_BY_PREPARE = "prepare sets the value that it misses, if something tells what it is"
    TRANSIENT = "its answer may differ a moment later, although no file has changed"
    TOLD_BEFORE_BOOT = "the boot may fail for its warning, or spoil data, so up prints it first"


class Unasked:
    """Stands for the registries where nobody wished them to be asked."""

    asked = False

    def image(self, image: str, platform: str = "") -> RegistryFact | None:  # noqa: ARG002
        """Return None: nothing was asked."""
        return None


class Context(NamedTuple):
    """The evidence that a check may read. What a check does not declare in `needs` or `uses` is
    not there for it.
    """

    project: Project
    host: "Host"
    engine: "Engine"
    registry: "Registry" = Unasked()
    cluster: "ClusterFact | None" = None
    """What a manager knows of the swarm that is the target; None if none was asked."""


class Report(Protocol):
    """Makes a finding of the running check."""

    def __call__(
        self,
        primary: Location | None,
        message: str,
        *,
        related: Sequence[Location] = (),
        hint: str = "",
        remedy: Remedy | None = None,
        severity: Severity | None = None,
        consequence: str = "",
        kind: str = "",
        variable: str = "",
        varies: str = "",
    ) -> Finding:
        """Return the finding; `severity` only to say less than the check's own, `kind` for the
        repair that needs to know which fault it is. It is about the service, network, volume,
        secret or config of `primary`, or about `variable`; a message begins with that subject.
        Findings that differ in `varies` alone, a name in message and hint, are one as well.
        """

    def unseen(self, reason: str) -> None:
        """Say that evidence is missing for a part of what the check looks at."""


CheckFunction = Callable[[Context, Report], Iterator[Finding]]


class Check(NamedTuple):
    """One entry of the catalogue."""

    id: str
    summary: str
    severity: Severity
    needs: tuple[Needs, ...]
    since: str
    reference: str
    former_ids: tuple[str, ...]
    function: CheckFunction
    uses: tuple[Needs, ...] = ()
    """Evidence that is read where it is there, and not missed where it is not."""
    looks_at: tuple[str, ...] = ()
    topic: str = ""
    proof: str = ""
    mentions: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()

    @property
    def page(self) -> str:
        """The documentation, Markdown."""
        from textwrap import dedent

        return dedent(self.function.__doc__ or "").strip()


class Entry(NamedTuple):
    """A line of the generated index: what is known of a check before its module is imported."""

    id: str
    topic: str
    severity: str
    looks_at: tuple[str, ...]
    needs: tuple[str, ...]
    mentions: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()


def check(
    *,
    summary: str,
    severity: Severity,
    since: str,
    needs: Needs | tuple[Needs, ...] = Needs.PROJECT,
    uses: Needs | tuple[Needs, ...] = (),
    looks_at: tuple[str, ...] = (),
    where: tuple[str, ...] = (),
    mentions: tuple[str, ...] = (),
    reference: str = "",
    former_ids: tuple[str, ...] = (),
    proof: str = "",
    traits: Trait | tuple[Trait, ...] = (),
) -> Callable[[CheckFunction], Check]:
    """Turn a generator function into an entry of the catalogue; its id is its kebab-case name.

    `looks_at` names attributes (``service.ports``, ``volumes``): in a project that has none of
    them the check has nothing to look at and its module is not even imported. `where` is what has
    to occur for a fault as well, in the words of `check.discover.occurring_in` (``mount.bind``,
    ``reference.unset``), and one of the words that it `mentions` has to stand in the project's
    files or variables. `proof` says why an ERROR has no engine proof, where it has none. `traits`
    are what other stages have to know of it.
    """

    def enter(function: CheckFunction) -> Check:
        return Check(
            id=function.__name__.replace("_", "-"),
            summary=summary,
            severity=severity,
            needs=needs if isinstance(needs, tuple) else (needs,),
            since=since,
            reference=reference,
            former_ids=former_ids,
            function=function,
            uses=uses if isinstance(uses, tuple) else (uses,),
            looks_at=looks_at,
            topic=function.__module__.split(".")[-2],
            proof=proof,
            mentions=mentions,
            where=where,
            traits=traits if isinstance(traits, tuple) else (traits,),
        )

    return enter
