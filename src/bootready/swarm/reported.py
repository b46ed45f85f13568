"""A project -> what its stack file loses, for the checks: made once for each project."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bootready.model.position import Location
from bootready.model.project import FileObject, Network, Project, Same, Service
from bootready.swarm.losses import Loss
from bootready.swarm.stack import Stack, stack_of
from bootready.typed import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from bootready.model.evidence import Host


def losses_for(check: str, project: Project, host: Host) -> Iterator[Loss]:
    """Yield the losses that the check of that id reports, in the order of the project."""
    yield from (loss for loss in stack_for(project, host).losses if loss.check == check)


def stack_for(project: Project, host: Host) -> Stack:
    """Return the stack of a project. What stands for a content in a name is always the same: no
    key is needed to find fault.
    """
    return _stack(Same(project), Same(host))


def place_of(project: Project, path: tuple[str, ...]) -> Location | None:
    """Return where the service, network, secret or config at `path` is written."""
    kind, name = path[:2] if len(path) > 1 else ("", "")
    listed: dict[str, tuple[Service | Network | FileObject, ...]] = {
        "services": project.services,
        "networks": project.networks,
        "secrets": project.secrets,
        "configs": project.configs,
    }
    for one in listed.get(kind, ()):
        if one.location.path[-1:] == (name,):
            return one.location
    return None


@lru_cache(maxsize=1)
def _stack(project: Same, host: Same) -> Stack:
    return stack_of(
        cast("Project", project.value), cast("Host", host.value), lambda _kind, _content: "0"
    )
