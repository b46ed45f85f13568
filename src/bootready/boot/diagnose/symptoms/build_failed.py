"""A failed build -> the service whose image was not built."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom

_CONTEXT = re.compile(r'path "(?P<path>[^"]+)" not found')
_FILE = re.compile(
    r"failed to read dockerfile: open (?P<path>\S+): no such file|Cannot locate spec"
)
_STEP = re.compile(r"returned a non-zero code: (?P<code>\d+)|did not complete successfully: exit")


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
        cause = "the build context holds no such Dockerfile"
        remedy = "correct `build.dockerfile`"
    else:
        cause = "a step of the Dockerfile failed"
        remedy = "read the output of the build: docker compose build --progress plain"
    name = f"service '{service.name}'" if service else "an image"
    place = service.build.location if service and service.build else None
    return Explanation(
        headline=f"cannot be built: {cause}" if evidence.service else f"{name} cannot be built",
        cause=cause,
        remedy=remedy,
        location=place or attribute(service, "build"),
    )
