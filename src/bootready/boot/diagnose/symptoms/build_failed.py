"""A failed build -> the service whose image was not built."""

import os
import re
from collections.abc import Sequence

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.boot.diagnose.telling import telling
from bootready.host.regular import read_regular
from bootready.model.project import Build, Service

_CONTEXT = re.compile(r'path "(?P<path>[^"]+)" not found')
_FILE = re.compile(
    r"failed to read dockerfile: open (?P<path>\S+): no such file|Cannot locate spec"
)
_STEP = re.compile(
    r"The command '(?:/bin/sh -c )?(?P<a>.*)' returned a non-zero code"
    r"|process \"(?:/bin/sh -c )?(?P<b>.*)\" did not complete successfully: exit"
    r"|executor failed running \[(?:/bin/sh -c )?(?P<c>.*)\]: exit code",
    re.DOTALL,
)
_TARGET = re.compile(r"\[(?P<name>[\w.-]+) (?:[\w.-]+ )?\d+/\d+\] (?P<step>\w+ .*)")


@symptom(summary="the image of a service could not be built", rank=12)
def build_failed(evidence: Evidence) -> Explanation | None:
    """The build context, the Dockerfile or one of its steps is at fault."""
    refusal = evidence.refusal
    context, file, step = (one.search(refusal) for one in (_CONTEXT, _FILE, _STEP))
    if context is None and file is None and step is None:
        return None
    builds = [one for one in evidence.project.services if one.build]
    service = evidence.service
    if context is not None:
        path = context["path"]
        service = next((o for o in builds if o.build and o.build.context == path), service)
        cause = f"the build context '{path}' does not exist"
        remedy = "correct `build.context`, or check the directory out (a submodule?)"
    elif file is not None:
        cause = "Dockerfile not found in the build context"
        remedy = "correct `build.dockerfile`"
    else:
        command = next((words for words in step.groups() if words), "") if step else ""
        service = service or _built_with(evidence, builds, command)
        cause = f"a step of the Dockerfile failed: {' '.join(command.split())[:200]}"
        last = telling(evidence.log)
        remedy = (
            "correct that step: "
            + (f"it says '{last[:200]}'; " if last else "")
            + "docker compose build --progress plain shows the whole output"
        )
    name = f"the image of service '{service.name}'" if service else "an image"
    place = service.build.location if service and service.build else None
    return Explanation(
        headline=f"cannot be built: {cause}" if evidence.service else f"{name} cannot be built",
        cause=cause,
        remedy=remedy,
        location=place or attribute(service, "build"),
    )


def _built_with(evidence: Evidence, builds: Sequence[Service], command: str) -> Service | None:
    """Return the service whose build runs `command`: the only one, or as output or file tell."""
    if len(builds) == 1:
        return builds[0]
    wanted = _letters(command)
    for line in evidence.log:
        target = _TARGET.search(line)
        if target is not None and wanted in _letters(target["step"]):
            return next((one for one in builds if one.name == target["name"]), None)
    fitting = [one for one in builds if one.build and wanted in _letters(_dockerfile(one.build))]
    return fitting[0] if len(fitting) == 1 else None


def _dockerfile(build: Build) -> str:
    path = os.path.join(build.context, build.dockerfile or "Dockerfile")
    try:
        return read_regular(path, 1_000_000).decode()
    except (OSError, ValueError):
        return ""  # remote, inline or gone: another way has to tell


def _letters(text: str) -> str:
    """Return letters and digits alone: the builder joins lines, and spells lists as words."""
    return re.sub(r"\W+", "", text.replace("/bin/sh", "").replace("-c", ""))
