"""The kind of name that an argument takes and the words typed so far -> the names of the project.

A name that a shell could take for anything but a word is left out: the project is a stranger's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from bootready.cli.words.wishes import PROJECT_VALUES, Wishes, read_usual
from bootready.errors import BootreadyError
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.regex import regex

_SAFE = regex(r"[A-Za-z0-9_][A-Za-z0-9_./@+-]{0,200}\Z")


def names_of(kind: str, words: list[str]) -> list[str]:
    """Return the names of that kind, of the project that the `words` typed so far mean."""
    try:
        found = set(_names(kind, words))
    except (BootreadyError, OSError):
        found = set()
    return sorted(name for name in found if _SAFE.match(name))


def _names(kind: str, words: list[str]) -> Iterable[str]:
    if kind in {"checks", "topics"}:
        return _of_the_catalogue(kind)
    from bootready.pipeline import load

    project = load(_request(words), os.environ)
    found = _of_the_project(project)
    if kind in found:
        return found[kind]
    return {*_of_the_catalogue("ids"), *(name for names in found.values() for name in names)}


def _of_the_project(project: Project) -> dict[str, set[str]]:
    variables = {use.reference.name for use in project.uses}
    services = project.services
    return {
        "services": {service.name for service in services},
        "profiles": {name for service in services for name in service.profiles},
        "variables": variables | {name for name, one in project.variables.items() if one.line},
        "secrets": {secret.name for secret in project.secrets},
        "attributes": {f"{one.name}.{key}" for one in services for key in one.node.entries},
    }


def _of_the_catalogue(kind: str) -> set[str]:
    from bootready.check.discover import index

    topics = {entry.topic for entry in index()} if kind != "ids" else set()
    return topics if kind == "topics" else topics | {entry.id for entry in index()}


def _request(words: list[str]) -> Request:
    """Return the project that the words typed so far mean, every profile active."""
    wishes = Wishes()
    waiting = iter(words)
    for word in waiting:
        option, equals, value = word.partition("=")
        if option in PROJECT_VALUES:
            read_usual([option, value if equals else next(waiting, "")], wishes, PROJECT_VALUES, {})
    return wishes.request()._replace(profiles=("*",))
