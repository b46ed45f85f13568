"""Values that say of themselves that they are none, and ordinary ones that only look like it."""

from __future__ import annotations

import random
import re

import pytest

from bootready.knowledge.values import placeholder
from bootready.knowledge.values.placeholder import Form, form_of, names_nobody
from bootready.knowledge.values.randomness import looks_random

ANY = [
    "replace-me",
    "change_this",
    "changeme",
    "!ChangeMe!",
    "__changeme__",
    "ChangeMe_UUIDv4",
    "string:CHANGE_ME",
    "your-key",
    "your_secret_here",
    "<token>",
    "<INSERT_POSTGRES_PASSWORD>",
    "xxx",
    "xxxx-xxxx",
    "REPLACE_WITH_LONG_SECRET",
    "change-this-insecure-key",
    "replace-me-with-a-random-string",
    "your-managed-db-host",
    "your.domain.com",
    "sk_test_your_1234_key_here",
    "to-be-changed",
    "must-be-set",
    "put-your-token-here",
    "*****",
    "...",
    "[your-token]",
    "{{your_key}}",
    "fixme",
    "fill-me",
    "insert_key_here",
    "please-change-me",
    "enter-your-name",
    "CHANGE_BEFORE_DEPLOY",
    "YOURPASSWORD",
    "postgres://app:<password>@db/app",
    "change-it-now",
    "add-value-here",
    "todo",
]

OF_SECRETS = [
    "insecure-secret",
    "insecure_key_for_dev",
    "STRONG_DB_PASSWORD",
    "generate_a_new_key",
    "changeit",
    "SomeRandomStringOf32CharsExactly",
    "a-long-random-string",
    "random_string",
    "not-so-secure",
    "unsafe-key",
    "super-long-secret",
    "use_a_strong_password",
    "at-least-32-characters-of-noise",
    "generate-me-a-key",
    "minimum-32-chars-secret",
    "replace-by-openssl",
    "create-a-secret",
]

DEMO = [
    "secret",
    "password",
    "admin",
    "mysecret",
    "12345678",
    "00000000000",
    "postgres",
    "minioadmin",
]

REAL = [
    "replica",
    "replacement",
    "exchange-menu",
    "passthrough",
    "create-drop",
    "replace-existing",
    "yourls",
    "a8f5f167f44f4964e6c998dee827110c",
    "postgresql://app:gJ3kQ9@db/app",
    "https://shop.test/x",
    "xxl",
    "required",
    "changelog",
    "change-data-capture",
    "Long/Beach",
    "base64:abcdefgh=",
    "use-forwarded",
    "generate",
    "put",
    "insert-only",
    "postgres:16",
    "${REPLACE_ME}",
    "unchangeable",
    "http://localhost:8080",
    "set-cookie",
    "example",
]


@pytest.mark.parametrize("value", ANY)
def test_a_placeholder_says_so_whatever_its_variable_is_called(value):
    assert form_of(value, secret=False) is Form.PLACEHOLDER
    assert form_of(value, secret=True) is Form.PLACEHOLDER


@pytest.mark.parametrize("value", OF_SECRETS)
def test_some_words_are_a_placeholder_for_secrets_only(value):
    assert form_of(value, secret=True) is Form.PLACEHOLDER


@pytest.mark.parametrize("value", DEMO)
def test_what_everybody_knows_is_a_demonstration(value):
    assert form_of(value, secret=True) is Form.DEMO
    assert form_of(value, secret=False) is Form.REAL


@pytest.mark.parametrize("value", REAL)
def test_an_ordinary_value_is_real(value):
    assert form_of(value, secret=False) is Form.REAL


@pytest.mark.parametrize(
    "value", ["1", "0", "gJ3kQ9vX2mZ8", "correct horse battery staple", "", "x" * 400, "line\nline"]
)
def test_a_password_of_a_persons_own_is_real(value):
    assert form_of(value, secret=True) is Form.REAL


def test_the_host_of_an_example_names_nobody():
    assert names_nobody("https://example.com/x")
    assert names_nobody("admin@your-domain.org")
    assert not names_nobody("https://examples.shop.test")
    assert not names_nobody("counterexample.community")


@pytest.mark.parametrize(
    ("value", "random"),
    [
        ("8fJ2kQ7xPz4mWn6vTb3c", True),
        ("a8f5f167f44f4964e6c998dee827110c", True),
        ("6f1c2d3e-8a9b-4c0d-9e1f-2a3b4c5d6e7f", True),
        ("insecure_key_for_development_only", False),
        ("00000000000000000000000000000000", False),
        ("short1A", False),
        ("MyVeryLongSecretPassword", False),
    ],
)
def test_random_values_are_told_from_made_up_ones(value, random):
    assert looks_random(value) is random


@pytest.mark.parametrize(
    ("pattern", "stems"),
    [
        (placeholder._ANYWHERE, placeholder._STEMS),
        (placeholder._OF_SECRETS, placeholder._STEMS_OF_SECRETS),
    ],
    ids=["of any value", "of secrets"],
)
def test_whatever_a_form_finds_has_one_of_its_stems(pattern, stems):
    """Made of the words of the expression itself, joined at random."""
    chance = random.Random(1)
    words = sorted(set(re.findall(r"[a-z]+", pattern.pattern)) | {"x", "7", "32"})
    found = 0
    for _ in range(30_000):
        parts = chance.choices(words, k=chance.randint(1, 4))
        text = "".join(part + chance.choice(["-", "-", ""]) for part in parts).strip("-")
        if pattern.search(text):
            found += 1
            assert any(stem in text for stem in stems), text
    assert found > 1000
