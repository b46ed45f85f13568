"""Secrets that are there, and values that are made of them -> wishes for those.

A token that is signed with a key, the public half of a private key, the hash of a password: where
the one is set in an env file and the other is missing, the other is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootready.check.value_uses import Origin, ValueUse
from bootready.knowledge.values.halves import made_of, public_stem, role_claims
from bootready.knowledge.values.meaning import hash_stem
from bootready.knowledge.values.placeholder import Form, form_of
from bootready.model.action import HASHES, GenerateVariable, SecretKind
from bootready.plan.value_groups import Member
from bootready.plan.value_places import Target
from bootready.plan.value_recipes import claims_of, kind_for, told_recipe

_READ = {Origin.VARIABLE, Origin.ENV_FILE}
"""Where an action can name a secret by its file and variable, without its value."""


class Bases:
    """The real secrets of a project that other values may be made of."""

    def __init__(self, uses: Sequence[ValueUse]) -> None:
        self._uses = [use for use in uses if use.origin in _READ and use.value]

    def lacks(self, use: ValueUse) -> bool:
        """Tell whether `use` has no value, and is clearly made of one that is there."""
        if use.value or use.origin not in {Origin.UNSET, Origin.VARIABLE, Origin.ENV_FILE}:
            return False
        return _is_made_of_another(use) and self._base_of(use) is not None

    def derived(
        self, members: Sequence[tuple[Member, list[Target]]]
    ) -> Iterator[tuple[Member, GenerateVariable]]:
        """Yield what makes the members of a group of secrets that are there.

        Nothing where one of them is no such value, or belongs into an override.
        """
        found: list[tuple[Member, GenerateVariable]] = []
        for member, targets in members:
            base = self._base_of(member.use)
            kind = _kind(member)
            if base is None or kind is None or any(target.service for target in targets):
                return
            found += [
                (member, _action(member, target, base, kind)) for target in dict.fromkeys(targets)
            ]
        yield from {action: (member, action) for member, action in found}.values()

    def _base_of(self, use: ValueUse) -> ValueUse | None:
        for base in self._uses:
            names = [(name, other) for name in use.names for other in base.names]
            if any(made_of(name, other) for name, other in names) and _is_sound(use, base):
                return base
        return None


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
        claims=claims_of(member),
        replaces=target.line,
    )
