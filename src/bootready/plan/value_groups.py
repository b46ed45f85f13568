"""Values that are none, and all values -> groups that have to share one secret.

Two places must agree where they name the same thing: a variable that two services get, a password
that a URL repeats, a token that was signed with the key. What agrees in an example agrees
afterwards too; giving two places one secret does no harm, giving them two may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bootready.check.placeholders import LOGIN, Faulty
from bootready.check.value_uses import ValueUse
from bootready.knowledge.secrets.names import names_a_secret
from bootready.knowledge.values.halves import (
    Claims,
    made_of,
    private_stem,
    public_stem,
    role_claims,
)
from bootready.knowledge.values.kinship import akin, names_its_use, sideless
from bootready.knowledge.values.meaning import hash_stem, spelled
from bootready.model.action import SecretKind
from bootready.regex import regex
from bootready.typed import NamedTuple

_NAMED = regex(
    r"(?i)(?:password|passwd|pwd|secret|token|auth)\s?[=:]\s?[\"']?(?P<secret>[^;,&\s\"'$]+)"
)
"""A secret by name within a text: a connection string, or the query of a URL."""


class Member(NamedTuple):
    """A value that gets the secret of its group: as it is, within a text, or made of it."""

    use: ValueUse
    before: str = ""
    after: str = ""
    kind: SecretKind | None = None
    """What is made of the secret, None for the secret itself."""
    claims: Claims = ()
    seed: bool = False
    """Whether it is one of the values that are none; the others only follow."""


def grouped(seeds: Sequence[Faulty], uses: Sequence[ValueUse]) -> list[list[Member]]:
    """Return the groups, each with its seeds first; every use is in one group at most."""
    members = [_seed(one.use) for one in seeds]
    known = _Known(members)
    taken = {_key(one.use) for one in members}
    followers = [
        made for use in uses if _key(use) not in taken and (made := _follower(use, members, known))
    ]
    everything = members + [member for member, _ in followers]
    groups = _Union(len(everything))
    for first, one in enumerate(members):
        for second in known.near(one):
            if second < first and _agree(one, members[second]):
                groups.join(first, second)
    for number, (_, places) in enumerate(followers, len(members)):
        for place in places:
            groups.join(number, place)
    return [[everything[index] for index in group] for group in groups.sets()]


class _Known:
    """The seeds by what two that agree have in common: their secret, or a name."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.by_secret: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        for place, member in enumerate(members):
            secret = secret_of(member)
            if secret:
                self.by_secret.setdefault(secret, []).append(place)
            for name in _pairing(member):
                self._by_name.setdefault(name, []).append(place)

    def near(self, member: Member) -> set[int]:
        """Return the seeds that may agree with `member`."""
        found = set(self.by_secret.get(secret_of(member), ()))
        for name in _pairing(member):
            found.update(self._by_name[name])
        return found


def _pairing(member: Member) -> set[str]:
    """Return what `member` has in common with those that it may agree with."""
    names = names_of(member)
    found = {"vapid" if "vapid" in name else name for name in names}
    for name in names:
        stem = private_stem(name)
        stem = public_stem(name) if stem is None else stem
        found |= set() if stem is None else {f"pair of {stem}"}
        found |= {spelled(name), hash_stem(name) or name}
        found |= {"jwt_secret"} if role_claims(name) or name.endswith("jwt_secret") else set()
    return found


def _key(use: ValueUse) -> tuple[str, int, str, str]:
    return use.file, use.place.span.line, use.name, use.origin.name


def _seed(use: ValueUse) -> Member:
    login = LOGIN.search(use.value)
    if login is not None:
        before = use.value[: login.start("password")]
        return Member(use, before, use.value[login.end("password") :], seed=True)
    head, colon, _ = use.value.partition(":")
    if colon and head.isalpha() and head.islower() and " " not in use.value and head != "base64":
        return Member(use, f"{head}:", seed=True)  # `string:CHANGE_ME`
    return Member(use, seed=True)


def secret_of(member: Member) -> str:
    """Return the part of the value of `member` that is the secret, '' for none."""
    text = member.use.value
    return text[len(member.before) : len(text) - len(member.after)] if text else ""


def _agree(one: Member, other: Member) -> bool:
    first, second = one.use, other.use
    names = names_of(one) & names_of(other)
    if all("vapid" in name for name in names_of(one) | names_of(other)):
        return True  # the halves of one pair
    if _is_made_of(first, second) or _is_made_of(second, first):
        return True
    if secret_of(one) != secret_of(other):
        return bool(names) and not (first.value or second.value)
    if names or one.before.count("://") or other.before.count("://"):
        return True
    if not first.value:
        return False
    if {sideless(name) for name in first.names} & {sideless(name) for name in second.names}:
        return True
    if set(first.services) & set(second.services):
        return False
    return names_its_use(secret_of(one)) or any(
        akin(name, other_name) for name in first.names for other_name in second.names
    )


def _is_made_of(one: ValueUse, other: ValueUse) -> bool:
    return any(made_of(name, base) for name in one.names for base in other.names)


def names_of(member: Member) -> set[str]:
    """Return everything that the value of `member` is called, in small letters."""
    return {name.lower() for name in member.use.names}


def _follower(
    use: ValueUse, seeds: Sequence[Member], known: _Known
) -> tuple[Member, list[int]] | None:
    """Return `use` as a member and the seeds whose secret it repeats, None where it does not."""
    if not use.value or not known.by_secret:
        return None
    for group, found in (
        ("password", LOGIN.search(use.value)),
        ("secret", _NAMED.search(use.value)),
    ):
        places = known.by_secret.get(found[group], []) if found is not None else []
        if found is not None and places:
            start, end = found.span(group)
            return Member(use, use.value[:start], use.value[end:]), places
    if use.value.startswith("eyJ"):
        for secret, places in known.by_secret.items():
            claims = signed_claims(use.value, secret)
            if claims is not None:
                return Member(use, kind=SecretKind.JWT, claims=claims), places
    if any(names_a_secret(name) for name in use.names):
        same = known.by_secret.get(use.value, [])
        places = [place for place in same if _agree(seeds[place], Member(use))]
        if places:
            return Member(use), places
    return None


def signed_claims(token: str, key: str) -> Claims | None:
    """Return the claims of `token`, a JWT signed with `key` (HS256), None for any other text."""
    head, first, rest = token.partition(".")
    body, second, signature = rest.partition(".")
    if not (first and second and key and head.startswith("eyJ")) or len(token) > 10_000:
        return None
    import base64
    import binascii
    import hashlib
    import hmac
    import json

    made = hmac.new(key.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    if base64.urlsafe_b64encode(made).rstrip(b"=").decode() != signature:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(claims, dict):
        return None
    return tuple((str(name), json.dumps(value)) for name, value in claims.items())


class _Union:
    """Sets of numbers that are joined pair by pair."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def top(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.top(one), self.top(other)))
        self._above[second] = first

    def sets(self) -> Iterable[list[int]]:
        found: dict[int, list[int]] = {}
        for number in range(len(self._above)):
            found.setdefault(self.top(number), []).append(number)
        return found.values()


def secrets_of(group: Sequence[Member]) -> Iterator[str]:
    """Yield the texts that the members of `group` have for a secret today."""
    for member in group:
        if member.seed and secret_of(member):
            yield secret_of(member)
