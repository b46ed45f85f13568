"""Questions that only a node can answer -> its answers, by jobs that run once on every node.

A job's container is created with the image and the mount in question, and is told to start a
program that no image has: nothing of the image runs. What the node's engine says of it is the
answer. Free disk alone takes a program of an image, `df`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from bootready.engine.api import Api, demultiplex, items, text
from bootready.engine.http import quoted
from bootready.errors import EngineError
from bootready.model.cluster import ClusterFact, NodeFact, Probed
from bootready.model.node import Plain
from bootready.regex import regex
from bootready.typed import NamedTuple

LABEL = "bootready.probe"
"""The label of our jobs: what a killed run has left is known by it."""
NOTHING = "/bootready-asks-and-runs-nothing"
_IPVS = "/proc/net/ip_vs"
"""Exists on a node whose kernel has IPVS."""
_PAUSE = 0.3
_LOOKS = 10
"""Times that a task is asked for what it wrote."""
_TRIED = 3
"""Images that are asked for `df`: one of them may have it."""
_ENDED = frozenset({"complete", "failed", "rejected"})
_ABSENT = regex(r"(?i)no such image|pull access denied|manifest unknown|not found: manifest")
_SOURCE = regex(r"(?i)bind source path does not exist|bind mount source path")
_ROW = regex(r"(?m)^\S.*?\s(\d+)\s+\d+%\s+/\s*$")


class Wanted(NamedTuple):
    """What to ask every node: images, bind sources each with an image, and whether it has IPVS."""

    images: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    """Source and image."""
    ipvs: bool = False


class _Question(NamedTuple):
    """One job. `kind` is ``image``, ``source``, ``ipvs`` or ``disk``."""

    kind: str
    image: str
    source: str = ""


def probe(api: Api, cluster: ClusterFact, wanted: Wanted, timeout: float) -> ClusterFact:
    """Ask the nodes that take tasks, for at most `timeout` seconds; return the cluster with their
    answers. Whatever happens, the jobs are removed. Raises EngineError.
    """
    until = time.monotonic() + timeout
    questions = [_Question("image", image) for image in wanted.images]
    questions += [_Question("source", image, source) for source, image in wanted.sources]
    _sweep(api)
    said = _asked(api, questions, cluster.workers, until)
    absent = {one.question.image for one in said if _ABSENT.search(one.error)}
    there = [image for image in wanted.images if image not in absent]
    later = [_Question("disk", image) for image in there[:_TRIED]]
    later += [_Question("ipvs", image, _IPVS) for image in there[:1] if wanted.ipvs]
    said += _asked(api, later, cluster.workers, until)
    nodes = tuple(
        node._replace(probed=_probed(node, said)) if node.takes_tasks else node
        for node in cluster.nodes
    )
    return cluster._replace(nodes=nodes, probed=True, unprobed=tuple(_unasked(nodes, wanted)))


def _asked(
    api: Api, questions: Sequence[_Question], nodes: Sequence[NodeFact], until: float
) -> list[_Said]:
    """Return the answers to some questions that came before `until`; the jobs are removed."""
    jobs: dict[str, _Question] = {}
    try:
        for number, question in enumerate(questions):
            made = api.post("/services/create", _job(question, number))
            jobs[text(made, "ID")] = question
        return _answers(api, jobs, nodes, until)
    finally:
        _remove(api, jobs)


class _Said(NamedTuple):
    """What became of the task of a question on a node; `log` is what it wrote."""

    question: _Question
    node: str
    state: str
    error: str
    log: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing: what a task wrote may come a moment after its end."""
        return bool(self.log) or self.question.kind != "disk" or self.state != "complete"


def _job(question: _Question, number: int) -> Plain:
    mounts: list[Plain] = []
    if question.source:
        where: dict[str, Plain] = {"Source": question.source, "Target": "/bootready"}
        mounts.append({"Type": "bind", "ReadOnly": True, **where})
    command: list[Plain] = ["df", "-Pk", "/"] if question.kind == "disk" else [NOTHING]
    return {
        "Name": f"bootready-probe-{time.time_ns():x}-{number}",
        "Labels": {LABEL: question.kind},
        "TaskTemplate": {
            "ContainerSpec": {
                "Image": question.image,
                "Command": command,
                "Mounts": mounts,
                "Healthcheck": {"Test": ["NONE"]},
            },
            "RestartPolicy": {"Condition": "none"},
        },
        "Mode": {"GlobalJob": {}},
    }


def _sweep(api: Api) -> None:
    """Remove the jobs that a killed run has left."""
    filters: dict[str, Plain] = {"label": [LABEL]}
    _remove(api, [text(one, "ID") for one in items(api.get("/services", filters=filters))])


def _remove(api: Api, jobs: Iterable[str]) -> None:
    for job in jobs:
        with suppress(EngineError):  # it is gone, or nobody can be asked any more
            api.delete(f"/services/{quoted(job)}")


def _answers(
    api: Api, jobs: Mapping[str, _Question], nodes: Sequence[NodeFact], until: float
) -> list[_Said]:
    """Return the first answer of each node to each question, of those that came in time."""
    filters: dict[str, Plain] = {"service": [*jobs]}
    found: dict[tuple[str, str], _Said] = {}
    asked: dict[tuple[str, str], int] = {}
    while jobs and len(found) < len(jobs) * len(nodes) and time.monotonic() < until:
        time.sleep(_PAUSE)
        for task in items(api.get("/tasks", filters=filters)):
            key = text(task, "ServiceID"), text(task, "NodeID")
            state = text(task, "Status", "State")
            if state in _ENDED and key not in found and key[0] in jobs and key[1]:
                answer = _said(api, jobs[key[0]], task)
                asked[key] = asked.get(key, 0) + 1
                if answer.is_whole or asked[key] == _LOOKS:
                    found[key] = answer
    return list(found.values())


def _said(api: Api, question: _Question, task: Plain) -> _Said:
    state, log = text(task, "Status", "State"), ""
    if question.kind == "disk" and state == "complete":
        with suppress(EngineError):
            path = f"/tasks/{quoted(text(task, 'ID'))}/logs?stdout=true"
            log = demultiplex(api.download(path, 4.0)).decode(errors="replace")
    return _Said(question, text(task, "NodeID"), state, text(task, "Status", "Err"), log)


def _probed(node: NodeFact, said: Sequence[_Said]) -> Probed:
    images: dict[str, bool] = {}
    sources: dict[str, bool] = {}
    features: dict[str, bool] = {}
    free = None
    for one in said:
        if one.node != node.id:
            continue
        has_image = not _ABSENT.search(one.error)
        there = has_image and not _SOURCE.search(one.error)
        match one.question.kind:
            case "image":
                images[one.question.image] = has_image
            case "source" if has_image:
                sources[one.question.source] = there
            case "ipvs" if has_image:
                features["ipvs"] = there
            case _:
                row = _ROW.search(one.log)
                free = int(row[1]) * 1024 if row else free
    return Probed(images, sources, features, free)


def _unasked(nodes: Sequence[NodeFact], wanted: Wanted) -> Iterable[str]:
    """Yield what some node did not answer, in words."""
    asked = [node for node in nodes if node.probed is not None]
    for node in asked:
        known = node.probed or Probed()
        silent = [image for image in wanted.images if image not in known.images]
        silent += [source for source, _ in wanted.sources if source not in known.sources]
        if silent:
            more = f" and {len(silent) - 1} more" if len(silent) > 1 else ""
            yield f"node '{node.name}' did not answer about '{silent[0]}'{more}"
        if known.free is None and wanted.images:
            yield f"node '{node.name}' could not say how much of its disk is free"
