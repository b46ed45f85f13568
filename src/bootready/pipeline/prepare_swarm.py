"""Takes a request; plans and creates what a swarm lacks before its stack can be deployed."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from bootready.apply.execute import SwarmDoor, apply_plan
from bootready.engine.api import Api, items, text
from bootready.engine.cluster import LABEL, cluster_of, manager_of
from bootready.engine.labels import labelled
from bootready.engine.ship import image_id, ship
from bootready.errors import EngineError, UsageError
from bootready.model.action import (
    Action,
    CreateNetwork,
    CreateObject,
    LabelNode,
    Plan,
    SendImage,
    Step,
)
from bootready.model.cluster import ClusterFact, NodeFact
from bootready.model.node import Plain
from bootready.model.request import Request
from bootready.pipeline.engine_door import engine_door
from bootready.pipeline.stack import Rendered, rendered
from bootready.swarm.cluster_faults import objects_missing
from bootready.swarm.placing import candidates
from bootready.typed import NamedTuple

KINDS = ("networks", "labels", "secrets", "images")
"""What `prepare --target swarm --only` can name of a swarm."""


class Wishes(NamedTuple):
    """How the engines of nodes are reached (`ways`, by node), and which kinds are wanted."""

    ways: Mapping[str, str]
    only: tuple[str, ...] = ()


class Readied(NamedTuple):
    """What was planned and done, and what is left with the reason."""

    directory: str
    plan: Plan
    done: tuple[Step, ...]
    left: tuple[str, ...]


def prepare_swarm(
    request: Request,
    environ: Mapping[str, str],
    wishes: Wishes,
    *,
    agree: Callable[[Plan, str], bool],
    progress: Callable[[Step, bool], None],
    moved: Callable[[str, int, int], None],
) -> Readied:
    """Create what the swarm lacks: networks, labels of nodes, secrets and configs, images.

    `agree` is asked with the plan and the project directory before anything is done; `moved` hears
    how much of an image has gone. Raises EngineError, ApplyError, UsageError for an unknown node.
    """
    made = rendered(request, environ, os.getcwd())
    api = manager_of(environ)
    cluster = cluster_of(api)
    unknown = set(wishes.ways) - {node.name for node in cluster.nodes}
    if unknown:
        names = ", ".join(node.name for node in cluster.nodes)
        raise UsageError(f"no node of the swarm is called '{min(unknown)}'", f"one of: {names}")
    steps: list[Step] = []
    left: list[str] = []
    for action, cause, reason in _actions(made, cluster, environ, wishes, left):
        steps.append(Step(len(steps) + 1, action, cause, reason))
    plan, directory = Plan(tuple(steps)), made.project.directory
    if not steps or not agree(plan, directory):
        return Readied(directory, plan, (), tuple(left))
    door = engine_door(environ)._replace(swarm=_door(api, made, environ, moved))
    outcome = apply_plan(plan, directory, environ=environ, engine=door, progress=progress)
    return Readied(directory, plan, outcome.done, tuple(left))


def create_objects(api: Api, made: Rendered) -> None:
    """Create the secrets and configs that no file holds; those that exist have the same content."""
    for one in made.stack.created:
        _create(api, made, CreateObject(one.kind.removesuffix("s"), one.name, one.key))


_Wanted = Iterator[tuple[Action, str, str]]
"""Actions, each with the check that misses it and its words."""


def _actions(
    made: Rendered,
    cluster: ClusterFact,
    environ: Mapping[str, str],
    wishes: Wishes,
    left: list[str],
) -> _Wanted:
    makers = {
        "networks": lambda: _networks(made, cluster, left),
        "labels": lambda: _labels(made, cluster, left),
        "secrets": lambda: _objects(made, cluster, left),
        "images": lambda: _images(made, environ, wishes.ways),
    }
    for kind in KINDS:
        if not wishes.only or kind in wishes.only:
            yield from makers[kind]()


def _networks(made: Rendered, cluster: ClusterFact, left: list[str]) -> _Wanted:
    wanted: dict[str, str] = {}
    for fault in objects_missing(made.stack, cluster):
        if fault.kind == "networks":
            entry = made.stack.content["networks"][fault.path[1]]
            name = str(entry.get("name")) if isinstance(entry, dict) else fault.path[1]
            wanted[name] = fault.sentence
    for name, words in wanted.items():
        if name in cluster.networks:
            left.append(f"{words}: this node has a network of that name, which is in the way")
        else:
            yield CreateNetwork(name, "overlay"), "stack-object-missing", words


def _labels(made: Rendered, cluster: ClusterFact, left: list[str]) -> _Wanted:
    """Yield a label for each pin that no node has, on the node that has the fewest of them."""
    given: dict[str, dict[str, str]] = {node.name: dict(node.labels) for node in cluster.nodes}
    for service, label, value in sorted(set(_pins(made))):
        if any(labels.get(label) == value for labels in given.values()):
            continue
        rule = f"node.labels.{label} == {value}"
        others = [one for one in _constraints(made, service) if one.replace(" ", "") != _bare(rule)]
        free = [
            node for node in candidates(others, cluster.workers) if label not in given[node.name]
        ]
        if not free:
            left.append(f"service '{service}': no node is free for the label {label}={value}")
            continue
        node = min(free, key=lambda one: (_pinned(one, given, cluster), one.name))
        given[node.name][label] = value
        words = f"service '{service}': no node has the label {label}={value}"
        yield LabelNode(node.name, label, value), "stack-node-unmatched", words


def _bare(rule: str) -> str:
    return rule.replace(" ", "")


def _pinned(node: NodeFact, given: Mapping[str, Mapping[str, str]], cluster: ClusterFact) -> int:
    """Return how many labels a node has got in this plan."""
    before = next(one.labels for one in cluster.nodes if one.name == node.name)
    return len(given[node.name]) - len(before)


def _pins(made: Rendered) -> Iterator[tuple[str, str, str]]:
    for service in made.stack.content["services"]:
        for rule in _constraints(made, service):
            key, equal, value = rule.partition("==")
            label = key.strip().removeprefix("node.labels.")
            if equal and label != key.strip():
                yield service, label, value.strip()


def _constraints(made: Rendered, service: str) -> list[str]:
    found: Plain = made.stack.content["services"].get(service)
    for key in ("deploy", "placement", "constraints"):
        found = found.get(key) if isinstance(found, dict) else None
    return [str(one) for one in found] if isinstance(found, list) else []


def _objects(made: Rendered, cluster: ClusterFact, left: list[str]) -> _Wanted:
    for one in made.stack.created:
        names = cluster.secrets if one.kind == "secrets" else cluster.configs
        if one.name not in names:
            kind = one.kind.removesuffix("s")
            words = f"{kind} '{one.key}' has its content in no file"
            yield CreateObject(kind, one.name, one.key), "stack-object-needed", words
    faults = objects_missing(made.stack, cluster)
    left += [f"{one.sentence}; {one.hint}" for one in faults if one.kind != "networks"]


def _images(made: Rendered, environ: Mapping[str, str], ways: Mapping[str, str]) -> _Wanted:
    """Yield the images of this machine that the engines of the named nodes do not have."""
    entries = made.stack.content["services"].values()
    found = {str(one.get("image") or "") for one in entries if isinstance(one, dict)}
    here = {image: image_id(image, environ) for image in sorted(found - {""})} if ways else {}
    for node, way in sorted(ways.items()):
        for image, number in here.items():
            if number and image_id(image, environ, way) != number:
                words = f"node '{node}' does not have image '{image}' as it is here"
                yield SendImage(image, node, way), "stack-node-lacks", words


def _door(
    api: Api,
    made: Rendered,
    environ: Mapping[str, str],
    moved: Callable[[str, int, int], None],
) -> SwarmDoor:
    def send(action: SendImage) -> bool:
        if image_id(action.image, environ, action.way) == image_id(action.image, environ):
            return False
        name = f"{action.image} -> {action.node}"
        ship(action.image, action.way, environ, lambda sent, total: moved(name, sent, total))
        return True

    return SwarmDoor(
        label=lambda action: labelled(api, action.node, action.label, action.value),
        create=lambda action: _create(api, made, action),
        send=send,
    )


def _create(api: Api, made: Rendered, action: CreateObject) -> bool:
    """Create a secret or config, its content in the body of a question; tell whether it is new."""
    kind = f"{action.kind}s"
    one = next(one for one in made.stack.created if (one.kind, one.name) == (kind, action.name))
    if one.name in {text(known, "Spec", "Name") for known in items(api.get(f"/{kind}"))}:
        return False
    data: Plain = base64.b64encode(one.content).decode()
    labels: Plain = {LABEL: made.stack.project}
    try:
        api.post(f"/{kind}/create", {"Name": one.name, "Data": data, "Labels": labels})
    except EngineError as error:
        if error.process_exit_code != 409:
            raise
        return False  # somebody was quicker; the name stands for the content
    return True


def kinds_in(only: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which of the kinds in `only` are of a swarm, and which are of this machine."""
    swarm = tuple(one for one in only if one in KINDS)
    return swarm, tuple(one for one in only if one not in {"labels", "images"})
