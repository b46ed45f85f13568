"""Findings -> Plan: their remedies' actions, each once, completed from the project, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from bootready.model.action import (
    Action,
    AppendLines,
    CreateDirectory,
    EditFile,
    GenerateSecret,
    IssueCertificate,
    Plan,
)
from bootready.model.finding import Finding
from bootready.plan.order import ordered, target_of
from bootready.typed import NamedTuple, TypeVar

T = TypeVar("T")
_STRENGTH = (IssueCertificate, GenerateSecret)


class Wish(NamedTuple):
    """An action and the finding that asks for it."""

    action: Action
    finding: Finding


def plan_for(
    findings: Iterable[Finding],
    *,
    complete: Callable[[Action], Action] = lambda action: action,
    only: Callable[[Action], bool] = lambda _action: True,
) -> Plan:
    """Return the steps that make `findings` go away.

    `complete` fills in what a check leaves open (see `plan.complete`); `only` picks actions. Two
    findings that ask for the same thing are one step, whose cause is the first of them.
    """
    wishes: dict[tuple[str, str], list[Wish]] = {}
    for finding in findings:
        for action in finding.remedy.actions if finding.remedy else ():
            wish = Wish(complete(action), finding)
            if only(wish.action):
                wishes.setdefault(target_of(wish.action), []).append(wish)
    joined = (_joined(group) for group in wishes.values())
    return ordered((wish.action, wish.finding) for wish in joined)


def _joined(group: list[Wish]) -> Wish:
    """Return the one wish that stands for all of those that want the same thing."""
    first = group[0].action
    if len(group) == 1:
        return group[0]
    if isinstance(first, EditFile):
        edits = _each(one.action.edits for one in group if isinstance(one.action, EditFile))
        return group[0]._replace(action=first._replace(edits=edits))
    if isinstance(first, AppendLines):
        lines = _each(one.action.lines for one in group if isinstance(one.action, AppendLines))
        return group[0]._replace(action=first._replace(lines=lines))
    if isinstance(first, IssueCertificate):
        every = [one.action for one in group if isinstance(one.action, IssueCertificate)]
        names, usages = _each(one.names for one in every), _each(one.usages for one in every)
        return group[0]._replace(action=first._replace(names=names, usages=usages))
    return reduce(_stronger, group)


def _each(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(one for part in parts for one in part))


def _stronger(known: Wish, other: Wish) -> Wish:
    first, second = known.action, other.action
    if isinstance(first, CreateDirectory) and isinstance(second, CreateDirectory):
        return known if first.uid is not None or second.uid is None else other
    # One thing that two checks would make differently: the one that knows more of it makes it.
    if isinstance(second, _STRENGTH) and not isinstance(first, _STRENGTH):
        return other
    return known
