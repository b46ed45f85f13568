"""A project -> what its stack file loses, for the checks: made once for each project."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bootready.model.project import Project
from bootready.swarm.losses import Loss
from bootready.swarm.stack import Stack, stack_of
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host


def losses_for(check: str, project: Project, host: Host) -> Iterator[Loss]:
    """Yield the losses that the check of that id reports, in the order of the project."""
    yield from (loss for loss in stack_for(project, host).losses if loss.check == check)


def stack_for(project: Project, host: Host) -> Stack:
    """Return the stack of a project. What stands for a content in a name is always the same: no
    key is needed to find fault.
    """
    return _kept(_Asked(project, host))


class _Asked:
    """A project and the host whose files it mounts, equal to itself only."""

    __slots__ = ("host", "project")

    def __init__(self, project: Project, host: Host) -> None:
        self.project = project
        self.host = host

    def __hash__(self) -> int:
        return id(self.project.model)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Asked)
            and other.project.model is self.project.model
            and other.project.services is self.project.services
            and other.host is self.host
        )


@lru_cache(maxsize=1)
def _kept(asked: _Asked) -> Stack:
    return stack_of(asked.project, asked.host, lambda _kind, _content: "0")
