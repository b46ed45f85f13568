"""A value -> whether it says of itself that it is none: ``replace-me``, ``<token>``, ``xxxx``.

Forms, not lists of values: they were taken from the examples of public repositories and are read
without regard to case and separators. What only a secret would say of itself (``insecure``, ``a
long random string``) counts for secrets alone.
"""

from __future__ import annotations

import itertools
from enum import Enum
from functools import lru_cache

from bootready.knowledge.word_sets import words_in
from bootready.regex import holds_one, regex

_LONGEST = 300
"""Characters; what is longer is a text or a key, and no placeholder."""


class Form(Enum):
    """How far a value is from being a real one."""

    REAL = "real"
    DEMO = "demo"
    """Works, and is known to everybody: ``postgres``, ``secret``, ``admin``."""
    PLACEHOLDER = "placeholder"
    """Says that somebody has to put another value in its place."""


_NOUN = (
    r"(?:secret|key|password|passwd|passphrase|pass|pw|pwd|token|salt|pepper|string|value|cookie"
    r"|credential|hash|seed|phrase|id|uuid)s?"
)

_ANYWHERE = regex(
    r"(?:^|-)(?:please-|must-|do-)?change-?(?:me|this|that|here)(?![a-z]*able)"
    r"|(?:^|-)change-(?:it|your|the|before|in-prod|for-prod|on-prod|to-|default)"
    r"|(?:^|-)(?:to|must|should|needs-to|has-to)-be-"
    r"(?:changed|replaced|set|filled|generated|defined|provided)"
    r"|(?:^|-)replace-?(?:me|this|with|it|by|here|before)(?:-|$)|(?:^|-)to-?replace$"
    r"|(?:^|-)your-[a-z0-9]|(?:^|-)(?:put|insert|enter|paste)-(?:your|the|a|an)-"
    r"|(?:^|-)your(?:pass|secret|domain|token|key|name|email|user|host|server|url|app|api|own|org)"
    r"|-goes-here$|(?:^|-)(?:add|set|put|insert|paste|enter|fill|type|provide)-.*here$"
    r"|^(?:fixme|tbd|placeholder|todo|replaceme|fill-me|fill-in|fillme|set-me|setme|generate-?me)$"
    r"|^(?:x-?){3,}$|(?:^|-)x{4,}(?:-|$)|^bootready-placeholder"
)
"""Forms that no ordinary value has; asked of a value in small letters, its signs made ``-``."""

_STEMS = (
    *("change", "be-", "replace", "your", "put-", "insert-", "enter-", "paste-", "here"),
    *("fixme", "tbd", "placeholder", "todo", "fill", "set-me", "setme", "generate", "xx", "x-x"),
)
"""One of these stands in whatever `_ANYWHERE` finds: to look for them is quicker."""

_OF_SECRETS = regex(
    r"^replace-|insecure|(?:^|-)un-?safe(?:-|$)|not-?(?:so-|very-|really-)?(?:secure|secret)"
    r"|^(?:insert|enter|paste|generate|create|provide|define|choose|pick|set|put|add|use|fill)-"
    rf"(?:[a-z0-9]+-)*{_NOUN}(?:-[a-z0-9]+)*$|^(?:generate|insert)-"
    rf"|^(?:[a-z0-9]+-)*(?:strong|random|long|secure|unique|complex|rand)(?:-[a-z0-9]+)*-?{_NOUN}"
    rf"(?:-|$)|^(?:some|any)-?(?:random|secret|long|strong|secure)|^(?:some|any)-{_NOUN}$"
    rf"|random-?(?:string|key|value|secret|password|token|bytes|chars|characters|hex)"
    r"|at-least-\d+|\d+-?char(?:acter)?s?|\d+-?bytes|min(?:imum)?-\d+|(?:hex|base64)-?(?:string|key)"
    r"|(?:^|-)(?:todo|fixme|placeholder|tbd)(?:-|$)|-here$|^changeit$|^change-it$"
)

_STEMS_OF_SECRETS = (
    *("secure", "safe", "secret", "strong", "random", "long", "unique", "complex", "rand", "some"),
    *("any", "at-least", "char", "bytes", "min", "hex", "base64", "todo", "fixme", "placeholder"),
    *("tbd", "here", "change", "replace-", "insert-", "enter-", "paste-", "generate-", "create-"),
    *("provide-", "define-", "choose-", "pick-", "set-", "put-", "add-", "use-", "fill-"),
)
"""As `_STEMS`, of `_OF_SECRETS`."""

_BRACKETED = regex(
    r"(?i)<(?!no value|nil|none|empty|/)[A-Za-z][^<>@]*>"
    r"|\[(?:your|insert|enter|replace|change|put)[^\]]*\]"
    r"|\{\{?\s*(?:your|insert|enter|replace|change|put)[^}]*\}\}?",
    needs=("<", "your", "insert", "enter", "replace", "change", "put"),
)
_OPENING = frozenset("<[{")
_SIGNS_ONLY = regex(r"\*{3,}|\.{3,}|…|\?{2,}|_{3,}|-{3,}")

_CAMEL = regex(r"(?<=[a-z])(?=[A-Z][a-z])")
_SIGNS = regex(r"[^a-z0-9]+")
_BLANK = regex(r"\s+|\\n|\\r")
_STAND_IN_BODY = regex(r"[xX]{8,}")
_PEM = regex(r"(?s)-----BEGIN [A-Z0-9 ]+-----(?P<body>.*?)(?P<end>-----END [A-Z0-9 ]+-----|$)")
_PEM_BODY = regex(r"[A-Za-z0-9+/=]{56,}")
"""The body of the shortest key, one of ed25519, without line ends."""

_DEMO = words_in(
    """
    secret secrets supersecret mysecret topsecret secretkey mysecretkey supersecretkey sekret
    secretpassword mysecretpassword mysecretpw mysecrettoken mysupersecret secret123
    mysupersecretpassword password passw0rd password1 password12 password123 password1234
    passwd pass pwd pw mypassword pass123 pass1234 admin admin1 admin123 admin1234 adminpass
    adminpassword administrator root rootpass rootpassword toor test test123 testing testpass
    testpassword demo default guest guest123 user userpass userpassword example sample dummy
    fake foo bar foobar dev development local localdev letmein qwerty welcome abc abc123
    postgres postgresql mysql mariadb mongo mongodb redis rabbitmq rabbit minio minioadmin
    minio123 miniosecret grafana elastic elasticsearch clickhouse keycloak dbpass dbpassword
    frog hunter2 mysalt myredissecret token mytoken apikey mykey salt
    """
)
"""Values of secrets that stand in every second example, without signs and in small letters."""


@lru_cache(maxsize=4096)
def form_of(value: str, *, secret: bool) -> Form:
    """Return how real `value` is; `secret` tells that its variable's name means a secret."""
    text = value.strip().strip("\"'").strip()
    if "-----BEGIN " in text and "$" not in text:
        return Form.REAL if _is_key(text) else Form.PLACEHOLDER
    if not text or len(text) > _LONGEST or "$" in text:
        return Form.REAL
    if not text[0].isalnum() and (_BRACKETED.fullmatch(text) or _SIGNS_ONLY.fullmatch(text)):
        return Form.PLACEHOLDER
    if "\n" in text or (" " in text and not secret and len(text) > 60):
        return Form.REAL
    words = _words(text)
    if holds_one(words, _STEMS) and _ANYWHERE.search(words):
        return Form.PLACEHOLDER
    if secret and holds_one(words, _STEMS_OF_SECRETS) and _OF_SECRETS.search(words):
        return Form.PLACEHOLDER
    may_hold = "</" not in text and (secret or "://" in text or "@" in text)
    if may_hold and not _OPENING.isdisjoint(text) and _BRACKETED.search(text):
        return Form.PLACEHOLDER
    return Form.DEMO if secret and _is_demo(words) else Form.REAL


def _is_key(text: str) -> bool:
    """Tell whether a key or certificate in PEM is whole: a body of base64 between its lines."""
    found = _PEM.search(text)
    if found is None:
        return True
    body = _BLANK.sub("", found["body"])
    if ":" in body:
        return True  # headers, as encrypted keys have them
    plain = _PEM_BODY.fullmatch(body) is not None and _STAND_IN_BODY.search(body) is None
    return plain and bool(found["end"])


_STAND_IN_DOMAIN = regex(
    r"(?i)(?:^|[@./])(?:[\w-]+\.)?(?:example\.(?:com|org|net)"
    r"|(?:my|your|some)-?(?:domain|site|host|server|company)[\w-]*(?:\.[a-z]{2,})+"
    r"|domain\.(?:com|tld|org|net)|company\.com|email\.com)(?:[:/]|$)",
    needs=("example.", "domain.", "company.com", "email.com", "my", "your", "some"),
)


def names_nobody(value: str) -> bool:
    """Tell whether the host in `value`, a host name, a URL or a mail address, is an example's."""
    if "." not in value or len(value) > _LONGEST:
        return False
    return _STAND_IN_DOMAIN.search(value.strip().strip("\"'")) is not None


def _words(text: str) -> str:
    """Return `text` in small letters with a ``-`` for each run of signs."""
    if text.isascii() and text.isalnum() and text == text.lower():
        return text
    split = _CAMEL.sub("-", text)
    return _SIGNS.sub("-", split.lower()).strip("-")


def _is_demo(words: str) -> bool:
    plain = words.replace("-", "")
    if plain in _DEMO or (plain.isdigit() and 1 < len(plain) < 12 and _counts(plain)):
        return True
    return len(plain) >= 8 and len(set(plain)) == 1


def _counts(digits: str) -> bool:
    """Tell whether `digits` are all alike or counted up: 1234, 0000. One alone is a switch."""
    steps = {int(b) - int(a) for a, b in itertools.pairwise(digits)}
    return steps <= {0} or steps <= {1, -9}
