"""A refused or failed exec -> the file without the exec bit, or of a format the kernel refuses."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, mount_at, symptom
from bootready.knowledge.places import belongs_to
from bootready.knowledge.process.scripts import mounted_at
from bootready.model.node import Scalar, Sequence
from bootready.model.project import Service

_BIT = re.compile(
    r'exec:? "?(?P<program>/?[^\s":]+)"?(?: failed)?: [Pp]ermission denied', re.MULTILINE
)
_DENIED = re.compile(r"(?P<program>/[\w./-]+): [Pp]ermission denied")
_FORMAT = re.compile(r"exec (?P<program>\S+?)(?: failed)?: [Ee]xec format error")


@symptom(summary="the program of a service cannot be executed", rank=21)
def program_not_executable(evidence: Evidence) -> Explanation | None:
    """The exec bit is lost on the way through some file systems and archives; a script without
    ``#!`` or a binary of another architecture has no format that the kernel knows.
    """
    noexec = _in_tmpfs(evidence)
    if noexec is not None:
        return noexec
    text = f"{evidence.refusal}\n{evidence.text if evidence.died else ''}"
    bit, wrong = _BIT.search(text), _FORMAT.search(text)
    if bit is None and wrong is None:
        return None
    program = (bit or wrong)["program"]  # type: ignore[index]  # one of the two is there
    mount = mount_at(evidence.service, program)
    found = mounted_at(evidence.service, program, ()) if evidence.service else None
    path = found.path if found else mount.source if mount else program
    if bit is not None:
        cause = f"'{program}' has no exec bit"
        ours = (found or mount) is not None and belongs_to(evidence.project.directory, path)
        remedy = (
            f"chmod +x '{path}' (in git: git update-index --chmod=+x)"
            if ours
            else f"set the bit where '{program}' comes from (`RUN chmod +x` in a Dockerfile), or"
            " start it with a shell"
        )
    else:
        cause = f"'{program}' has no '#!' line, or was built for another processor"
        remedy = f"start '{path}' with '#!/bin/sh', or use an image for this machine (`platform`)"
    return Explanation(
        headline=f"cannot be started: {cause}",
        cause=cause,
        remedy=remedy,
        location=found.place
        if found
        else mount.location
        if mount
        else attribute(evidence.service, "entrypoint", "command"),
    )


def _in_tmpfs(evidence: Evidence) -> Explanation | None:
    """Return the explanation of a program in a tmpfs: the engine mounts those without exec."""
    denied = _DENIED.search(evidence.text) if evidence.exit_code == 126 else None
    if denied is None or evidence.service is None:
        return None
    program = denied["program"]
    target = next((one for one in _tmpfs(evidence.service) if program.startswith(f"{one}/")), None)
    if target is None:
        return None
    return Explanation(
        headline=f"exited with 126: '{program}' is on a tmpfs, which allows no programs",
        cause=f"the engine mounts the tmpfs '{target}' with `noexec`",
        remedy=f"write `tmpfs: ['{target}:exec']`, or keep programs elsewhere",
        location=attribute(evidence.service, "tmpfs", "volumes"),
    )


def _tmpfs(service: Service) -> list[str]:
    """Return the targets of the tmpfs of a service that do not ask for exec."""
    node = service.node.entries.get("tmpfs")
    nodes = node.items if isinstance(node, Sequence) else [node]
    words = [str(one.value) for one in nodes if isinstance(one, Scalar)]
    plain = [
        word.partition(":")[0] for word in words if "exec" not in word.split(":")[-1].split(",")
    ]
    return plain + [one.target for one in service.mounts if one.kind == "tmpfs"]
