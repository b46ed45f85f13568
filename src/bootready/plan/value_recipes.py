"""A group of values that share one secret -> how to make the secret, and each of its members."""

from __future__ import annotations

from collections.abc import Sequence

from bootready.knowledge.values.halves import (
    Claims,
    key_kind,
    made_of,
    public_stem,
    role_claims,
)
from bootready.knowledge.values.meaning import hash_stem, recipe_for
from bootready.knowledge.values.recipe import Recipe
from bootready.model.action import HASHES, SIGNING_KEYS, SecretKind
from bootready.plan.value_groups import Member


def group_recipe(group: Sequence[Member]) -> Recipe:
    """Return the recipe of a group: the first that a comment or a name tells of.

    A placeholder for what is made of a value that is not in the group.
    """
    seeds = [member for member in group if member.seed and "://" not in member.before]
    bases = [member for member in seeds if not _is_made_here(member, group)]
    if any(_needs_another(name) for member in bases for name in member.use.names):
        return Recipe(SecretKind.PLACEHOLDER)
    found = [_told(name, member) for member in bases for name in _called(member)]
    made = next((one for one in found if one != Recipe()), Recipe())
    if made.kind is SecretKind.RSA:
        # The comment on the public half may be the one that tells.
        words = "\n".join(f"{one.use.comment}\n{one.use.value}" for one in group)
        return Recipe(key_kind(words))
    inside = any(member.before or member.after for member in group)
    if inside and made.kind is SecretKind.HTPASSWD:
        return Recipe(SecretKind.BCRYPT)  # the name of the user stands before it
    if inside and made.kind is SecretKind.BASE64 and not made.before:
        return Recipe(SecretKind.PASSWORD, made.length)  # its padding would have to be escaped
    return made


def told_recipe(member: Member) -> Recipe:
    """Return the recipe that a comment or a name of `member` tells of."""
    found = [_told(name, member) for name in _called(member)]
    return next((one for one in found if one != Recipe()), Recipe())


def kind_for(recipe: Recipe, member: Member) -> SecretKind:
    """Return what a member of the group with `recipe` gets; PLACEHOLDER where nobody can tell."""
    if member.kind is not None:
        return member.kind
    names = member.use.names
    if recipe.kind is SecretKind.VAPID:
        public = any("public" in name.lower() for name in names)
        return SecretKind.VAPID_PUBLIC if public else recipe.kind
    if recipe.kind in SIGNING_KEYS and any(public_stem(name) is not None for name in names):
        return SecretKind.PUBLIC_KEY
    if any(map(role_claims, names)):
        return SecretKind.JWT
    if recipe.kind not in HASHES and any(map(hash_stem, names)):
        kinds = [_told(name, member).kind for name in _called(member)]
        kind = next((one for one in kinds if one in HASHES), SecretKind.PLACEHOLDER)
        return SecretKind.BCRYPT if member.before and kind is SecretKind.HTPASSWD else kind
    return recipe.kind


def claims_of(member: Member) -> Claims:
    """Return what the token that `member` is says, names and values as JSON."""
    return member.claims or next(
        (made for name in member.use.names if (made := role_claims(name))), ()
    )


def _called(member: Member) -> tuple[str, ...]:
    return (*member.use.keys, member.use.name)


def _told(name: str, member: Member) -> Recipe:
    use = member.use
    label = any("basicauth.users" in str(key).lower() for key in use.place.path)
    told = "htpasswd -n" if label else ""
    return recipe_for(name, f"{use.comment}\n{use.value}\n{told}", use.images)


def _is_made_here(member: Member, group: Sequence[Member]) -> bool:
    """Tell whether another member of the group is what `member` is made of."""
    bases = [name for other in group if other is not member for name in other.use.names]
    return any(made_of(name, base) for name in member.use.names for base in bases)


def _needs_another(name: str) -> bool:
    """Tell whether a value can only be made of another one."""
    return bool(role_claims(name)) or public_stem(name) is not None
