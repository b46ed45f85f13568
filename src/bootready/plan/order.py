"""Actions and their findings -> Plan: what others stand on comes first, the rest by name."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bootready.model.action import (
    Action,
    AppendLines,
    CreateDirectory,
    CreateNetwork,
    CreateObject,
    CreateVolume,
    EditFile,
    GenerateSecret,
    GenerateVariable,
    IssueCertificate,
    LabelNode,
    Plan,
    PullImage,
    SendImage,
    SetPermissions,
    SetVariable,
    Step,
    WriteFile,
    WriteOverride,
)
from bootready.model.finding import Finding
from bootready.typed import assert_never

_ORDER: tuple[type, ...] = (
    WriteFile,
    WriteOverride,  # before COMPOSE_FILE names it: what is killed between leaves what loads
    SetVariable,
    GenerateVariable,
    CreateDirectory,
    GenerateSecret,
    IssueCertificate,
    SetPermissions,
    AppendLines,  # first: what is edited is not found again by the run that ends a killed one
    EditFile,
    CreateVolume,
    CreateNetwork,
    PullImage,
    LabelNode,
    CreateObject,
    SendImage,
)


def ordered(actions: Iterable[tuple[Action, Finding]]) -> Plan:
    """Return the plan of `actions`; the same actions always come out in the same order."""
    before = _Before()
    steps: list[Step] = []
    for action, finding in _sources_first(sorted(actions, key=lambda pair: _rank(pair[0]))):
        steps.append(
            Step(
                id=len(steps) + 1,
                action=action,
                cause=finding.check_id,
                reason=finding.message,
                place=finding.primary,
                after=before.needed(action),
            )
        )
        before.add(steps[-1])
    return Plan(tuple(steps))


def renumbered(steps: Iterable[Step]) -> Plan:
    """Return the plan of some steps of a plan: numbers from 1, links to absent steps dropped."""
    kept = list(steps)
    numbers = {step.id: number for number, step in enumerate(kept, 1)}
    return Plan(
        tuple(
            step._replace(
                id=numbers[step.id],
                after=tuple(numbers[other] for other in step.after if other in numbers),
            )
            for step in kept
        )
    )


def target_of(action: Action) -> tuple[str, str]:
    """Return what `action` changes: a kind of thing and its name. One step changes one target."""
    match action:
        case CreateDirectory() | WriteFile() | WriteOverride() | GenerateSecret():
            return "path", os.path.normpath(action.path)
        case SetPermissions():
            return "permissions", os.path.normpath(action.path)
        case IssueCertificate():
            return "certificate", os.path.normpath(action.directory) + "/" + action.certificate
        case SetVariable() | GenerateVariable():
            return "variable", f"{os.path.normpath(action.path)}:{action.name}"
        case EditFile():
            return "edit", os.path.normpath(action.path)
        case AppendLines():
            return "lines", os.path.normpath(action.path)
        case _:
            return _outside_files(action)


def _outside_files(
    action: CreateNetwork | CreateVolume | PullImage | LabelNode | CreateObject | SendImage,
) -> tuple[str, str]:
    match action:
        case CreateNetwork():
            return "network", action.name
        case CreateVolume():
            return "volume", action.name
        case PullImage():
            return "image", action.image
        case LabelNode():
            return "label", f"{action.node} {action.label}"
        case CreateObject():
            return action.kind, action.name
        case SendImage():
            return "image", f"{action.image} {action.node}"
        case _:
            assert_never(action)


def paths_of(action: Action) -> tuple[str, ...]:
    """Return the paths that `action` may create or change."""
    match action:
        case IssueCertificate():
            names = (action.authority, action.certificate, action.key)
            return tuple(os.path.normpath(f"{action.directory}/{name}") for name in names)
        case CreateNetwork() | CreateVolume() | PullImage():
            return ()
        case LabelNode() | CreateObject() | SendImage():
            return ()
        case GenerateSecret() if action.clear:
            return action.path, action.clear
        case _:
            return (action.path,)


def _rank(action: Action) -> tuple[int, bool, str, str]:
    derived = isinstance(action, GenerateSecret | GenerateVariable) and bool(action.source)
    return _ORDER.index(type(action)), derived, *target_of(action)


def _sources_first(pairs: list[tuple[Action, Finding]]) -> list[tuple[Action, Finding]]:
    """Return `pairs` with every secret after the one that it is made of; a ring stays as it is."""
    places = {
        os.path.normpath(action.path): place
        for place, (action, _) in enumerate(pairs)
        if isinstance(action, GenerateSecret)
    }
    placed: dict[int, None] = {}
    for place in range(len(pairs)):
        way = {place: None}
        source = places.get(_source(pairs[place][0]))
        while source is not None and source not in way and source not in placed:
            way[source] = None
            source = places.get(_source(pairs[source][0]))
        placed.update(dict.fromkeys(reversed(way)))
    return [pairs[place] for place in placed]


class _Before:
    """The steps that come before one: by the paths that they touch, and by the directories."""

    def __init__(self) -> None:
        self.touching: dict[str, int] = {}
        """The last step that touches a path; it comes after the others that do."""
        self.directories: dict[str, int] = {}

    def needed(self, action: Action) -> tuple[int, ...]:
        """Return the steps that have to be done before `action`."""
        found = set()
        paths = [os.path.normpath(path) for path in paths_of(action)]
        for path in (*paths, _source(action)):
            if path in self.touching:
                found.add(self.touching[path])
        for path in paths if self.directories else ():
            above = os.path.dirname(path)
            while above not in {"", "/", "//"}:
                if above in self.directories:
                    found.add(self.directories[above])
                above = os.path.dirname(above)
        return tuple(sorted(found))

    def add(self, step: Step) -> None:
        paths = [os.path.normpath(path) for path in paths_of(step.action)]
        self.touching.update(dict.fromkeys(paths, step.id))
        if isinstance(step.action, CreateDirectory):
            self.directories[paths[0]] = step.id


def _source(action: Action) -> str:
    if not isinstance(action, GenerateSecret) or not action.source:
        return ""
    return os.path.normpath(action.source)
