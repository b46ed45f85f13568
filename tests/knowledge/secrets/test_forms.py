"""A text -> the same text with what looks like a secret masked."""

import pytest

from bootready.knowledge.secrets.forms import masked, masked_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("image: reg.example/u:ZZ21img@x/y:1", "image: reg.example/u:****@x/y:1"),
        (
            "--requirepass ZZ22 --password ZZ23 --api-key=ZZ24",
            "--requirepass **** --password **** --api-key=****",
        ),
        ("SMTP: 'user=x;pass=ZZ09inline'", "SMTP: 'user=x;pass=****'"),
        ("args: {NPM_TOKEN: ZZ16arg, A: b}", "args: {NPM_TOKEN: ****, A: b}"),
        ('["POSTGRES_PASSWORD=ZZ26 list", "B"]', '["POSTGRES_PASSWORD=****", "B"]'),
        ("${UNSET_PASSWORD:-ZZ25default}", "${UNSET_PASSWORD:-****}"),
        ("echo token ZZ03logtok", "echo token ****"),
        ("users: admin:$$apr1$$ZZ11htpw$$abcdefgh", "users: admin:****"),
        ("echo # -pZZ10", "echo # -p****"),
        ("curl -u admin:ZZ13hc http://x", "curl -u admin:**** http://x"),
        ("--password=${DB_PASSWORD}", "--password=${DB_PASSWORD}"),
        ("image: a/b:1@sha256:0123456789", "image: a/b:1@sha256:0123456789"),
        (
            "secret 'db_password': file './x' is missing",
            "secret 'db_password': file './x' is missing",
        ),
        ('test "$PW" = ok', 'test "$PW" = ok'),
    ],
)
def test_secrets_are_masked_and_the_rest_is_kept(text, shown):
    assert masked(text) == shown


def test_words_of_a_command_are_judged_by_the_word_before():
    words = ["redis-server", "--requirepass", "ZZ22", "--port", "6379"]
    assert masked_words(words) == ["redis-server", "--requirepass", "****", "--port", "6379"]
