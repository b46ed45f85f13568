"""An image reference -> the family that it names, its tag and digest, and how sure that is."""

from __future__ import annotations

from functools import lru_cache

from bootready.knowledge.images.index import NAMES
from bootready.typed import NamedTuple

HUB = ("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")
COPIES = {"public.ecr.aws": "docker/library/", "mirror.gcr.io": "library/"}
"""Public registries that copy Docker Hub: where the official images are on them."""


class Reference(NamedTuple):
    """The parts of an image reference; `host` is '' for Docker Hub."""

    host: str
    path: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """Host and path, the official images of Docker Hub by their short name."""
        return f"{self.host}/{self.path}" if self.host else self.path


class Named(NamedTuple):
    """The family of a reference; `sure` unless the name only ends as a public image's does."""

    family: str
    reference: Reference
    sure: bool


def parts_of(image: str) -> Reference:
    """Return the parts of an image reference; official images lose ``library/``."""
    name, _, digest = image.partition("@")
    way, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    name = way + slash + last
    head, slash, rest = name.partition("/")
    host = head if slash and ("." in head or ":" in head or head == "localhost") else ""
    path = rest if host else name
    if host in HUB:
        host = ""
    return Reference(host, path if host else path.removeprefix("library/"), tag, digest)


@lru_cache(maxsize=8192)
def family_of(image: str) -> Named | None:
    """Return the family that an image belongs to by its name, None where there is none.

    An image of somebody's own (``acme/postgres``) is not the official one. On a host that nobody
    knows, a path that ends as a public image of two words does is a mirror of it; a single word
    (``registry.example.com/postgres``) may be one, and that is all that can be said.
    """
    if image.endswith((":", "@")):
        return None  # a variable without a value; image-reference-invalid tells it
    reference = parts_of(image)
    family = NAMES.get(reference.name)
    if family:
        return Named(family, reference, sure=True)
    host, path = reference.host, reference.path
    if not host:
        return _pattern(reference)
    if host in COPIES:
        short = path.removeprefix(COPIES[host])
        family = NAMES.get(short) if "/" in path or short == path else None
        return Named(family, reference, sure=True) if family else None
    return _mirrored(reference) or _pattern(reference)


def _mirrored(reference: Reference) -> Named | None:
    words = reference.path.split("/")
    for start in range(len(words) - 1):
        official = words[start] == "library"
        family = NAMES.get("/".join(words[start + official :]))
        if family:
            return Named(family, reference, sure=True)
    family = NAMES.get(words[-1])
    if not family:
        return None
    mirror = len(words) == 1 or any(
        part in word
        for word in words[:-1]
        for part in ("mirror", "proxy", "cache", "docker", "hub", "remote")
    )
    return Named(family, reference, sure=False) if mirror else None


def _pattern(reference: Reference) -> Named | None:
    """Return the family of a whole namespace, such as ``bitnami/*``."""
    family = NAMES.get(f"{reference.name.rpartition('/')[0]}/*")
    return Named(family, reference, sure=True) if family else None
