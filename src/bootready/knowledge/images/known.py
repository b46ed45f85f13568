"""A service of a project -> what is known of the program in its image, and how surely.

Nothing is known of an image that the project builds. What depends on a version that is not certain
comes with a reason for care.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from bootready.knowledge.images.conditions import Seen, meets, seen_of
from bootready.knowledge.images.facts import UNVERIFIED, Contents, Family, Scope
from bootready.knowledge.images.names import Named, family_of
from bootready.knowledge.images.versions import Version, holds, version_of
from bootready.model.fact import ImageFact
from bootready.model.project import Project, Service
from bootready.typed import NamedTuple, TypeVar, cast

F = TypeVar("F")
_ON_PATH = frozenset(
    f"{root}/{name}" for root in ("", "/usr", "/usr/local") for name in ("bin", "sbin")
)
_COMPILED = "bootready.knowledge.images.compiled"


class KnownImage(NamedTuple):
    """What is known of an image by its reference."""

    named: Named
    family: Family
    version: Version

    @property
    def care(self) -> str:
        """Why the image may be another one than its name says, or ''."""
        return "" if self.named.sure else f"'{self.named.reference.name}' may be another image"

    def contents(self) -> Contents:
        """Return what the image holds; an empty one where that is not known."""
        for one in self.family.contents:
            if holds(one.scope, self.version).holds:
                return one
        return Contents(scope=Scope())

    def contents_care(self) -> str:
        """Return why what `contents` says is not certain, or ''."""
        return self.care_of(self.contents().scope)

    def care_of(self, scope: Scope) -> str:
        """Return why a fact of this scope is not certain of this image, or ''.

        One of which a source was cited from memory is not certain of any image.
        """
        return (
            holds(scope, self.version).care
            or self.care
            or next(
                (
                    f"'{source.where}' was not read again"
                    for source in (self.family.sources[key] for key in scope.sources)
                    if source.read == UNVERIFIED
                ),
                "",
            )
        )

    def has(self, program: str) -> bool | None:
        """Tell whether a program, named or by its path, is in the image; None if unknown."""
        contents = self.contents()
        folder, _, name = program.rpartition("/")
        if name in contents.programs or program in contents.programs:
            return True
        if folder and folder not in _ON_PATH and not contents.closed:
            return None  # what is absent by its name may lie in a directory of its own
        if name in contents.absent or (contents.closed and contents.scope.sources):
            return False
        return None


class KnownService(NamedTuple):
    """A service whose image is known."""

    service: Service
    image: KnownImage
    seen: Seen

    def facts(self, facts: tuple[F, ...]) -> Iterator[tuple[F, str]]:
        """Yield those of `facts` that hold of the image and the service, each with its care."""
        for fact in facts:
            scope = cast("Scope", getattr(fact, "scope", None))
            if holds(scope, self.image.version).holds and meets(scope, self.seen):
                yield fact, self.image.care_of(scope)

    def meets(self, condition: str) -> bool:
        """Tell whether the service meets one condition (`conditions`)."""
        return meets(Scope(when=(condition,)), self.seen)

    @property
    def runs_program(self) -> bool:
        """Whether the container runs the image's own program, by its own entrypoint."""
        command, server = self.service.command, self.image.family.server
        if self.service.entrypoint is not None:
            return False
        if not command or "*" in server:
            return True
        return command[0].startswith("-") or command[0].rpartition("/")[2] in server

    def agrees(self, fact: ImageFact | None) -> bool:
        """Tell whether a local image is the known one, by its entrypoint; True where it is absent.

        A local image of the same name may be somebody's own.
        """
        known = self.image.contents().entrypoint
        return fact is None or not known or fact.entrypoint == known


@lru_cache(maxsize=512)
def known_image(image: str) -> KnownImage | None:
    """Return what is known of an image reference, None for one of no known family."""
    named = family_of(image)
    if named is None:
        return None
    family = family_named(named.family)
    return KnownImage(
        named, family, version_of(named.reference.tag, named.reference.digest, family)
    )


def known_services(project: Project) -> Iterator[KnownService]:
    """Yield the services of a project whose images are known."""
    for service in project.services:
        if service.build is not None or not service.image:
            continue
        image = known_image(service.image)
        if image is not None:
            seen = seen_of(project, service, image.contents().command)
            yield KnownService(service, image, seen)


def family_named(name: str) -> Family:
    """Return a compiled family by its name."""
    module = import_module(f"{_COMPILED}.{name.replace('-', '_')}")
    return cast("Family", module.FAMILY)
