"""Secrets that are there, and values that are made of them -> wishes for those.

A token that is signed with a key, the public half of a private key, the hash of a password: where
the one is set, in an env file or literally in a Compose file, and the other is missing, the other
is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootready.check.value_uses import Origin, ValueUse
from bootready.knowledge.values.halves import made_of, public_stem, role_claims
from bootready.knowledge.values.literal import literal_at
from bootready.knowledge.values.meaning import hash_stem
from bootready.knowledge.values.placeholder import Form, form_of
from bootready.model.action import HASHES, GenerateVariable, SecretKind
from bootready.plan.value_groups import Member
from bootready.plan.value_places import Places, Target
from bootready.plan.value_recipes import claims_of, kind_for, told_recipe

_READ = {Origin.VARIABLE, Origin.ENV_FILE}
"""Where an action can name a secret by its file and variable, without its value."""
_LITERAL = {Origin.ENVIRONMENT, Origin.DEFAULT}
"""Where it can name one by its file and place."""
_MADE = {Origin.UNSET, Origin.VARIABLE, Origin.ENV_FILE, Origin.ENVIRONMENT}
Made = GenerateVariable | tuple[str, str, str]
"""A line of an env file; or a service, its variable, and the text that it gets in the override."""


class Bases:
    """The real secrets of a project that other values may be made of."""

    def __init__(self, uses: Sequence[ValueUse], place: Places) -> None:
        self._uses = [use for use in uses if use.value and _is_readable(use)]
        self._place = place
        self._taken = {*place.project.variables}
        self._taken |= {use.reference.name for use in place.project.uses}

    def lacks(self, use: ValueUse) -> bool:
        """Tell whether `use` has no value, and is clearly made of one that is there."""
        if use.value or use.origin not in _MADE:
            return False
        return _is_made_of_another(use) and self._base_of(use) is not None

    def derived(
        self, members: Sequence[tuple[Member, list[Target]]]
    ) -> Iterator[tuple[Member, Made]]:
        """Yield what makes the members of a group of secrets that are there.

        Nothing where one of them is no such value, or can be set in no file of ours.
        """
        found: dict[Made, Member] = {}
        for member, targets in members:
            base = self._base_of(member.use)
            kind = _kind(member)
            if base is None or kind is None:
                return
            for target in dict.fromkeys(targets):
                actions = tuple(self._set(member, target, base, kind))
                if not actions:
                    return
                for action in actions:
                    found.setdefault(action, member)
        yield from ((member, made) for made, member in found.items())

    def _set(
        self, member: Member, target: Target, base: ValueUse, kind: SecretKind
    ) -> Iterator[Made]:
        """Yield what sets one target: an override is made of no file, but may refer to `.env`."""
        if not target.service:
            yield _action(member, target, base, kind)
            return
        env = self._place.ground.env_file
        if env and self._place.writable(env) and target.name not in self._taken:
            yield _action(member, Target(env, target.name), base, kind)
            yield target.service, target.name, f"${{{target.name}}}"

    def _base_of(self, use: ValueUse) -> ValueUse | None:
        for base in self._uses:
            names = [(name, other) for name in use.names for other in base.names]
            if any(made_of(name, other) for name, other in names) and _is_sound(use, base):
                return base
        return None


def _is_readable(use: ValueUse) -> bool:
    if use.origin in _READ:
        return True
    place = use.place.span
    return use.origin in _LITERAL and literal_at(use.text, place, use.name) == use.value


def _is_made_of_another(use: ValueUse) -> bool:
    names = use.names
    return any(role_claims(name) or public_stem(name) is not None for name in names)


def _is_sound(use: ValueUse, base: ValueUse) -> bool:
    """Tell whether `base` is a real secret, and for a public key a private one in PEM."""
    if "$" in base.value or form_of(base.value, secret=True) is Form.PLACEHOLDER:
        return False
    if not any(public_stem(name) is not None for name in use.names):
        return True
    pem = base.value.strip()
    whole = pem.startswith("-----BEGIN ") and "PRIVATE KEY-----" in pem and "\n" in pem
    return whole and "ENCRYPTED" not in pem


def _kind(member: Member) -> SecretKind | None:
    """Return what is made of the secret, None where nothing tells."""
    use = member.use
    if member.before or member.after:
        return None
    if any(map(role_claims, use.names)):
        return SecretKind.JWT
    if any(public_stem(name) is not None for name in use.names):
        return SecretKind.PUBLIC_KEY
    if any(map(hash_stem, use.names)):
        kind = kind_for(told_recipe(member), member)
        return kind if kind in HASHES else None
    return None


def _action(member: Member, target: Target, base: ValueUse, kind: SecretKind) -> GenerateVariable:
    return GenerateVariable(
        target.path,
        target.name,
        kind,
        source=base.file,
        source_name=base.name,
        source_span=base.place.span if base.origin in _LITERAL else None,
        claims=claims_of(member),
        replaces=target.line,
    )
