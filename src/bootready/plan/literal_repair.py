"""Placeholders that stand in a Compose file where no untracked file reaches them -> references.

`SECRET_KEY: replace-me` becomes `SECRET_KEY: ${SECRET_KEY:-replace-me}`: the project resolves to
what it did, and from then on `prepare` can set the variable in the `.env`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bootready.check.placeholders import Fault, Faulty, faulty_among
from bootready.check.value_uses import Origin, ValueUse, value_uses
from bootready.knowledge.examples import settings_in, templates_for
from bootready.knowledge.values.meaning import Meaning
from bootready.knowledge.values.plain import plain_value
from bootready.knowledge.values.recipe import Recipe
from bootready.model.action import Edit, EditFile, SecretKind
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lines import lines_of
from bootready.model.lookup import shown
from bootready.model.node import Mapping, Node, Scalar
from bootready.model.position import Location, Span, YamlPath
from bootready.model.project import Project
from bootready.plan.repair import Repair
from bootready.plan.value_groups import Member, grouped, secret_of
from bootready.plan.value_places import Ground, Places
from bootready.plan.value_recipes import group_recipe, kind_for
from bootready.plan.values import Elsewhere, as_word, seeds_among
from bootready.regex import regex
from bootready.typed import NamedTuple

_LITERAL = {Origin.ENVIRONMENT, Origin.BUILD_ARGUMENT, Origin.LABEL}
_BY_NAME = {Origin.VARIABLE, Origin.DEFAULT}
_WORDS = ("command", "entrypoint", "healthcheck")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_BENT = regex(r"[{}$\\\"'\n]")
"""What the default of a reference, or its quotes, would bend."""
_SHORTEST = 6
"""Characters of a secret that is looked for in commands: a shorter one may be part of any word."""


class _Part(NamedTuple):
    """A stretch of a scalar: the `secret` that stands after `before` in it."""

    place: Location
    before: str
    secret: str


def literals_as_references(project: Project, ground: Ground) -> Iterator[Repair]:
    """Yield the repairs that make variables of placeholders which stand in Compose files.

    One repair for all places that share a secret, and none where `prepare` sets them in files that
    git does not track, or could not set the variable afterwards.
    """
    place = Places(project, ground)
    if not ground.env_file or not place.writable(ground.env_file):
        return
    uses = value_uses(project)
    faulty = faulty_among(uses, ground.host)
    if not any(one.use.origin in _LITERAL for one in faulty):
        return
    elsewhere = Elsewhere(project, ground)
    names = _Names(project, ground)
    places = tuple(one.use.place.path for one in faulty)
    for group in grouped(seeds_among(faulty), uses):
        if not _is_reached(group, place, elsewhere):
            parts = _parts(project, ground, group, names, elsewhere)
            yield from _repair(project, group, parts, places)
    for one in faulty:
        if _is_plain(one, ground) and not place.of(one.use):
            use = one.use
            part = _Part(use.place, "", use.value)
            yield from _repair(project, [Member(use, seed=True)], [(names.of(use), part)], places)


def _is_reached(group: Sequence[Member], place: Places, elsewhere: Elsewhere) -> bool:
    """Tell whether `prepare` gives the group its secret, or nobody can tell how to make one."""
    if not any(member.use.origin in _LITERAL and member.use.value for member in group):
        return True
    if not any(member.seed and "://" not in member.before for member in group):
        return True  # as `prepare` leaves it: nobody here sets the other side
    if group_recipe(group).kind is SecretKind.PLACEHOLDER or elsewhere.in_files(group):
        return True
    return all(place.of(member.use) for member in group) and not elsewhere.in_words(group)


def _is_plain(one: Faulty, ground: Ground) -> bool:
    """Tell whether the machine tells a value for a placeholder that is no secret."""
    use = one.use
    written = use.origin in {Origin.ENVIRONMENT, Origin.BUILD_ARGUMENT}
    if one.fault is not Fault.PLACEHOLDER or not written or use.is_secret:
        return False
    if "://" in use.value or use.meaning in {Meaning.USERNAME, Meaning.DATABASE}:
        return False
    return plain_value(use.meaning, use.name, ground.machine) != ""


def _parts(
    project: Project,
    ground: Ground,
    group: Sequence[Member],
    names: _Names,
    elsewhere: Elsewhere,
) -> list[tuple[str, _Part]]:
    """Return the stretches to replace, each with its variable; [] where one cannot be reached."""
    found: list[tuple[str, _Part]] = []
    recipe = group_recipe(group)
    shared: dict[tuple[str, str], str] = {}
    for member in group:
        if member.use.origin in _BY_NAME and not (member.before or member.after):
            shared.setdefault(_role(recipe, member), member.use.name)
    for member in sorted(group, key=lambda one: (bool(one.before or one.after), not one.seed)):
        use, role = member.use, _role(recipe, member)
        if use.origin in _BY_NAME:
            continue
        if use.origin not in _LITERAL or not role[0] or not use.file.startswith(ground.root):
            return []
        if role not in shared:
            shared[role] = names.of(use)
        found.append((shared[role], _Part(use.place, member.before, role[0])))
    if elsewhere.in_words(group):
        if min(len(secret) for secret, _ in shared) < _SHORTEST:
            return []
        for (secret, made), name in shared.items():
            found += [(name, part) for part in _in_words(project, secret) if not made]
    return found


def _role(recipe: Recipe, member: Member) -> tuple[str, str]:
    """Return what members have in common that can share a variable: their secret, and what is made
    of it, '' for the secret itself.
    """
    kind = kind_for(recipe, member)
    return secret_of(member), "" if kind is recipe.kind else kind.value


def _in_words(project: Project, secret: str) -> Iterator[_Part]:
    """Yield the stretches of commands and healthchecks that are `secret`: `-psecret` as well."""
    word = as_word(secret)
    for service in project.services:
        for key in _WORDS:
            path: YamlPath = (*service.location.path, key)
            for scalar, where in _scalars(service.node.entries.get(key), path):
                text = scalar.template or str(scalar.value)
                for match in word.finditer(text):
                    place = Location(scalar.span, where)
                    yield _Part(place, text[: match.start()], secret)


def _scalars(node: Node | None, path: YamlPath) -> Iterator[tuple[Scalar, YamlPath]]:
    if isinstance(node, Scalar):
        yield node, path
    elif node is not None:
        pairs = node.entries.items() if isinstance(node, Mapping) else enumerate(node.items)
        for key, child in pairs:
            yield from _scalars(child, (*path, key))


class _Names:
    """Names for new variables that nothing of the project knows yet."""

    def __init__(self, project: Project, ground: Ground) -> None:
        self._taken = {*project.variables, *(use.reference.name for use in project.uses)}
        for path in (ground.env_file, *templates_for(ground.env_file)):
            self._taken |= settings_in(ground.host.read_text(path) or "").keys()

    def of(self, use: ValueUse) -> str:
        """Return a new name for the value of `use`: its own, or with its service before it."""
        _, dotted, last = use.name.rpartition(".")
        own = re.sub(r"\W", "_", last.upper() if dotted else last)
        service = re.sub(r"\W", "_", use.services[0] if use.services else "app").upper()
        names = [own, f"{service}_{own}", *(f"{service}_{own}_{number}" for number in range(2, 99))]
        for name in names if "_" in own else names[1:]:  # PASSWORD may be anybody's
            if name not in self._taken and _NAME.fullmatch(name):
                self._taken.add(name)
                return name
        return ""


def _repair(
    project: Project,
    group: Sequence[Member],
    parts: Sequence[tuple[str, _Part]],
    places: tuple[YamlPath, ...],
) -> Iterator[Repair]:
    edits: dict[str, dict[Edit, None]] = {}
    for name, part in parts:
        made = _edits(project, name, part) if name else ()
        if not made:
            return
        edits.setdefault(part.place.span.file, {}).update(dict.fromkeys(made))
    if not edits:
        return
    actions = tuple(EditFile(file, tuple(some)) for file, some in edits.items())
    first = next(member.use for member in group if member.use.origin in _LITERAL)
    where = shown(first.file, project.directory)
    message = f"file '{where}': '{first.name}' is a placeholder"
    title = "makes a variable of the placeholder, which `prepare` then sets in ./.env"
    remedy = Remedy(title, Safety.SAFE, actions)
    finding = Finding("value-placeholder", Severity.WARNING, message, first.place, remedy=remedy)
    others = (member.use.place for member in group if member.use is not first)
    yield Repair(finding._replace(related=tuple(others)), reworded=places)


def _edits(project: Project, name: str, part: _Part) -> tuple[Edit, ...]:
    """Return the edits that make a reference of a stretch: what stands there stays, as its default.

    () where it cannot be found in the text, or would be read otherwise as a default.
    """
    span = part.place.span
    lines = lines_of(project.sources.get(span.file, ""))
    if span.line != span.end_line or span.line > len(lines) or _BENT.search(part.secret):
        return ()
    line = lines[span.line - 1]
    raw = line[span.column - 1 : span.end_column - 1]
    start = raw.find(part.before + part.secret) + len(part.before)
    if raw.count(part.before + part.secret) != 1:
        start = raw.find(part.secret)
        if raw.count(part.secret) != 1:
            return ()
    quotes = '"' if raw[:1] not in {'"', "'"} and _is_flow(line[: span.column - 1]) else ""
    if quotes and '"' in raw:
        return ()
    first, end = span.column + start, span.column + start + len(part.secret)
    opening, closing = f"${{{name}:-", "}"
    if not quotes:
        return _at(span, first, opening), _at(span, end, closing)
    before = (_at(span, span.column, quotes),) if start else ()
    after = (_at(span, span.end_column, quotes),) if end != span.end_column else ()
    return (
        *before,
        _at(span, first, opening if before else quotes + opening),
        _at(span, end, closing if after else closing + quotes),
        *after,
    )


def _is_flow(before: str) -> bool:
    """Tell whether a line's text leaves a ``{`` or ``[`` open, where a brace ends a plain value."""
    return sum(map(before.count, "{[")) > sum(map(before.count, "}]"))


def _at(span: Span, column: int, text: str) -> Edit:
    return Edit(Span(span.file, span.line, column, span.line, column), text)
