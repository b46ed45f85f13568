"""Secrets in texts of containers -> masked."""

import pytest

from bootready.boot.redact import Redactor, sensitive


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("using sesame-open now", "using **** now"),
        ("postgres://app:hunter22@db/app", "postgres://app:****@db/app"),
        ("password=abc token: def", "password=**** token: ****"),
        ("listening on :80", "listening on :80"),
    ],
)
def test_secrets_are_masked(text, masked):
    assert Redactor(["sesame-open", "on"])(text) == masked


@pytest.mark.parametrize("name", ["DB_PASSWORD", "API_KEY", "PGPASSWORD", "SLACK_WEBHOOK"])
def test_names_that_hold_secrets(name):
    assert sensitive(name)


@pytest.mark.parametrize("name", ["PWD", "OLDPWD", "PASSWORD_FILE", "KEYBOARD", "HOME"])
def test_names_that_do_not(name):
    assert not sensitive(name)
