"""A refused bind mount -> the mount, secret or config whose source does not exist."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, file_object_at, mount_at, symptom

_SAID = re.compile(r"bind source path does not exist: (?P<path>.+)")


@symptom(summary="the source of a bind mount, secret or config does not exist", rank=10)
def bind_source_missing(evidence: Evidence) -> Explanation | None:
    """The engine refuses to create a container whose bind source does not exist."""
    said = _SAID.search(evidence.refusal)
    if said is None:
        return None
    path = said["path"].strip()
    granted = file_object_at(evidence.project, path)
    if granted is not None:
        kind = "secret" if granted in evidence.project.secrets else "config"
        return Explanation(
            headline=f"cannot be created: {kind} '{granted.name}' has no file",
            cause=f"the file '{path}' of {kind} '{granted.name}' does not exist",
            remedy=f"run `bootready prepare`, or create the file '{path}'",
            location=granted.file_location or granted.location,
        )
    mount = mount_at(evidence.service, path)
    return Explanation(
        headline=f"cannot be created: bind source '{path}' is missing",
        cause=f"the directory or file '{path}' that the service mounts does not exist",
        remedy=f"run `bootready prepare`, or create '{path}'",
        location=mount.location if mount else None,
    )
