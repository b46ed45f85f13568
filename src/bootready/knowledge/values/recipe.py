"""A comment, or the message of a required variable -> the recipe of a value that it tells.

``openssl rand -hex 32``, ``pwgen -s 64 1`` and their kin are recipes that a program can follow.
"""

from __future__ import annotations

import re

from bootready.model.action import SecretKind
from bootready.regex import regex
from bootready.typed import NamedTuple

LEAST = 16
"""Bytes of randomness that no secret has less of: 128 bits."""
_MOST = 512


class Recipe(NamedTuple):
    """What a value is made like; `length` are bytes of randomness, of `characters` their count.

    `before` stands in front of the value: ``base64:``.
    """

    kind: SecretKind = SecretKind.PASSWORD
    length: int = 32
    before: str = ""


_OPENSSL = regex(
    r"openssl\s+rand\s+(?:-out\s+\S+\s+)?(?:(?P<form>-hex|-base64)\s+)?(?P<count>\d+)?"
    r"(?:\s+(?P<late>-hex|-base64))?(?P<rest>[^\n`]{0,80})",
    needs=("openssl",),
)
_PWGEN = regex(r"pwgen\b(?P<options>(?:\s+-{1,2}[\w-]+)*)(?:\s+(?P<count>\d+))?", needs=("pwgen",))
_URANDOM = regex(
    r"(?:head|dd)\b[^|\n]{0,60}(?:-c\s*|bs=\d+ count=|bs=|--bytes=)(?P<count>\d+)[^|\n]{0,60}"
    r"\|\s*(?P<form>base64|xxd|hexdump|od)",
    needs=("|",),
)
_SUM = regex(
    r"\|\s*(?:(?P<sum>md5|sha\d*)sum(?:\s+-a\s*(?P<bits>\d+))?"
    r"|openssl\s+(?:dgst\s+-)?(?P<digest>md5|sha\d+))\b"
    r"(?P<encoded>[^\n`]{0,20}\|\s*(?:openssl\s+)?base64\b)?"
    r"(?:[^\n`]{0,60}?(?:head -c\s?|cut -c\s?1?-|cut -b\s?1?-)(?P<count>\d+))?",
    needs=("|",),
)
_BYTES_OF_SUMS = {"md5": 16, "sha": 20, "sha1": 20, "sha224": 28, "sha384": 48, "sha512": 64}
"""How long a checksum is, whatever it is made of; 32 bytes for the others."""
_FOLDED = regex(
    r"tr\s+-dc\b[^\n]{0,80}\bhead\s+-c\s*(?P<count>\d+)|fold\s+-w\s*(?P<width>\d+)",
    needs=("-dc", "fold"),
)
_CALLS: tuple[tuple[str, SecretKind, int], ...] = (
    (r"token_hex\((\d*)\)|SecureRandom\.hex\(?(\d*)\)?", SecretKind.HEX, 32),
    (r"token_urlsafe\((\d*)\)|urlsafe_base64\(?(\d*)\)?", SecretKind.URL_SAFE, 32),
    (r"randomBytes\((\d+)\)\.toString\(['\"]hex", SecretKind.HEX, 32),
    (r"randomBytes\((\d+)\)\.toString\(['\"]base64url", SecretKind.URL_SAFE, 32),
    (r"randomBytes\((\d+)\)\.toString\(['\"]base64", SecretKind.BASE64, 32),
    (r"Fernet(?:\.generate_key)?\b|\bfernet key\b", SecretKind.FERNET, 32),
    (r"uuidgen|uuid\.?v?4|(?<![A-Za-z])UUID(?:v?4)?(?![A-Za-z])|random/uuid", SecretKind.UUID, 16),
    (r"openssl genrsa|genpkey\b[^\n]{0,40}\bRSA\b", SecretKind.RSA, 32),
    (
        r"htpasswd\s+(?:-\S+\s+)*-\w*n[^\n]{0,80}\|\s*(?:tr -d|cut -d|sed)[^\n]{0,10}:",
        SecretKind.BCRYPT,
        32,
    ),
    (r"htpasswd\s+(?:-\S+\s+)*-\w*n", SecretKind.HTPASSWD, 32),
    (r"caddy hash-password|\bbcrypt[- ](?:hash|encoded|password)", SecretKind.BCRYPT, 32),
    (r"web-push generate-vapid|generate_key_pair.*vapid|vapid:generate", SecretKind.VAPID, 32),
    (r"phx\.gen\.secret(?:\s+(\d+))?", SecretKind.CHARACTERS, 64),
    (r"(?:rails|rake|rails_secret)\s+secret\b", SecretKind.HEX, 64),
    (r"\bwg genkey\b", SecretKind.BASE64, 32),
    (r"get_random_secret_key|makepasswd|\bapg\b", SecretKind.PASSWORD, 37),
    (r"gpg\s+--gen-random\s+\S+(?:\s+\S+){0,2}\s+(\d+)", SecretKind.BASE64, 32),
)
_PROGRAMS = regex(
    r"artisan key:generate|token_(?:hex|urlsafe)\(|randomBytes\(|SecureRandom\.|phx\.gen\.secret"
    r"|htpasswd\s+-\S*n|caddy hash-password|openssl gen(?:rsa|pkey)"
    r"|uuidgen|generate-vapid|\bwg genkey|rails secret|rake secret|get_random_secret_key",
    needs=(
        *("artisan", "token_", "randombytes", "securerandom", "phx.gen", "htpasswd", "caddy"),
        *("openssl", "uuidgen", "generate-vapid", "genkey", "s secret", "e secret", "get_random"),
    ),
)
_LARAVEL = regex(
    r"artisan key:generate|base64:\W*[;$`\"'(]|['\"]base64:['\"]",
    re.IGNORECASE,
    needs=("artisan", "base64:"),
)
_WORDED: tuple[tuple[str, SecretKind, int], ...] = (
    (r"(\d+)[- ]?(?:byte|bytes)[- ](?:long[- ])?(?:random[- ])?hex", SecretKind.HEX, 1),
    (
        (
            r"(\d+)[- ]?(?:random )?(?:hex(?:adecimal)?)[- ](?:encoded )?(?:char|digit|string)"
            r"|(\d+)[- ](?:char|character)s?[- ](?:long[- ])?hex"
        ),
        SecretKind.HEX,
        2,
    ),
    (
        r"(\d+)[- ]?bytes?\b[^.\n]{0,30}base64|base64[^.\n]{0,30}?\b(\d+)[- ]?bytes?",
        SecretKind.BASE64,
        1,
    ),
    (
        (
            r"(?<!at least )(?<!than )(?<!minimum )(?<!min )(?<!\d)"
            r"(\d+)[- ]?(?:random )?char(?:acter)?s?"
            r"(?![- ](?:minimum|or more|at least))"
        ),
        SecretKind.CHARACTERS,
        1,
    ),
)
_HEX_WORD = regex(r"\bhex(?:adecimal)?\b", re.IGNORECASE)
_BASE64_WORD = regex(r"base-?64(?:[- _]?(?:key|encoded|string))\b", re.IGNORECASE)

_CHANGE = regex(
    r"\bchange[-_ ]?me\b|\b(?:please |must |should |to )?change "
    r"(?:this|it|these|them|the default)\b"
    r"|\bmust be (?:changed|replaced|set|generated|unique|random|a |an |at least|kept)"
    r"|\b(?:should|has to|needs to) be (?:changed|replaced|generated|random)"
    r"|\breplace (?:this|me|with|it)\b|\bset (?:this )?to (?:a|an|some|your)\b.{0,20}"
    r"(?:random|secure|strong|long|unique|secret)"
    r"|\bgenerate (?:a|an|one|it|this|these|with|your|using|via|random|new|strong|secure)\b"
    r"|\b(?:use|choose|pick|provide) (?:a|an)?\s?(?:\w+,? ){0,2}"
    r"(?:random|strong|long|secure|unique)"
    r"|\b(?:long|strong|secure|unique) random\b|\brandom (?:string|secret|key|value|token|bytes)\b"
    r"|\bgenerated? (?:with|by|via|using)\b|\bexample (?:value|secret|key|password) only\b"
    r"|\bdo not use (?:this|it|in production)\b|\binsecure\b|\[mandatory\]",
    re.IGNORECASE,
    needs=(
        *("change", "must be", "should be", "has to be", "needs to be", "replace", "set to"),
        *("set this to", "generate", "random", "strong", "long", "secure", "unique", "example"),
        *("do not use", "[mandatory]"),
    ),
)
_REFUSES = regex(
    r"(?:will|does|do|can)(?:\s?not|n[o']t|n't) (?:start|boot|run|launch)|won't (?:start|boot|run)"
    r"|refuses? to (?:start|boot|run|launch)|fails? to (?:start|boot)|crash(?:es)? (?:if|when|with)"
    r"|(?:is|are) (?:refused|rejected) (?:at|on) start",
    re.IGNORECASE,
    needs=("start", "boot", "run", "launch", "crash"),
)
_REQUIRED = regex(
    r"\brequired\b|\bmandatory\b|\bmust be set\b|\bmust set\b",
    re.IGNORECASE,
    needs=("required", "mandatory", "must"),
)
_OPTIONAL = regex(
    r"\boptional(?:ly)?\b|\bnot required\b|\bonly (?:if|when|needed|required)\b|\bleave (?:it )?"
    r"(?:empty|blank)\b|\bif (?:you|enabled|using|empty|blank|unset)\b|\bunset to\b"
    r"|\bdefaults? to (?:an )?empty\b|\bempty by default\b|\bdisabled?\b",
    re.IGNORECASE,
    needs=("optional", "required", "only", "leave", "if ", "unset", "empty", "disable"),
)


def recipe_in(text: str) -> Recipe | None:
    """Return the recipe that `text` tells, None where it tells none."""
    if not text:
        return None
    before = "base64:" if _LARAVEL.search(text) else ""
    made = _command(text) or _called(text)
    if made is None and before:
        made = Recipe(SecretKind.BASE64, 32)
    if made is None:
        return _worded(text)
    return made._replace(before=before) if made.kind is SecretKind.BASE64 else made


def asks_to_change(text: str) -> bool:
    """Tell whether `text` says that the value beside it is to be replaced or generated."""
    return bool(text) and (
        _CHANGE.search(text) is not None
        or _command(text) is not None
        or _PROGRAMS.search(text) is not None
    )


def says_refused(text: str) -> bool:
    """Tell whether `text` says that the program does not start with such a value."""
    return bool(text) and _REFUSES.search(text) is not None


def says_required(text: str) -> bool:
    """Tell whether `text` says that there must be a value."""
    return bool(text) and _REQUIRED.search(text) is not None and not says_optional(text)


def says_optional(text: str) -> bool:
    """Tell whether `text` says that no value is needed."""
    return bool(text) and _OPTIONAL.search(text) is not None


def _command(text: str) -> Recipe | None:
    return _sum(text) or _openssl(text) or _pwgen(text) or _urandom(text)


def _sum(text: str) -> Recipe | None:
    """Return the recipe of a checksum, which is as long whatever goes into it."""
    found = _SUM.search(text)
    if found is None:
        return None
    if found["count"]:
        return Recipe(SecretKind.CHARACTERS, min(max(int(found["count"]), 22), _MOST))
    bits = found["bits"]
    name = f"sha{bits}" if bits else found["sum"] or found["digest"]
    kind = SecretKind.BASE64 if found["encoded"] else SecretKind.HEX
    return Recipe(kind, _BYTES_OF_SUMS.get(name, 32))


def _openssl(text: str) -> Recipe | None:
    found = _OPENSSL.search(text)
    if found is None:
        return None
    form = found["form"] or found["late"] or "-hex"
    count = _bytes(found["count"], 32)
    if form == "-hex":
        return Recipe(SecretKind.HEX, count)
    mapped = re.search(r"tr\s+['\"]?\+/", found["rest"])
    stripped = re.search(r"tr\s+-d\s+['\"]?[=+/\\n]*[+/]", found["rest"])
    if stripped:
        return Recipe(SecretKind.PASSWORD, count)
    return Recipe(SecretKind.URL_SAFE if mapped else SecretKind.BASE64, count)


def _pwgen(text: str) -> Recipe | None:
    found = _PWGEN.search(text)
    if found is None or not (found["count"] or found["options"]):
        return None
    return Recipe(SecretKind.CHARACTERS, min(max(int(found["count"] or 32), 22), _MOST))


def _urandom(text: str) -> Recipe | None:
    found = _URANDOM.search(text)
    if found is not None:
        kind = SecretKind.BASE64 if found["form"] == "base64" else SecretKind.HEX
        return Recipe(kind, _bytes(found["count"], 32))
    folded = _FOLDED.search(text)
    if folded is None:
        return None
    count = int(folded["count"] or folded["width"])
    return Recipe(SecretKind.CHARACTERS, min(max(count, 22), _MOST))


def _called(text: str) -> Recipe | None:
    for pattern, kind, usual in _CALLS:
        found = re.search(pattern, text)
        if found is not None:
            count = next((one for one in found.groups() if one), "")
            if kind is SecretKind.CHARACTERS:
                return Recipe(kind, int(count or usual))
            return Recipe(kind, _bytes(count, usual))
    return None


def _worded(text: str) -> Recipe | None:
    for pattern, kind, divisor in _WORDED:
        found = re.search(pattern, text, re.IGNORECASE)
        if found is not None:
            count = int(next(one for one in found.groups() if one))
            if not 8 <= count <= _MOST:
                continue
            if kind is SecretKind.CHARACTERS:
                return Recipe(kind, count)
            return Recipe(kind, max(count // divisor, LEAST))
    if _BASE64_WORD.search(text):
        return Recipe(SecretKind.BASE64, 32)
    return None


def _bytes(count: str | None, usual: int) -> int:
    return min(max(int(count or usual), LEAST), _MOST)
