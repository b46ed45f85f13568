"""What happens to a project on its way into a stack file: converted, lost, needed or refused."""

from __future__ import annotations

from enum import Enum

from bootready.model.lookup import place_below
from bootready.model.node import Mapping
from bootready.model.position import Location, YamlPath, render_path
from bootready.model.subject import subject_of
from bootready.typed import NamedTuple


class Kind(Enum):
    """How grave it is. Ordered: REFUSED is the gravest."""

    REFUSED = "refused"
    """No stack file can say it, or the cluster does not take it: the service does not work."""
    LOST = "lost"
    """The service starts without it."""
    NEEDED = "needed"
    """It has to exist on the nodes or in the cluster before the deployment."""
    CONVERTED = "converted"
    """The stack file says it in other words, with the same effect."""


class Loss(NamedTuple):
    """One attribute that does not reach the stack file as it was written.

    `what` goes on after the name of its subject, a service or network; `check` is the id of the
    check that reports it, '' if none does.
    """

    kind: Kind
    check: str
    location: Location
    what: str
    consequence: str = ""
    hint: str = ""

    @property
    def message(self) -> str:
        """The sentence of a report, its subject first."""
        return f"{subject_of(self.location.path)}: {self.what}"

    @property
    def remark(self) -> str:
        """The line of a comment in the stack file, above its subject."""
        words = f"{self.what}; {self.consequence}" if self.consequence else self.what
        return f"{self.kind.value}: {words}"


class Teller:
    """Gathers the losses of one service, network or the like; `keys` lead from it to the place.

    In the words of a loss ``{}`` stands for them, ``healthcheck.start_interval``.
    """

    def __init__(self, location: Location, node: Mapping) -> None:
        self.location = location
        self.node = node
        self.found: list[Loss] = []

    def converted(
        self,
        keys: YamlPath,
        what: str,
        consequence: str = "",
        check: str = "stack-attribute-refused",
    ) -> None:
        """Note what the stack file says in other words."""
        self._add(Kind.CONVERTED, check, keys, what, consequence)

    def lost(
        self,
        keys: YamlPath,
        what: str,
        consequence: str,
        hint: str = "",
        check: str = "stack-attribute-lost",
    ) -> None:
        """Note what no stack file can say; the service starts without it."""
        self._add(Kind.LOST, check, keys, what, consequence, hint)

    def needed(
        self, keys: YamlPath, what: str, consequence: str, check: str, hint: str = ""
    ) -> None:
        """Note what has to exist before the deployment."""
        self._add(Kind.NEEDED, check, keys, what, consequence, hint)

    def refused(
        self,
        keys: YamlPath,
        what: str,
        consequence: str,
        hint: str = "",
        check: str = "stack-attribute-refused",
    ) -> None:
        """Note what cannot be deployed, or not as a service that works."""
        self._add(Kind.REFUSED, check, keys, what, consequence, hint)

    def _add(  # noqa: PLR0917 - the parts of a loss
        self,
        kind: Kind,
        check: str,
        keys: YamlPath,
        what: str,
        consequence: str,
        hint: str = "",
    ) -> None:
        place = place_below(self.node, self.location, *keys)
        what = what.replace("{}", f"`{render_path(keys)}`")
        self.found.append(Loss(kind, check, place, what, consequence, hint))
