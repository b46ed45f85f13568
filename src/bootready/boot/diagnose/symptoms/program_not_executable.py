"""A refused or failed exec -> the file without the exec bit, or of a format the kernel refuses."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, mount_at, symptom

_BIT = re.compile(
    r'exec:? "?(?P<program>/?[^\s":]+)"?(?: failed)?: [Pp]ermission denied', re.MULTILINE
)
_FORMAT = re.compile(r"exec (?P<program>\S+?)(?: failed)?: [Ee]xec format error")


@symptom(summary="the program of a service cannot be executed", rank=21)
def program_not_executable(evidence: Evidence) -> Explanation | None:
    """The exec bit is lost on the way through some file systems and archives; a script without
    ``#!`` or a binary of another architecture has no format that the kernel knows.
    """
    text = f"{evidence.refusal}\n{evidence.text if evidence.died else ''}"
    bit, wrong = _BIT.search(text), _FORMAT.search(text)
    if bit is None and wrong is None:
        return None
    program = (bit or wrong)["program"]  # type: ignore[index]  # one of the two is there
    mount = mount_at(evidence.service, program)
    path = mount.source if mount else program
    if bit is not None:
        cause = f"'{program}' has no exec bit"
        remedy = f"chmod +x '{path}' (in git: git update-index --chmod=+x)"
    else:
        cause = f"'{program}' has no '#!' line, or was built for another processor"
        remedy = f"start '{path}' with '#!/bin/sh', or use an image for this machine (`platform`)"
    return Explanation(
        headline=f"cannot be started: {cause}",
        cause=cause,
        remedy=remedy,
        location=mount.location if mount else attribute(evidence.service, "entrypoint", "command"),
    )
