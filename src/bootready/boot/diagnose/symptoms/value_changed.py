"""A client or program that fails with a value which its data was not made with -> which, and why.

What it was before is known from the last boot that worked: `bootready up` keeps keyed hashes.
"""

from __future__ import annotations

import time

from bootready.boot.diagnose.api import Evidence, Explanation, symptom
from bootready.boot.diagnose.signatures import Match, recognise
from bootready.check.changed_values import Changed

_KINDS = ("authentication", "secret-changed")


@symptom(summary="a password or key is not the one that the data was made with", rank=33)
def value_changed(evidence: Evidence) -> Explanation | None:
    """The data outlives the file that holds its password or key. What the boots before were seen to
    work with is compared by its hash; only a login that was refused, or data that could not be
    decrypted, counts as its consequence.
    """
    if not evidence.changed or not (evidence.died or evidence.unhealthy):
        return None
    for one in evidence.changed:
        value = one.value
        serves = value.service in evidence.neighbours and not value.encrypts
        if value.service == evidence.name or serves:
            found = recognise(evidence.log, dead=True, words=evidence.words)
            if found is not None and found.kind == _KINDS[value.encrypts]:
                return _explained(evidence, one, found)
    return None


def _explained(evidence: Evidence, one: Changed, found: Match) -> Explanation:
    value = one.value
    day = time.strftime("%Y-%m-%d", time.localtime(one.seen))
    held = f"volume '{value.volumes[0]}'" if value.volumes else "its data directory"
    if value.encrypts:
        headline = f"{value.words} is not the key that its data was encrypted with"
        remedy = "put the key of that time back: the data cannot be read with another one"
    else:
        headline = f"'{value.service}' was set up with another password than {value.words}"
        remedy = (
            "put the password of that time back, or set the present one inside (`bootready secrets"
            f" rotate`, ALTER ROLE, ALTER USER); without need of its data, remove {held}"
        )
    ended = f"exited with {evidence.exit_code}" if evidence.died else "is unhealthy"
    return Explanation(
        headline=f"{ended}: {headline}",
        cause=f"{value.words} of '{value.service}' has changed since the last boot that worked"
        f" ({day}), and {held} still holds what was made with the one before",
        remedy=remedy,
        location=value.location,
        evidence=(f"log [{found.id}]: {found.line}",),
    )
