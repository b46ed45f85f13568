"""A project -> its passwords and keys that are not those of the last boot that worked."""

from __future__ import annotations

from bootready.check.changed_values import Changed, Machine, changed, remembered
from bootready.engine.api import Api, text
from bootready.engine.volumes import volume_facts
from bootready.errors import EngineError
from bootready.host.local import LocalHost
from bootready.knowledge.secrets.first_values import keys_of, passwords_of
from bootready.model.project import Project


def changed_since(project: Project, api: Api) -> tuple[Changed, ...]:
    """Return them; none where nothing is kept of the project, or the engine does not answer."""
    host = LocalHost()
    if not remembered(host, project.directory)[0]:
        return ()
    values = (*passwords_of(project), *keys_of(project))
    try:
        machine = Machine()
        if any(one.volumes for one in values):
            version = text(api.get("/version"), "Version")
            machine = Machine(volume_facts(api), version)
    except EngineError:
        return ()
    return tuple(changed(values, host, project.directory, project.name, machine))
