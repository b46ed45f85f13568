"""Secrets in texts of containers -> masked."""

import pytest

from bootready.knowledge.secrets.redact import Redactor


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("using sesame-open now", "using **** now"),
        ("postgres://app:hunter22@db/app", "postgres://app:****@db/app"),
        ("password=abc token: def", "password=**** token: ****"),
        ("listening on :80", "listening on :80"),
        ("redis://:hunter22@cache:6379", "redis://:****@cache:6379"),
        ("redis-server --requirepass hunter22", "redis-server --requirepass ****"),
        ("requirepass hunter22", "requirepass ****"),
        ("valkey-cli -a hunter22 ping", "valkey-cli -a **** ping"),
        ("mysqladmin -uroot -phunter22 ping", "mysqladmin -uroot -p**** ping"),
        ("curl -s -u admin:hunter22 http://x", "curl -s -u admin:**** http://x"),
        ("[sh, --api-key, hunter22]", "[sh, --api-key, ****]"),
        ("aws_secret_access_key = hunter22", "aws_secret_access_key = ****"),
        ("SMTP_PASS=hunter22 passphrase: x1", "SMTP_PASS=**** passphrase: ****"),
        ("the password is: hunter22", "the password is: ****"),
        ("Set-Cookie: session=hunter22; Path=/", "Set-Cookie: session=****; Path=/"),
        ("https://hooks.slack.com/services/T0/B0/x", "https://hooks.slack.com/****"),
        ("key sk_live_0123456789 used", "key **** used"),
        ("--password-file=/run/x secret_file: /y", "--password-file=/run/x secret_file: /y"),
        ("secrets: [pw]", "secrets: [pw]"),
        ("password authentication failed", "password authentication failed"),
        ("mkdir -p /data; curl http://x", "mkdir -p /data; curl http://x"),
    ],
)
def test_secrets_are_masked(text, masked):
    assert Redactor(["sesame-open", "on"])(text) == masked


def test_passwords_that_clients_take_by_a_letter_are_masked_in_lists():
    words = ["CMD", "mysqladmin", "-uroot", "-phunter22", "ping"]
    assert Redactor(()).value(words) == ["CMD", "mysqladmin", "-uroot", "-p****", "ping"]
    assert Redactor(()).value(["redis-cli", "-a", "hunter22"]) == ["redis-cli", "-a", "****"]
    assert Redactor(()).value(["mkdir", "-pv", "x"]) == ["mkdir", "-pv", "x"]


def test_lines_keep_their_numbers():
    text = "a\n-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\nb"
    assert Redactor(()).lines(text).split("\n") == ["a", "****", "", "", "b"]
