"""A member of etcd without a majority -> which members run, and what keeps them apart."""

from collections.abc import Mapping

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, nested, symptom
from bootready.boot.diagnose.signatures import Match, recognise
from bootready.model.boot import Phase, ServiceState, Status
from bootready.model.project import Service
from bootready.regex import regex

_SEARCH, _REFUSED, _SLOW = "etcd-no-quorum", "etcd-peer-refused", "etcd-slow-disk"
_LATE = frozenset({"refused", "timeout", "unknown-host", "unreachable", "cluster"})
"""Kinds of lines that every member writes that is alone; others explain more than this symptom."""
_LIST = "ETCD_INITIAL_CLUSTER"
_RUNNING = {Status.RUNNING, Status.PAUSED}
_HOST = regex(r"(?:^|,)[^=,]{1,100}=https?://\[?([^,/:\]]{1,253})")
"""A member in the list: its name, and the host that the others ask."""


@symptom(summary="a member of a cluster finds no majority", rank=37)
def no_majority(evidence: Evidence) -> Explanation | None:
    """A member serves nobody before a majority has met, so its healthcheck fails or is stopped,
    whatever it asks. The log says that its elections never end; the states of the other members,
    and what it says of their connections and of its disk, tell why.
    """
    service = evidence.service
    if service is None or evidence.died or not evidence.unhealthy:
        return None
    said = {one: _match(evidence, one) for one in (_SEARCH, _REFUSED, _SLOW)}
    found = said[_REFUSED] or said[_SEARCH]
    best = recognise(evidence.log, dead=False, words=evidence.words)
    if found is None or (best is not None and best.kind not in _LATE):
        return None
    members = _members(evidence, service)
    absent = [name for name, state in members.items() if state.status not in _RUNNING]
    why, remedy = _why(said, absent, len(members) + 1)
    lines = dict.fromkeys(one.line for one in said.values() if one is not None)
    told = [f"'{name}' is {state.word or 'not there'}" for name, state in members.items()]
    return Explanation(
        headline="is unhealthy: etcd finds no majority of its members",
        cause=why or found.cause,
        remedy=remedy or found.remedy,
        location=nested(service, "environment", _LIST) or attribute(service, "environment"),
        evidence=(*([f"members: {', '.join(told)}"] if told else ()), *lines),
    )


def _why(said: Mapping[str, Match | None], absent: list[str], size: int) -> tuple[str, str]:
    """Return cause and remedy, ('', '') where the log tells no more than that there is none."""
    majority = size // 2 + 1
    if absent and size - len(absent) < majority:
        names = " and ".join(f"'{name}'" for name in absent)
        running = size - len(absent)
        verb = "runs" if running == 1 else "run"
        cause = f"{running} of its {size} members {verb}, and {majority} are a majority"
        return cause, f"start {names}; their own logs say why they do not run"
    for row in (_REFUSED, _SLOW):
        match = said[row]
        if match is not None:
            return match.cause, match.remedy
    return "", ""


def _match(evidence: Evidence, row: str) -> Match | None:
    return recognise(evidence.log, dead=False, only=row, words=evidence.words)


def _members(evidence: Evidence, service: Service) -> dict[str, ServiceState]:
    """Return the other members in the list of this one that are services of the project."""
    listed = next((one.value for one in service.environment if one.name == _LIST), None) or ""
    hosts = [host for host in _HOST.findall(listed) if host != service.name]
    return {
        host: evidence.states.get(host, ServiceState(host, Phase.WAITING, ""))
        for host in hosts
        if evidence.project.service(host) is not None
    }
