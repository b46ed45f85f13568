"""A service of a project -> what is known of the program in its image, and how surely.

Nothing is known of an image that the project builds. What depends on a version that is not certain
comes with a reason for care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from bootready.knowledge.images.built import built_images, with_tag
from bootready.knowledge.images.conditions import Seen, meets, seen_of
from bootready.knowledge.images.facts import UNVERIFIED, Contents, Family, Scope
from bootready.knowledge.images.names import Named, family_of
from bootready.knowledge.images.versions import Version, holds, version_of
from bootready.model.fact import ImageFact
from bootready.model.lookup import value_at
from bootready.model.project import Project, Same, Service
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

    def is_given(self, wanted: str) -> bool:
        """Tell whether a variable has a value: ``NAME``, also by its file, or ``NAME=VALUE``."""
        name, equals, value = wanted.partition("=")
        given = self.seen.variables
        if equals:
            return given.get(name) == value
        by_file = name in self.image.family.file_variables and given.get(f"{name}_FILE")
        return bool(given.get(name) or by_file)

    def demands(self, variable: str) -> bool:
        """Tell whether the program does not start as long as a variable has no value."""
        return any(
            variable in fact.any_of and not any(map(self.is_given, fact.any_of))
            for fact, _ in self.facts(self.image.family.required)
        )

    @property
    def runs_program(self) -> bool:
        """Whether the container runs the image's own program, by its own entrypoint."""
        command, server = self.service.command, self.image.family.server
        if self.service.entrypoint is not None or self._has_another_entrypoint():
            return False
        if not command or "*" in server:
            return True
        return command[0].startswith("-") or command[0].rpartition("/")[2] in server

    def _has_another_entrypoint(self) -> bool:
        """Tell whether a file of the project is mounted over the image's entrypoint."""
        own = self.image.contents().entrypoint[:1]
        return any(
            target == word or ("/" not in word and target in _on_path(word))
            for word in own
            for target in self.seen.targets
        )

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


def known_services(project: Project) -> Iterable[KnownService]:
    """Return the services of a project that run a known image, which the project does not build."""
    return _known_services(Same(project)).values()


def known_service(project: Project, name: str) -> KnownService | None:
    """Return a service by its name, None for one whose image is not known."""
    return _known_services(Same(project)).get(name)


@lru_cache(maxsize=2)
def _known_services(same: Same) -> dict[str, KnownService]:
    project = cast("Project", same.value)
    found: dict[str, KnownService] = {}
    built = built_images(project)
    for service in project.services:
        image = known_image(service.image) if service.image and service.build is None else None
        if image is not None and with_tag(service.image or "") not in built and _starts(service):
            seen = seen_of(project, service, image.contents().command)
            found[service.name] = KnownService(service, image, seen)
    return found


def _starts(service: Service) -> bool:
    """Tell whether Compose makes a container of a service: not one that is scaled to none."""
    scaled = (value_at(service.node, "scale"), value_at(service.node, "deploy", "replicas"))
    return "0" not in map(str, scaled)


def _on_path(program: str) -> set[str]:
    return {f"{folder}/{program}" for folder in _ON_PATH}


def family_named(name: str) -> Family:
    """Return a compiled family by its name."""
    # As importlib.import_module does, which would have to be imported first.
    module = __import__(f"{_COMPILED}.{name.replace('-', '_')}", fromlist=["FAMILY"])
    return cast("Family", module.FAMILY)
