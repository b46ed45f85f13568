"""A text -> the same text with what looks like a secret masked."""

import re

import pytest

from bootready.knowledge.secrets.forms import OTHERS, TOKENS, masked, masked_words

LETTERS = "Zz1" * 14
FORMS = (
    *("eyJ{0}.{0}.{0}", "xoxb-{0}", "sk-{0}", "glpat-{0}", "github_pat_{0}", "gho_{0}", "npm_{0}"),
    *("AKIA{1}", "ASIA{1}", "sk_live_{0}", "pk_test_{0}", "AIza{0}", "hvs.{0}", "dckr_pat_{0}"),
    *("pypi-{0}", "whsec_{0}", "shpat_{0}", "shpss_{0}", "SG.{0}.{0}", "bot123456789:{0}"),
    *("-----BEGIN RSA PRIVATE KEY-----{0}", "hooks.slack.com/{0}", "/api/webhooks/{0}"),
    *("$2b${0}", "$$apr1$${0}", "$argon2id${0}", "Bearer {0}", "Basic {0}", "?sig={0}"),
)
"""A text of each form; what stands for `{0}` is the secret part."""


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
        ("pw: {file: ./pw}, token: {external: true}", "pw: {file: ./pw}, token: {external: true}"),
        ("secret: {environment: APP_PW}", "secret: {environment: APP_PW}"),
        ("login failed, password: {file: ZZ31}", "login failed, password: ****}"),
        ("password: {a: ZZ32, b: ZZ33", "password: ****"),
    ],
)
def test_secrets_are_masked_and_the_rest_is_kept(text, shown):
    assert masked(text) == shown


def test_words_of_a_command_are_judged_by_the_word_before():
    words = ["redis-server", "--requirepass", "ZZ22", "--port", "6379"]
    assert masked_words(words) == ["redis-server", "--requirepass", "****", "--port", "6379"]


def test_a_secret_is_known_by_its_form_alone():
    for form in FORMS:
        text = f"said {form.format(LETTERS, 'ZZ1' * 5 + 'Z')} and more"
        assert LETTERS not in masked(text), form
        assert "ZZ1ZZ1" not in masked(text), form


def test_every_form_has_a_part_by_which_it_is_looked_for():
    """Or a secret of that form would be passed over where nothing else makes one look."""
    for signs, shape in (*TOKENS, *OTHERS):
        fitting = [
            form for form in FORMS if re.search(shape, form.format(LETTERS, "ZZ1" * 5 + "Z"))
        ]
        assert fitting, f"add a text of the form {shape}"
        parts = signs.split("|")
        assert all(any(part in form for part in parts) for form in fitting), signs
        beside = (f"{part}a$ZZ1ZZ1ZZ1ZZ1".replace("$a$", "$") for part in parts if part[0] == "$")
        assert all(re.search(shape, text) for text in beside), signs
