"""The images of a project and what is known of each -> a table, and plain values for programs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bootready.check.pulls import size_words
from bootready.knowledge.images.facts import UNVERIFIED
from bootready.knowledge.images.known import KnownImage, known_image
from bootready.knowledge.secrets.forms import masked
from bootready.model.fact import ImageFact, RegistryFact
from bootready.model.printable import printable
from bootready.model.project import Project, Service
from bootready.typed import NamedTuple

_SHORT = 19
"""Characters of a digest that a table shows: its kind and as many as `docker images` does."""


class ImageRow(NamedTuple):
    """One image of a project, by the best evidence there is."""

    services: tuple[str, ...]
    image: str
    evidence: str
    """``this machine``, ``registry HOST``, ``knowledge of DATE``, ``built here`` or ``nothing``."""
    here: bool | None
    """Whether it is on this machine; None where no engine was asked."""
    user: str
    ports: tuple[str, ...]
    health: str
    pinned: str
    gone: str
    """What to use instead of an image that cannot be pulled any more, or ''."""
    registry: str = ""
    """What the registry says: ``found``, or why it is not; '' where it was not asked."""
    size: int | None = None
    """Bytes of its layers as they are sent, where the registry says so."""
    disk: int | None = None
    """Bytes of its layers on the engine's disk, those that other images share as well."""
    digest: str = ""
    """Of what the reference names in the registry."""


def image_rows(
    project: Project,
    facts: dict[str, ImageFact | None],
    registry: Mapping[str, RegistryFact | None] = MappingProxyType({}),
    *,
    asked: bool,
) -> tuple[ImageRow, ...]:
    """Return a row per image of the selected services, in the order of their names.

    `facts` are the local images by reference, and `registry` is what registries say of images;
    `asked` tells whether an engine was.
    """
    services: dict[str, list[Service]] = {}
    for service in project.services:
        name = service.image or f"{project.name}-{service.name}"
        services.setdefault(name, []).append(service)
    return tuple(
        _row(name, services[name], facts.get(name), registry.get(name), asked=asked)
        for name in sorted(services)
    )


def images_text(rows: Sequence[ImageRow]) -> str:
    """Return the rows as a table."""
    table = [["IMAGE", "SERVICES", "HERE", "DISK", "PINNED", "USER", "PORTS", "HEALTH", "EVIDENCE"]]
    asked = any(row.registry for row in rows)
    table[0] += ["REGISTRY", "SIZE", "DIGEST"] if asked else []
    for row in rows:
        here = {True: "yes", False: "no", None: "?"}[row.here]
        ports = ", ".join(row.ports) or "-"
        size, disk = ("-" if one is None else size_words(one) for one in (row.size, row.disk))
        cells = (row.image, ", ".join(row.services), here, disk, row.pinned, row.user or "?")
        shown: tuple[str, ...] = (*cells, ports, row.health, row.evidence)
        shown += (row.registry or "-", size, row.digest[:_SHORT] or "-") if asked else ()
        table.append([printable(cell) for cell in shown])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]
    lines += [printable(f"gone: {row.image}: use {row.gone}") for row in rows if row.gone]
    return "\n".join([*lines, ""])


def images_object(rows: Sequence[ImageRow]) -> list[dict[str, object]]:
    """Return the rows for programs."""
    return [row._asdict() for row in rows]


def _row(
    name: str,
    services: list[Service],
    fact: ImageFact | None,
    there: RegistryFact | None,
    *,
    asked: bool,
) -> ImageRow:
    built = all(service.build is not None for service in services)
    known = None if built else known_image(name)
    probes = [service.healthcheck for service in services]
    health = "own" if all(probe and not probe.disabled for probe in probes) else ""
    best = fact or (there.config if there else None)
    if not health:
        health = "image's" if best and best.healthcheck else _known_health(known)
    user, ports, evidence = _evidence(best, known, built=built)
    if best is not None and fact is None and there is not None:
        evidence = f"registry {there.host}"
    return ImageRow(
        services=tuple(service.name for service in services),
        image=masked(name),
        evidence=evidence,
        here=fact is not None if asked else None,
        user=user,
        ports=ports,
        health=health,
        pinned="built" if built else _pinned(name, known),
        gone=_gone(known),
        registry=_answer(there) if there else "",
        size=there.size if there and there.layers else None,
        disk=fact.size if fact and fact.size else None,
        digest=there.digest if there else "",
    )


def _answer(there: RegistryFact) -> str:
    return f"{there.state}: {there.said}" if there.said else there.state


def _evidence(
    fact: ImageFact | None, known: KnownImage | None, *, built: bool
) -> tuple[str, tuple[str, ...], str]:
    if fact is not None:
        return fact.user or "root", fact.exposed, "this machine"
    if built:
        return "", (), "built here"
    if known is None:
        return "", (), "nothing"
    contents = known.contents()
    sources = known.family.sources
    dates = [sources[key].read for key in contents.scope.sources] or [
        one.read for one in sources.values()
    ]
    date = max((one for one in dates if one != UNVERIFIED), default=UNVERIFIED)
    user = "root" if contents.user in {"0", "root"} else contents.user
    return user, contents.ports, f"knowledge of {date}"


def _known_health(known: KnownImage | None) -> str:
    return "none (one is known)" if known and known.family.probes else "none"


def _pinned(name: str, known: KnownImage | None) -> str:
    if "@" in name:
        return "digest"
    tag = name.rpartition("/")[2].partition(":")[2]
    if not tag or (known and tag in known.family.tags) or tag in {"latest", "stable", "edge"}:
        return "no"
    return "version" if re.search(r"\d+\.\d+\.\d+", tag) else "line"


def _gone(known: KnownImage | None) -> str:
    from bootready.knowledge.images.gone import replacement

    return replacement(known) if known else ""
