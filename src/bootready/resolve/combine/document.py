"""One document of a Compose file on its way through the phases, and what its phases may ask for."""

from __future__ import annotations

from bootready.model.node import Mapping
from bootready.model.position import Location, Span
from bootready.resolve.reset import Resets
from bootready.resolve.session import Scope, Session
from bootready.typed import Protocol


class Loader(Protocol):
    """Loads other Compose files for a document that includes or extends them."""

    def load_model(
        self, paths: tuple[str, ...], scope: Scope, including: tuple[str, ...]
    ) -> Mapping | None:
        """Return the model of a set of files, resolved on its own, or None where there is none."""

    def load_bare(self, path: str, scope: Scope, place: Location) -> tuple[Mapping | None, Resets]:
        """Return the canonical model of one file without its includes and extends, and what its
        last document resets.
        """


class Document:
    """One document: where it comes from, and the model of lower priority that it is merged over."""

    __slots__ = (
        "bare",
        "before",
        "brought",
        "file",
        "imported",
        "including",
        "loader",
        "lower",
        "resets",
        "scope",
        "session",
    )

    def __init__(  # noqa: PLR0917 - all that a document knows
        self,
        file: str,
        session: Session,
        scope: Scope,
        loader: Loader,
        lower: Mapping,
        including: tuple[str, ...] = (),
        *,
        before: Document | None = None,
        bare: bool = False,
    ) -> None:
        self.before = before.brought if before is not None else None
        """What the document before brought, whose canonical form was not validated yet."""
        self.brought: Mapping = lower
        """This document with what it includes and extends, before it is merged over `lower`."""
        self.file = file
        self.session = session
        self.scope = scope
        self.loader = loader
        self.lower = lower
        self.including = including
        self.bare = bare
        """Only read for what another file extends: no includes, extends or validation."""
        self.resets = Resets({})
        self.imported: dict[str, Span] = {}
        """The services that only an include brought, and where they are defined."""

    def load_model(
        self, paths: tuple[str, ...], scope: Scope, including: tuple[str, ...]
    ) -> Mapping | None:
        """Return the model of a set of files that this document includes."""
        return self.loader.load_model(paths, scope, including)

    def load_bare(self, path: str, place: Location) -> tuple[Mapping | None, Resets]:
        """Return the model of a file that this document extends."""
        return self.loader.load_bare(path, self.scope, place)
