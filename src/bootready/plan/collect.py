"""Findings -> Plan: their remedies' actions, each once, completed from the project, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

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
    wishes: dict[tuple[str, str], Wish] = {}
    for finding in findings:
        for action in finding.remedy.actions if finding.remedy else ():
            wish = Wish(complete(action), finding)
            if not only(wish.action):
                continue
            target = target_of(wish.action)
            known = wishes.get(target)
            wishes[target] = wish if known is None else _joined(known, wish)
    return ordered((wish.action, wish.finding) for wish in wishes.values())


def _joined(known: Wish, other: Wish) -> Wish:
    first, second = known.action, other.action
    if isinstance(first, EditFile) and isinstance(second, EditFile):
        edits = tuple(dict.fromkeys((*first.edits, *second.edits)))
        return known._replace(action=first._replace(edits=edits))
    if isinstance(first, AppendLines) and isinstance(second, AppendLines):
        lines = tuple(dict.fromkeys((*first.lines, *second.lines)))
        return known._replace(action=first._replace(lines=lines))
    if isinstance(first, IssueCertificate) and isinstance(second, IssueCertificate):
        names = tuple(dict.fromkeys((*first.names, *second.names)))
        usages = tuple(dict.fromkeys((*first.usages, *second.usages)))
        return known._replace(action=first._replace(names=names, usages=usages))
    if isinstance(first, CreateDirectory) and isinstance(second, CreateDirectory):
        return known if first.uid is not None or second.uid is None else other
    # One thing that two checks would make differently: the one that knows more of it makes it.
    if isinstance(second, _STRENGTH) and not isinstance(first, _STRENGTH):
        return other
    return known
