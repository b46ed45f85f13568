"""The documents that a registry sends -> what they say; what is nonsense is told as such.

Image indexes and manifests of the OCI and of Docker (schema 2), and configurations:
https://github.com/opencontainers/image-spec
"""

from __future__ import annotations

import hashlib
import json
import re

from bootready.engine.api import integer, items, mapping, text
from bootready.engine.image_config import image_fact
from bootready.model.fact import ImageFact, Layer
from bootready.model.node import Plain
from bootready.registry.transport import UnansweredError
from bootready.typed import NamedTuple

INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
ACCEPTED = ", ".join((*INDEXES, *MANIFESTS))
LARGEST = 4_194_304
"""Bytes of a manifest or configuration: what registries take at least, and engines at most."""
_MOST = 1000
"""So many platforms or layers are an image; the engine takes 127 layers."""
_LAYER_LIMIT = 2**50
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_WORD = re.compile(r"[a-z0-9._-]{1,32}")
_FALLBACK = {"amd64": ("386",), "arm64": ("arm",)}
"""What an architecture runs besides its own programs (containerd, platforms.Only)."""


class Manifest(NamedTuple):
    """The manifest of one platform."""

    config: str
    config_size: int
    layers: tuple[Layer, ...]


class Config(NamedTuple):
    """The configuration of one platform; `diffs` are the digests of its unpacked layers."""

    platform: str
    fact: ImageFact
    diffs: tuple[str, ...]


def digest_of(data: bytes) -> str:
    """Return the digest of a document."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def is_digest(value: str) -> bool:
    """Tell whether a value is a digest of the kind that registries use."""
    return _DIGEST.fullmatch(value) is not None


def parsed(data: bytes) -> Plain:
    """Return a JSON document. Raises UnansweredError for what is none."""
    try:
        found: Plain = json.loads(data)
    except (ValueError, RecursionError):
        raise UnansweredError("its answer is not valid JSON") from None
    if not isinstance(found, dict):
        raise UnansweredError("its answer is not a valid manifest")
    return found


def platforms_of(index: Plain) -> dict[str, str]:
    """Return the platforms of an index, each with the digest of its manifest.

    {} for the manifest of one platform. Attestations (``unknown/unknown``) are none. Raises
    UnansweredError for what is neither.
    """
    if not items(index, "manifests"):
        if text(index, "config", "digest"):
            return {}
        raise UnansweredError("its answer is not a valid manifest")
    found: dict[str, str] = {}
    for row in items(index, "manifests")[:_MOST]:
        digest = text(row, "digest")
        words = [text(row, "platform", key) for key in ("os", "architecture", "variant")]
        named = [word for word in words if word]
        if len(named) < 2 or "unknown" in named or not all(map(_WORD.fullmatch, named)):
            continue
        if not is_digest(digest):
            raise UnansweredError("its index has an invalid digest")
        found.setdefault("/".join(named), digest)
    return found


def chosen(platforms: dict[str, str], wanted: str) -> str:
    """Return the platform that an engine takes for `wanted`, '' where there is none."""
    system, _, rest = wanted.partition("/")
    architecture, _, variant = rest.partition("/")
    for one in (architecture, *(_FALLBACK.get(architecture, ()) if not variant else ())):
        fitting = [name for name in platforms if name.split("/")[:2] == [system, one]]
        best = sorted(fitting, key=lambda name: _distance(one, variant, name), reverse=True)
        if best and _distance(one, variant, best[0]) >= 0:
            return best[0]
    return ""


def _distance(architecture: str, variant: str, name: str) -> int:
    """Return how well a variant fits, the higher the better; below 0 where it does not run."""
    own = {"arm64": "v8", "arm": "v7", "amd64": "v1"}.get(architecture, "")
    offered = [*name.split("/"), ""][2] or own
    asked = variant or own
    if offered == asked:
        return 100
    numbers = [word[1:] for word in (offered, asked)]
    if all(number.isdigit() for number in numbers) and int(numbers[0]) < int(numbers[1]):
        return int(numbers[0])
    return -1


def manifest_of(document: Plain) -> Manifest:
    """Return the manifest of one platform. Raises UnansweredError for nonsense."""
    config = text(document, "config", "digest")
    if not is_digest(config):
        raise UnansweredError("its manifest names no configuration")
    rows = items(document, "layers")
    if len(rows) > _MOST:
        raise UnansweredError(f"its manifest has more than {_MOST:,} layers")
    layers = []
    for row in rows:
        size = mapping(row).get("size")
        if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size < _LAYER_LIMIT:
            raise UnansweredError("its manifest has a layer of an impossible size")
        if not is_digest(text(row, "digest")):
            raise UnansweredError("its manifest has an invalid digest")
        layers.append(Layer(text(row, "digest"), size))
    return Manifest(config, integer(document, "config", "size"), tuple(layers))


def config_of(document: Plain) -> Config:
    """Return the configuration of one platform. Raises UnansweredError for nonsense."""
    words = [text(document, key) for key in ("os", "architecture", "variant")]
    named = [word for word in words if word]
    if not (words[0] and words[1]) or not all(map(_WORD.fullmatch, named)):
        raise UnansweredError("its configuration names no platform")
    fact = image_fact(mapping(document, "config"), words[1], words[0])
    diffs = tuple(str(one) for one in items(document, "rootfs", "diff_ids")[:_MOST])
    return Config("/".join(named), fact, diffs)
