"""A refused or failed exec -> the program that the image does not have."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom

_REFUSED = re.compile(
    r'exec: "(?P<program>[^"]+)": (?:stat \S+: no such file|executable file not found)'
)
_DIED = re.compile(r"exec (?P<program>/?\S+?)(?: failed)?: [Nn]o such file or directory")
_NOT_FOUND = re.compile(
    r"(?:sh|bash|ash): (?:line \d+: )?(?P<program>[\w./-]+): (?:command )?not found"
)


@symptom(summary="the program of a service does not exist, or its interpreter does not", rank=20)
def program_missing(evidence: Evidence) -> Explanation | None:
    """A script with Windows line endings asks for an interpreter whose name ends in a carriage
    return: the kernel then says that the script itself does not exist.
    """
    refused = _REFUSED.search(evidence.refusal)
    place = attribute(evidence.service, "entrypoint", "command")
    if refused is not None:
        program = refused["program"]
        return Explanation(
            headline=f"cannot be started: program '{program}' is not in the image",
            cause=f"the image has no program '{program}'",
            remedy="correct `command` or `entrypoint`, or use an image that has the program",
            location=place,
        )
    died = _DIED.search(evidence.text) if evidence.died else None
    if died is not None:
        program = died["program"]
        return Explanation(
            headline=f"exited with {evidence.exit_code}: '{program}' cannot be executed",
            cause=f"'{program}' or the interpreter in its first line does not exist; Windows "
            "line endings (CRLF) have the same effect",
            remedy=f"save '{program}' with LF line endings (dos2unix) and check its first line",
            location=place,
        )
    missing = _NOT_FOUND.search(evidence.text)
    if missing is None or evidence.exit_code != 127:
        return None
    return Explanation(
        headline=f"exited with 127: command '{missing['program']}' was not found",
        cause=f"the shell found no program '{missing['program']}' in the image",
        remedy="correct `command`, or use an image that has the program",
        location=place,
    )
