"""Secrets in texts of containers -> masked."""

import pytest

from bootready.knowledge.secrets.redact import Redactor, redactor_of
from bootready.model.request import Request
from bootready.pipeline import load


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


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://app:p@ss:w0rd/1@db/x", "postgres://app:****@db/x"),
        ("mysql://u:a/b@db:3306/x?o=a@b", "mysql://u:****@db:3306/x?o=a@b"),
        ("https://u:pw@h/x@y?e=a@b", "https://u:****@h/x@y?e=a@b"),
        ("http://h:8080/@scope/x", "http://h:8080/@scope/x"),
        ("redis://cache:6379/0@x", "redis://cache:6379/0@x"),
        ("redis://a:p1@h,redis://b:p2@h", "redis://a:****@h,redis://b:****@h"),
    ],
)
def test_the_password_of_a_url_ends_at_its_last_at(text, masked):
    assert Redactor(())(text) == masked


def test_what_a_program_makes_of_a_split_password_is_masked():
    redact = Redactor(["p@ss:w0rd/1", "main:database/x"])
    assert (
        redact('invalid integer value "w0rd" for "port"')
        == 'invalid integer value "****" for "port"'
    )
    assert redact("database main is up") == "database main is up"


def test_a_placeholder_in_a_tracked_file_is_no_secret(tmp_path):
    text = "services: {a: {image: x, environment: {DB_PASSWORD: postgres, TOKEN: k3x-9a7}}}\n"
    (tmp_path / "compose.yaml").write_text(text)
    project = load(Request(directory=str(tmp_path)), {})
    line = 'FATAL: database "postgres" refuses k3x-9a7'
    assert redactor_of(project, (), lambda value, _: value == "postgres")(line) == (
        'FATAL: database "postgres" refuses ****'
    )
    assert redactor_of(project, ())(line) == 'FATAL: database "****" refuses ****'
    assert redactor_of(project, ("postgres",), lambda value, _: value == "postgres")(
        line
    ) == redactor_of(project, ())(line)


def test_passwords_that_clients_take_by_a_letter_are_masked_in_lists():
    words = ["CMD", "mysqladmin", "-uroot", "-phunter22", "ping"]
    assert Redactor(()).value(words) == ["CMD", "mysqladmin", "-uroot", "-p****", "ping"]
    assert Redactor(()).value(["redis-cli", "-a", "hunter22"]) == ["redis-cli", "-a", "****"]
    assert Redactor(()).value(["mkdir", "-pv", "x"]) == ["mkdir", "-pv", "x"]


def test_lines_keep_their_numbers():
    text = "a\n-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\nb"
    assert Redactor(()).lines(text).split("\n") == ["a", "****", "", "", "b"]
