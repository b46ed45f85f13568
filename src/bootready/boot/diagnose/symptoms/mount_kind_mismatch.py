"""A refused mount -> the one whose source is a file and target a directory, or the reverse."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, file_object_at, mount_at, symptom

_SAID = re.compile(r'error mounting "(?P<source>[^"]+)" to rootfs at "(?P<target>[^"]+)"')


@symptom(summary="a directory is mounted over a file, or a file over a directory", rank=10)
def mount_kind_mismatch(evidence: Evidence) -> Explanation | None:
    """A missing source of a short-syntax bind mount has become a directory owned by root; the
    container then expects a file there.
    """
    said = _SAID.search(evidence.refusal)
    if said is None or "not a directory" not in evidence.refusal:
        return None
    source, target = said["source"], said["target"]
    mount = mount_at(evidence.service, source) or mount_at(evidence.service, target)
    granted = file_object_at(evidence.project, source)
    place = mount.location if mount else granted.location if granted else None
    return Explanation(
        headline=f"cannot be started: '{source}' and '{target}' are not of the same kind",
        cause=f"one of '{source}' (host) and '{target}' (image) is a file, the other a directory",
        remedy=f"make '{source}' what the image has at '{target}' (an empty directory there was "
        "made by an earlier boot: rmdir it and create the file), or change the target",
        location=place,
    )
