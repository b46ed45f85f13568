"""Values that are none -> wishes for real ones, each in an untracked file: `.env`, an env file, or
an override of the Compose file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bootready.check.placeholders import Fault, Faulty, faulty_among
from bootready.check.value_uses import Origin, ValueUse, value_uses
from bootready.knowledge.images.known import known_service
from bootready.knowledge.secrets.names import noun_of
from bootready.knowledge.values.first_values import is_first_password
from bootready.knowledge.values.halves import complete_pairs, in_pairs, signs_alone
from bootready.knowledge.values.meaning import Meaning, hash_stem, spelled, stands_alone
from bootready.knowledge.values.recipe import Recipe, recipe_in
from bootready.model.action import (
    HASHES,
    SIGNING_KEYS,
    Fill,
    GenerateVariable,
    SecretKind,
    SetVariable,
    WriteOverride,
)
from bootready.model.finding import Finding, Severity
from bootready.model.project import Project
from bootready.plan.derived_values import Bases
from bootready.plan.plain_values import plain_wishes
from bootready.plan.value_groups import Member, grouped, secrets_of
from bootready.plan.value_places import Ground, Places, Target, escaped, finding, wish
from bootready.plan.value_recipes import claims_of, group_recipe, kind_for
from bootready.regex import regex


def wanted_values(project: Project, ground: Ground) -> Iterator[Finding]:
    """Yield a wish for each value that can be generated, or that this machine tells.

    Nothing is wished for a value that stands, as part of a text, where no file of ours reaches it.
    """
    uses = value_uses(project)
    faulty = faulty_among(uses, ground.host)
    place = Places(project, ground)
    bases = Bases(uses, place)
    seeds = seeds_among(faulty)
    seeds += [_unset(use) for use in uses if _is_first(use, project) or bases.lacks(use)]
    elsewhere = Elsewhere(project, ground) if seeds else None
    fills: list[Fill] = []
    texts: list[tuple[str, str, str]] = []
    for number, group in enumerate(grouped(seeds, uses)):
        members = [(member, place.of(member.use)) for member in group]
        if any(not targets for _, targets in members) or (elsewhere and elsewhere.holds(group)):
            continue
        if not any(member.seed and "://" not in member.before for member in group):
            continue  # a URL alone: its other side keeps a password that nobody here sets
        made: list[tuple[Member, Made]] = list(bases.derived(members))
        made = made or list(_made(f"secret {number}", members, place))
        for member, action in made:
            if isinstance(action, Fill):
                fills.append(action)
            elif isinstance(action, tuple) and not isinstance(action, GenerateVariable):
                texts.append(action)
            else:
                yield wish(member.use, action, project)
    yield from plain_wishes(project, faulty, uses, place, texts)
    if fills or texts:
        override = WriteOverride(ground.override.path, tuple(fills), tuple(texts))
        count = len({(one.service, one.name) for one in fills} | {one[:2] for one in texts})
        words = f"{count} values of the Compose file cannot be set from an untracked env file"
        yield finding("value-placeholder", words, override)
        if ground.override.listed:
            words = "Compose reads an override of this name only if COMPOSE_FILE names it"
            yield finding("value-placeholder", words, _listing(ground))


def _listing(ground: Ground) -> SetVariable:
    """Return what makes Compose read the override beside the files that it reads today."""
    listed, line = ground.override.listed, ground.override.line
    return SetVariable(ground.env_file, "COMPOSE_FILE", listed, fills=True, replaces=line)


def seeds_among(faulty: Sequence[Faulty]) -> list[Faulty]:
    """Return those of the values that are none which are secrets that we may choose."""
    pairs = complete_pairs(one.use.names for one in faulty)
    return [one for one in faulty if _is_ours(one, pairs)]


def _is_ours(one: Faulty, pairs: frozenset[str]) -> bool:
    if one.fault not in {Fault.PLACEHOLDER, Fault.MARKED, Fault.BLANK}:
        return False
    if one.fault is Fault.BLANK and one.severity is Severity.NOTE:
        return False  # it may be optional: a cache without a password refuses who sends one
    use = one.use
    login = "://" in use.value and use.meaning in {Meaning.URL, Meaning.OTHER}
    return (
        use.meaning is Meaning.SECRET
        or (login and "@" in use.value)
        or (_is_vapid(use) or in_pairs(use.names, pairs) or _is_signing_key(use))
    )


def _is_signing_key(use: ValueUse) -> bool:
    """Tell whether the placeholder of a private key that stands alone says what it is for."""
    if not any(map(signs_alone, use.names)):
        return False
    told = recipe_in(use.comment)
    return "PRIVATE KEY-----" in use.value or (told is not None and told.kind in SIGNING_KEYS)


def _is_vapid(use: ValueUse) -> bool:
    return any("vapid" in name.lower() for name in use.names) and use.meaning in {
        Meaning.PUBLIC_KEY,
        Meaning.SECRET,
    }


def _unset(use: ValueUse) -> Faulty:
    return Faulty(use, Fault.BLANK, Severity.WARNING)


def _is_first(use: ValueUse, project: Project) -> bool:
    """Tell whether an image or a program takes any value for a secret that is set nowhere."""
    if use.value or use.origin not in _WRITTEN:
        return False
    if use.meaning is not Meaning.SECRET:
        return False
    if use.place.path[:1] == ("secrets",):
        return True  # without it Compose creates no container
    if use.origin is Origin.UNSET:
        given = use.place.path[2:3] in _STARTS and not _is_own(use, project)
        taken = any(map(is_first_password, use.keys)) and _is_taken(use, project)
        alone = any(map(stands_alone, use.names)) or _is_shared(use, project)
        return given or taken or alone
    return any(_demands(project, service, key) for service, key in use.pairs)


_WRITTEN = {Origin.UNSET, Origin.VARIABLE, Origin.ENV_FILE, Origin.ENVIRONMENT}
_STARTS = (("command",), ("entrypoint",))
_CACHE = regex(r"(?:REDIS|VALKEY|KEYDB)_PASSWORD")


def _is_shared(use: ValueUse, project: Project) -> bool:
    """Tell whether two services speak to each other with the secret: they get it by one name."""
    if noun_of(use.name) not in {"secret", "key", "salt"}:
        return False  # of a password and a token there may be a third side
    paths = (other.path for other in project.uses if other.reference.name == use.name)
    return len({path[1] for path in paths if path[:1] == ("services",) and path[1:]}) > 1


def _is_own(use: ValueUse, project: Project) -> bool:
    """Tell whether a service sets the variable itself: its command means that one."""
    services = (project.service(name) for name in use.services)
    return any(
        entry.name == use.name and entry.value
        for service in services
        if service is not None
        for entry in service.environment
    )


def _is_taken(use: ValueUse, project: Project) -> bool:
    """Tell whether the server takes the password too: a cache has none where it is not told one,
    and refuses who sends one.
    """
    if not all(_CACHE.fullmatch(key) for key in use.keys if is_first_password(key)):
        return True
    told = any(
        other.reference.name == use.name and other.path[2:3] in _STARTS for other in project.uses
    )
    images = (service.image or "" for one in use.services if (service := project.service(one)))
    return told or any("bitnami" in image for image in images)


def _demands(project: Project, name: str, key: str) -> bool:
    known = known_service(project, name)
    return known is not None and known.runs_program and known.demands(key)


Made = GenerateVariable | Fill | tuple[str, str, str]


def _made(
    name: str, members: Sequence[tuple[Member, list[Target]]], place: Places
) -> Iterator[tuple[Member, Made]]:
    """Yield what gives every member of a group its value."""
    recipe = group_recipe([member for member, _ in members])
    if recipe.kind is SecretKind.PLACEHOLDER:
        return
    pairs = [
        (member, target)
        for member, targets in members
        for target in targets
        if kind_for(recipe, member) is not SecretKind.PLACEHOLDER
    ]
    if not pairs:
        return
    if recipe.kind in HASHES:
        yield from _with_clear(recipe, pairs, place)
        return
    pairs.sort(key=lambda pair: _rank(recipe, pair, place.ground.env_file))
    first = pairs[0][1]
    if any(target.service for _, target in pairs) and first.path != place.ground.env_file:
        # An override cannot read an env_file: everything goes into it, which wins.
        pairs = [
            (member, target)
            for member, _ in members
            for target in place.in_override(member.use)
        ]  # fmt: skip
        yield from ((member, _fill(name, recipe, member, target)) for member, target in pairs)
        return
    done: set[tuple[str, str]] = set()
    for member, target in pairs:
        if target.service:
            text = f"{escaped(member.before)}${{{first.name}}}{escaped(member.after)}"
            yield member, (target.service, target.name, text)
        elif (target.path, target.name) not in done:
            done.add((target.path, target.name))
            yield member, _variable(recipe, member, target, None if target is first else first)


def _with_clear(
    recipe: Recipe, pairs: Sequence[tuple[Member, Target]], place: Places
) -> Iterator[tuple[Member, Made]]:
    """Yield what sets hashes, and the password that they are made of: in the `.env`, which no
    container gets whole, and where a person finds it.
    """
    env = place.ground.env_file
    if not env or not place.writable(env) or any(target.service for _, target in pairs):
        return
    member, first = pairs[0]
    stem = hash_stem(first.name) or spelled(first.name)
    ends = ("password", "passwd", "pass", "pw", "pwd", "token", "secret", "api_key")
    name = (stem if stem.endswith(ends) else f"{stem}_password").upper()
    taken = {*place.project.variables, *(use.reference.name for use in place.project.uses)}
    name = f"{name}_CLEAR" if name in taken else name
    source = Target(env, name)
    yield member, GenerateVariable(env, name)
    yield from ((one, _variable(recipe, one, target, source)) for one, target in pairs)


def _rank(recipe: Recipe, pair: tuple[Member, Target], env_file: str) -> tuple[bool, ...]:
    """Return what puts the `.env` first, an override last, and what is made of others after."""
    member, target = pair
    made = kind_for(recipe, member) is not recipe.kind
    return bool(target.service), target.path != env_file, made, bool(member.before or member.after)


def _variable(
    recipe: Recipe, member: Member, target: Target, source: Target | None
) -> GenerateVariable:
    kind = kind_for(recipe, member)
    before = member.before or ("" if source else recipe.before)
    return GenerateVariable(
        target.path,
        target.name,
        kind,
        recipe.length,
        before=before,
        after=member.after,
        source=source.path if source else "",
        source_name=source.name if source else "",
        claims=claims_of(member),
        replaces=target.line,
    )


def _fill(name: str, recipe: Recipe, member: Member, target: Target) -> Fill:
    return Fill(
        target.service,
        target.name,
        kind_for(recipe, member),
        recipe.length,
        before=member.before or recipe.before,
        after=member.after,
        group=name,
        claims=claims_of(member),
    )


def as_word(secret: str) -> re.Pattern[str]:
    """Return what finds `secret` in the words of a command, also after an option: ``-psecret``."""
    return re.compile(rf"(?:(?<![\w-])|(?<=(?<![\w-])-[A-Za-z])){re.escape(secret)}(?![\w-])")


class Elsewhere:
    """What services have beside their environment: commands, and the files that they mount."""

    def __init__(self, project: Project, ground: Ground) -> None:
        words: list[str] = []
        files: dict[str, None] = {}
        for service in project.services:
            words += [*(service.command or ()), *(service.entrypoint or ())]
            words += service.healthcheck.test if service.healthcheck else ()
            for mount in service.mounts:
                if mount.kind == "bind" and mount.source.startswith(ground.root):
                    files[mount.source] = None
        self._words = "\n".join(words)
        texts = (ground.host.read_text(path, 100_000) or "" for path in files)
        self._files = "\n".join(texts)

    def holds(self, group: Sequence[Member]) -> bool:
        """Tell whether a secret of the group is also written where nothing of ours reaches it."""
        return self.in_files(group) or self.in_words(group)

    def in_files(self, group: Sequence[Member]) -> bool:
        """Tell whether a secret of the group is written in a file that a service mounts."""
        return any(text in self._files for text in secrets_of(group) if len(text) > 3)

    def in_words(self, group: Sequence[Member]) -> bool:
        """Tell whether a secret of the group is written in a command, but for a variable's."""
        told = {member.use.value for member in group if member.use.origin in _BY_NAME}
        wanted = (text for text in secrets_of(group) if len(text) > 3 and text not in told)
        return any(as_word(text).search(self._words) for text in wanted)


_BY_NAME = {Origin.VARIABLE, Origin.DEFAULT}
"""Values that a command gets through the name of their variable."""
