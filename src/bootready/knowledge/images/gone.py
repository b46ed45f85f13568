"""A known image -> what to use instead, if its name or tag cannot be pulled any more."""

from __future__ import annotations

import re

from bootready.knowledge.images.facts import Gone
from bootready.knowledge.images.known import KnownImage
from bootready.knowledge.images.versions import holds


def replacement(image: KnownImage) -> str:
    """Return what stands for a removed image, '' for one that is there."""
    for fact in image.family.gone:
        if holds(fact.scope, image.version).holds and is_gone(fact, image):
            return fact.instead
    return ""


def is_gone(fact: Gone, image: KnownImage) -> bool:
    """Tell whether a fact means the name and tag of an image; a digest alone it never does."""
    reference = image.named.reference
    if fact.names and reference.name not in fact.names:
        return False
    tag = reference.tag or ("" if reference.digest else "latest")
    return not fact.tags or (bool(tag) and re.fullmatch(fact.tags, tag) is not None)
