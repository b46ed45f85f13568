"""One image at one registry -> what is said of it there, with as few questions as will do.

Docker Hub counts a manifest that is fetched as a pull, and one that is only asked for (HEAD) not:
so the digest is asked for first, and what a digest names is fetched once and kept.
https://docs.docker.com/docker-hub/usage/pulls/
"""

from __future__ import annotations

from bootready.model.fact import RegistryFact
from bootready.registry import documents
from bootready.registry.cache import Cache
from bootready.registry.client import Client, words_of
from bootready.registry.documents import ACCEPTED, LARGEST
from bootready.registry.reference import Wanted
from bootready.registry.transport import Answer, UnansweredError
from bootready.typed import NamedTuple

_LEFT = 10
"""Pulls of a rate limit that are left to the engine: below, nothing is fetched."""


class _Named(NamedTuple):
    """What a reference names: its digest, and the document where it came with the answer."""

    digest: str
    data: bytes | None
    remaining: int | None


def look(client: Client, wanted: Wanted, platform: str, cache: Cache) -> RegistryFact:
    """Return what one endpoint says of an image for a platform. Raises UnansweredError."""
    fact = RegistryFact(
        client.endpoint.host, "found", login=client.login.source if client.login else ""
    )
    named = _named(client, wanted)
    if isinstance(named, Answer):
        return _without(client, wanted, named, fact)
    fact = fact._replace(digest=named.digest, remaining=named.remaining)
    sparing = named.remaining is not None and named.remaining < _LEFT
    data = named.data or cache.get(named.digest)
    if data is None and sparing:
        return fact._replace(said="the rate limit is nearly used up, so nothing was fetched")
    data = data or _document(client, f"manifests/{named.digest}", named.digest, cache)
    cache.put(named.digest, data)
    document = documents.parsed(data)
    offered = documents.platforms_of(document)
    if offered:
        fact = fact._replace(platforms=tuple(sorted(offered)))
        own = documents.chosen(offered, platform)
        if not own:
            return fact._replace(state="no platform")
        data = _document(client, f"manifests/{offered[own]}", offered[own], cache)
        document = documents.parsed(data)
    manifest = documents.manifest_of(document)
    if manifest.config_size > LARGEST:
        raise UnansweredError("its configuration is larger than any is")
    data = _document(client, f"blobs/{manifest.config}", manifest.config, cache)
    if manifest.config_size and len(data) != manifest.config_size:
        raise UnansweredError("its configuration has another size than its manifest says")
    config = documents.config_of(documents.parsed(data))
    layers = manifest.layers
    if len(config.diffs) == len(layers):
        pairs = zip(layers, config.diffs, strict=True)
        layers = tuple(layer._replace(diff=diff) for layer, diff in pairs)
    fact = fact._replace(layers=layers, config=config.fact)
    if offered:
        return fact
    fits = documents.chosen({config.platform: ""}, platform)
    return fact._replace(platforms=(config.platform,), state="found" if fits else "foreign")


def _named(client: Client, wanted: Wanted) -> _Named | Answer:
    """Return what the reference names, or the answer that says that it cannot be had."""
    path = f"manifests/{wanted.reference}"
    answer = client.ask("HEAD", path, LARGEST, ACCEPTED)
    digest = answer.headers.get("docker-content-digest", "")
    if answer.status == 200 and documents.is_digest(digest):
        if wanted.digest and digest != wanted.digest:
            raise UnansweredError("it has another image under the digest that was asked for")
        return _Named(digest, None, _remaining(answer))
    if answer.status in {401, 403, 404, 429}:
        return answer
    answer = client.ask("GET", path, LARGEST, ACCEPTED)  # some do not know HEAD
    if answer.status != 200:
        return answer
    digest = documents.digest_of(answer.body)
    if wanted.digest and digest != wanted.digest:
        raise UnansweredError("it has another image under the digest that was asked for")
    return _Named(digest, answer.body, _remaining(answer))


def _without(client: Client, wanted: Wanted, answer: Answer, fact: RegistryFact) -> RegistryFact:
    """Return why an image cannot be had from here."""
    if answer.status == 404:
        listed = client.ask("GET", "tags/list?n=1", LARGEST)
        state = {200: "no tag", 404: "no repository"}.get(listed.status, "absent")
        return fact._replace(state="absent" if wanted.digest and state == "no tag" else state)
    if answer.status in {401, 403}:
        told = client.ask("GET", f"manifests/{wanted.reference}", LARGEST, ACCEPTED)
        words = client.note or words_of(told)
        return fact._replace(state="refused", said=words)
    if answer.status == 429:
        return fact._replace(state="limited", said=words_of(answer), remaining=0)
    raise UnansweredError(f"it answers {answer.status}")


def _document(client: Client, path: str, digest: str, cache: Cache) -> bytes:
    """Return the document of a digest, kept or fetched; raises UnansweredError."""
    kept = cache.get(digest)
    if kept is not None:
        return kept
    answer = client.ask("GET", path, LARGEST, ACCEPTED if path.startswith("manifests") else "*/*")
    if answer.status == 429:
        raise UnansweredError("its rate limit is used up")
    if answer.status != 200:
        raise UnansweredError(f"it answers {answer.status} where it has a document")
    if documents.digest_of(answer.body) != digest:
        raise UnansweredError("it sends what does not have the digest that it was asked for")
    cache.put(digest, answer.body)
    return answer.body


def _remaining(answer: Answer) -> int | None:
    """Return the pulls that are left, as in ``ratelimit-remaining: 76;w=21600``."""
    number = answer.headers.get("ratelimit-remaining", "").partition(";")[0].strip()
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
