"""An example of a `.env` -> the addresses in it that no container of the project reaches.

An example may be for programs on the host itself: there the database is at `localhost`, or has the
name that it has elsewhere. The default in the Compose file names the service.
"""

from __future__ import annotations

from bootready.connections.addresses import hosts_in
from bootready.connections.whom import meant, names_of
from bootready.knowledge.examples import settings_in, value_of
from bootready.model.connection import Means
from bootready.model.project import Project

_NOWHERE = {Means.ITSELF, Means.UNKNOWN}


def lost_hosts(project: Project, text: str) -> set[str]:
    """Return the variables that `text` points to no service, where their default names one."""
    settings = settings_in(text)
    names = names_of(project)
    found: set[str] = set()
    for use in project.uses:
        reference = use.reference
        setting = settings.get(reference.name)
        if reference.operator not in {":-", "-"} or setting is None or setting.is_empty:
            continue
        service = project.service(str(use.path[1])) if use.path[:1] == ("services",) else None
        if service is None or reference.name in found:
            continue
        by_default = {meant(one.host, service, names)[0] for one in hosts_in(reference.argument)}
        by_example = {meant(one.host, service, names)[0] for one in hosts_in(value_of(setting))}
        if Means.SERVICE in by_default and by_example and by_example <= _NOWHERE:
            found.add(reference.name)
    return found
