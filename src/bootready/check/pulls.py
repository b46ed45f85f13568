"""A project and its evidence -> what the first start pulls, and what registries say of it."""

from __future__ import annotations

from bootready.knowledge.images.built import is_always_pulled, pulled_services
from bootready.model.fact import ImageFact, RegistryFact
from bootready.model.lookup import place_in, text_at
from bootready.model.position import Location
from bootready.model.project import Project, Service
from bootready.typed import TYPE_CHECKING, Iterable, Iterator, NamedTuple, Sequence

if TYPE_CHECKING:
    from bootready.check.api import Context
    from bootready.model.evidence import Engine


class Pull(NamedTuple):
    """An image that is pulled for a platform, '' for that of the engine, and for which services."""

    image: str
    platform: str
    services: tuple[Service, ...]

    @property
    def places(self) -> list[Location]:
        """Where the image is named."""
        return [place_in(service, "image") for service in self.services]


class Told(NamedTuple):
    """What a registry said of an image that is pulled."""

    pull: Pull
    fact: RegistryFact

    @property
    def service(self) -> str:
        """The name of the first service that needs it."""
        return self.pull.services[0].name


def pulls(project: Project, engine: Engine) -> Iterator[Pull]:
    """Yield what the first start asks a registry for: what is not here, or always pulled.

    Everything, where no engine says what is here.
    """
    wanted: dict[tuple[str, str], list[Service]] = {}
    for service in pulled_services(project):
        image = service.image or ""
        if not is_always_pulled(service) and engine.reachable and engine.image(image) is not None:
            continue
        wanted.setdefault((image, text_at(service.node, "platform")), []).append(service)
    for (image, platform), services in wanted.items():
        yield Pull(image, platform, tuple(services))


def told(context: Context, *states: str) -> Iterator[Told]:
    """Yield what registries said of the images to be pulled, only those of `states` if any."""
    for pull in pulls(context.project, context.engine):
        fact = context.registry.image(pull.image, pull.platform)
        if fact is not None and (not states or fact.state in states):
            yield Told(pull, fact)


def fetched(facts: Iterable[RegistryFact], local: Sequence[tuple[str, ...]]) -> int:
    """Return the bytes that a pull of these images fetches: layers that are not here, each once.

    The engine has a layer only on top of the ones below it (moby, layer.ChainID): what counts is
    the whole stack. `local` are the unpacked layers of the local images.
    """
    here = {layers[:height] for layers in local for height in range(1, len(layers) + 1)}
    sizes: dict[str, int] = {}
    for fact in facts:
        below: tuple[str, ...] = ()
        for layer in fact.layers:
            below = (*below, layer.diff)
            if not layer.diff or below not in here:
                sizes[layer.digest] = layer.size
    return sum(sizes.values())


def size_words(size: int) -> str:
    """Return a number of bytes for people, as Docker counts them: ``12.3 MB``."""
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= limit:
            return f"{size / limit:,.1f} {unit}"
    return f"{size} B"


def image_of(context: Context, service: Service) -> tuple[ImageFact | None, str]:
    """Return the best evidence of a service's image, and in words where it is from.

    That of this machine comes first and needs no words; then what the registry has, if asked.
    """
    image = service.image or ""
    if context.engine.reachable and (local := context.engine.image(image)) is not None:
        return local, ""
    if not image or service.build is not None:
        return None, ""
    fact = context.registry.image(image, text_at(service.node, "platform"))
    if fact is None or fact.config is None:
        return None, ""
    return fact.config, f"as registry '{fact.host}' has the image"
