"""Two names of secrets -> whether they may mean one; a placeholder -> whether it names its use."""

from __future__ import annotations

import re
from collections.abc import Collection

from bootready.knowledge.values.meaning import spelled
from bootready.knowledge.word_sets import words_in
from bootready.regex import regex

_FAMILIES = (
    words_in("db database mysql mariadb postgres postgresql pg pgsql sql mongo mongodb"),
    words_in("s3 minio aws storage bucket blob"),
    words_in("redis valkey keydb cache broker celery"),
    words_in("rabbitmq rabbit amqp broker celery queue mq"),
    words_in("meili meilisearch search elastic elasticsearch es opensearch typesense"),
    words_in("jwt auth token nextauth session gotrue"),
)
"""Words that name the same thing from its two sides."""
_COMMON = words_in(
    """
    password passwd pass pw pwd secret key keys token salt default root admin user main app api my
    the initial init access server service base
    """
)
"""Words of names that tell nothing of what a secret is for."""
_VOCABULARY = words_in(
    """
    change changeme me this it replace replaceme with your a an the strong long random secret key
    password pass token string insert placeholder super and at least characters chars char in for
    production here generated generate uuidv uuid use set put secure insecure my some please must
    be to value x xx xxx xxxx hex base64 of min minimum
    """
)
"""Words of placeholders that tell nothing of what they stand for."""
_SIDES = regex(
    r"(?:^|_)(?:encode|decode|sign|verify|encrypt|decrypt|client|server|primary|replica|reader"
    r"|writer|internal|external|source|target|producer|consumer)(?=_|$)"
)
"""Words that tell apart the two sides of one secret."""


_SECOND = regex(
    r"(?P<stem>[a-z0-9_]{1,80}?)_(?:secret_access_key|secret_key|app_secret|api_secret|secret|key)"
)
_FIRST = (
    *("secret_id", "app_id", "access_key", "access_key_id", "key_id", "account_id", "account_sid"),
    *("api_id", "site_key", "tenant_id", "api_key", "publishable_key", "application_id"),
)
"""What somebody else issues together with a secret, which is of no use alone."""


def is_second_half(name: str, blank: Collection[str]) -> bool:
    """Tell whether somebody else issues the secret `name`, together with a name that is in `blank`.

    `blank` are the names, as `spelled`, of what has no value.
    """
    found = _SECOND.fullmatch(spelled(name))
    return found is not None and any(f"{found['stem']}_{first}" in blank for first in _FIRST)


def sideless(name: str) -> str:
    """Return `name` without the word that says which side of a secret it is: encode, decode."""
    return _SIDES.sub("", spelled(name)).strip("_")


def akin(one: str, other: str) -> bool:
    """Tell whether nothing says that two names mean different secrets."""
    first, second = _subject(one), _subject(other)
    if not first or not second or first & second:
        return True
    if any(first & family and second & family for family in _FAMILIES):
        return True
    return any(a[:4] == b[:4] for a in first for b in second if min(len(a), len(b)) > 3)


def names_its_use(placeholder: str) -> bool:
    """Tell whether a placeholder says what it stands for: ``STRONG_DB_PASSWORD``."""
    return not set(re.findall(r"[a-z]+", spelled(placeholder))) <= _VOCABULARY


def _subject(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", spelled(name))) - _COMMON
