"""Diagnoses -> one for each cause; names are folded after three."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bootready.model.boot import Diagnosis
from bootready.model.near import named

VICTIMS = 3
"""So many services that fail because of another one are quoted."""
_APART = frozenset({"unexplained", "process-ended", "probe-fails", "never-started"})
"""Symptoms that name no cause of their own."""


def folded(found: Sequence[Diagnosis]) -> Iterator[Diagnosis]:
    """Yield one diagnosis for each cause: that of its first service, with the names of the others.

    What nothing explains may have as many causes as services.
    """
    groups: dict[tuple[str, ...], list[Diagnosis]] = {}
    for one in found:
        own = one.service if one.symptom in _APART else ""
        groups.setdefault((one.symptom, one.cause, one.remedy, own), []).append(one)
    for first, *others in groups.values():
        if not others:
            yield first
            continue
        names = [one.service for one in others if one.service]
        same = (f"the same holds for {named(names)}",) if names else ()
        held = dict.fromkeys(name for one in (first, *others) for name in one.held_back)
        yield first._replace(
            evidence=(*first.evidence, *same),
            related=(*first.related, *(one.location for one in others if one.location)),
            held_back=tuple(held),
        )


def victims(name: str, blamed: Mapping[str, tuple[tuple[str, str], ...]]) -> Iterator[str]:
    """Yield who fails because of `name` without depending on it, in their own words."""
    found = {
        other: said
        for other, told in blamed.items()
        if (said := dict(told).get(name)) is not None
        and name not in {root for root, _ in blamed[name] if root == other}
    }
    for other, said in list(found.items())[:VICTIMS]:
        yield f"'{other}' waits for it: {said[:200]}"
    if len(found) > VICTIMS:
        yield f"{named(list(found)[VICTIMS:])} wait for it, too"
