"""Any other refusal of the engine or of Compose -> its own words, with the service they concern."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, symptom

_SPACE = re.compile(r"no space left on device")


@symptom(summary="the engine refused the service for another reason", rank=30)
def refused_otherwise(evidence: Evidence) -> Explanation | None:
    """Last of the refusals: nothing is known but what was said."""
    if not evidence.refusal:
        return None
    words = evidence.refusal.strip().splitlines()[-1]
    words = re.sub(r"^Error response from daemon: ", "", words)
    if _SPACE.search(words):
        return Explanation(
            headline="cannot be started: no space left on the disk",
            cause="the disk of the engine, or of a mounted directory, is full",
            remedy="free some space (df -h, docker system df), then boot again",
        )
    return Explanation(
        headline=f"cannot be started: {words}",
        cause="the engine rejected the definition of the service",
        remedy="change the setting that the engine names, or run `bootready check`",
    )
