"""A refused container name -> the service that sets it."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom

_SAID = re.compile(r'The container name "/?(?P<name>[^"]+)" is already in use')


@symptom(summary="a container of that name already exists", rank=10)
def container_name_taken(evidence: Evidence) -> Explanation | None:
    """`container_name` is unique on the whole engine, not per project."""
    said = _SAID.search(evidence.refusal)
    if said is None:
        return None
    name = said["name"]
    service = evidence.service or next(
        (one for one in evidence.project.services if one.container_name == name), None
    )
    return Explanation(
        headline=f"cannot be created: container name '{name}' is taken",
        cause=f"another project, or a container made by hand, is called '{name}'",
        remedy=f"remove it (docker rm -f {name}) if it is not needed, or remove `container_name`",
        location=attribute(service, "container_name"),
    )
