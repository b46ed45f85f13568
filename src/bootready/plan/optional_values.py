"""Variables that the project's own example has commented out, and proxies -> wishes to leave them
empty.

Compose warns of each on every command, so that nobody sees a warning that counts. Nothing else
changes: a reference without a default is empty either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.knowledge.examples import templates_for
from bootready.knowledge.values.meaning import Meaning, is_proxy, meaning_of
from bootready.model.action import SetVariable
from bootready.model.finding import Finding
from bootready.model.problem import Use
from bootready.model.project import Project
from bootready.plan.value_places import Ground, Places, finding, unset_uses
from bootready.regex import regex

_OFF = regex(r"^[ \t]*#[ \t]?(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)=", re.MULTILINE)
_CONTAINS = {"environment", "build", "labels"}
"""Attributes in which an empty string is a value like any other."""


def optional_values(project: Project, ground: Ground) -> Iterator[Finding]:
    """Yield a wish for each variable that nothing sets and that the example has commented out, and
    for each that names a proxy: who is behind one has set it.

    None for a secret that whoever installs the project chooses: that it is empty has to be seen.
    """
    env = ground.env_file
    uses = _unset(project)
    if not env or not uses or not Places(project, ground).writable(env):
        return
    example, off = _commented_out(ground)
    for name in uses:
        if name in off:
            why = f"it is commented out in {example}"
        elif is_proxy(name):
            why = "no proxy is set"
        else:
            continue
        words = f"variable '{name}': not set; {why}"
        comment = f"{name}: empty, as {why}"
        action = SetVariable(env, name, "", comment, fills=True)
        yield finding("variable-unset", words, action)


def _unset(project: Project) -> dict[str, list[Use]]:
    """Return the uses of variables that nothing sets, and that may be empty wherever they stand."""
    return {
        name: uses
        for name, uses in unset_uses(project).items()
        if any(use.reference.operator == "" for use in uses)
        and meaning_of(name) is not Meaning.SECRET
        and all(map(_may_be_empty, uses))
    }


def _may_be_empty(use: Use) -> bool:
    in_service = use.path[:1] == ("services",) and use.path[2:3]
    bare = use.reference.operator == ""
    falls_back = use.reference.operator in {"-", ":-"} and not use.reference.argument
    return (bare or falls_back) and bool(in_service) and use.path[2] in _CONTAINS


def _commented_out(ground: Ground) -> tuple[str, frozenset[str]]:
    """Return the name of the example of the `.env`, and the variables that it has commented out."""
    for path in templates_for(ground.env_file):
        text = ground.host.read_text(path, 200_000)
        if text is not None:
            names = frozenset(found["name"] for found in _OFF.finditer(text))
            return path.rpartition("/")[2], names
    return "", frozenset()
