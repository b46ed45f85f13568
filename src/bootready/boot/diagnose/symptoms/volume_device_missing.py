"""A refused local volume -> the device directory that is missing or no directory."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, symptom, volume_named

_SAID = re.compile(
    r"failed to mount local volume: mount (?P<device>[^:]+):(?P<data>\S+), .*?: (?P<why>[\w ]+)$"
)
_VOLUME = re.compile(r"/volumes/(?P<name>[^/]+)/_data")


@symptom(summary="the directory of a local volume is missing", rank=10)
def volume_device_missing(evidence: Evidence) -> Explanation | None:
    """`driver_opts.device` names a directory that the engine cannot mount."""
    said = _SAID.search(evidence.refusal)
    if said is None:
        return None
    device, why = said["device"], said["why"].strip()
    named = _VOLUME.search(evidence.refusal)
    volume = volume_named(evidence.project, named["name"]) if named else None
    stale = volume is not None and volume.device not in {None, device}
    remedy = f"run `bootready prepare`, or create the directory '{device}'"
    if "not a directory" in why:
        remedy = f"move the file '{device}' away and create a directory there"
    if stale and volume is not None:
        remedy = f"remove the stale volume: docker volume rm {volume.name}"
    cause = f"the device '{device}' of the volume: {why}"
    if stale:
        cause = f"the volume was created with device '{device}', which no longer exists"
    return Explanation(
        headline=f"cannot be created: volume device '{device}': {why}",
        cause=cause,
        remedy=remedy,
        location=(volume.device_location or volume.location) if volume else None,
    )
