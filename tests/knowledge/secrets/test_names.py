"""A name -> whether its value is a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootready.knowledge.secrets.names import may_name_a_secret, names_a_secret, ours_to_choose


def words(text):
    return text.split()


SECRET = words(
    """
    DB_PASSWORD DB_PASS DB_PWD SENTRY_DSN SLACK_WEBHOOK SLACK_WEBHOOK_URL BASIC_AUTH APP_KEY
    SIGNING_KEY ADMIN_PW SESSION_COOKIE PASSCODE PGPASSWORD X_API_TOKEN API_KEY STRIPE_SK
    PASSWORD_SALT dbPassword apiKey AccountKey SharedAccessKey Pwd password
    AWS_SECRET_ACCESS_KEY CLIENT_SECRET SECRET_KEY_BASE PASSWORD_RESET_TOKEN MYSQL_ROOT_PASSWORD
    REDISCLI_AUTH DBPASS DBPW JWT_SECRET ADMIN_JWT GITHUB_PAT GITHUB_TOKEN NPM_TOKEN
    splunk-token requirepass masterauth api-key API_KEY_STRIPE DB_PASSWORD_PROD DB_PASSWORD_2
    TLS_KEY ENCRYPTION_KEYS ConnectionStrings__Default AZURE_STORAGE_CONNECTION_STRING
    VAULT_SECRET_ID FERNET_KEY PRIVATE_KEY aws_secret_access_key private_key SMTP_PASSPHRASE
    GF_SECURITY_ADMIN_PASSWORD KEYCLOAK_ADMIN_PASSWORD passphrase secret token API_TOKENS APIKEY
    AUTH_TOKEN bearerToken WALLET_MNEMONIC PASSWORD_HASH LICENSE_KEY
    traefik.http.middlewares.x.basicauth PASSWORD PASS COOKIE_SECRET SECRET1 TOKEN_2 MYSECRET
    KUBECONFIG_DATA PASSWORDS HASHED_PASSWORD SITE_SECRET_KEY SITE_ENCRYPTION_KEY SITE_PRIVATE_KEY
    MY_SITE_API_KEY PUBLISHABLE_SECRET_KEY SITE_SIGNING_KEY BOT_TOKEN_NOTIFICATIONS TOKEN_CRON
    SMTP_PASSWORD_NOTIFICATION SLACK_WEBHOOK_NOTIFICATIONS WEBHOOK_NOTIFICATIONS_URL SECRET_CHANGE
    """
)

HARMLESS = words(
    """
    KEYCLOAK_URL PASSWORD_MIN_LENGTH TOKENIZERS_PARALLELISM PRIMARY_KEY_COLUMN PWD OLDPWD
    PASSWORD_FILE KEYBOARD HOME TOKEN_URL ACCESS_KEY_ID CLIENT_ID KEY_PREFIX MONKEY COMPASS_URL
    BYPASS PUBLIC_KEY MAX_TOKENS MAX_NEW_TOKENS TOKEN_TTL TOKEN_EXPIRES_IN COOKIE_DOMAIN
    COOKIE_NAME ENABLE_AUTH REQUIRE_PASSWORD ALLOW_EMPTY_PASSWORD MYSQL_ALLOW_EMPTY_PASSWORD
    POSTGRES_HOST_AUTH_METHOD PASSWORD_RESET_URL SECRETS_DIR secrets SECRET_NAME AUTH_URL
    GF_AUTH_ANONYMOUS_ENABLED PGPASSFILE KEYSPACE SORT_KEY CACHE_KEY PASS_THROUGH DATABASE_URL
    WEBHOOK_PORT PASSWORD_POLICY NEXT_PUBLIC_API_KEY AUTHOR KEYFILE PASSENGER_APP_ENV
    TOKENS_PER_MINUTE_LIMIT SECRETARY_EMAIL HASHICORP_URL COOKIE_SECURE SALT_ROUNDS TURKEY
    HOCKEY WHISKEY PATH PATTERN DOCKER_HOST credential_spec SESSION_TIMEOUT KEY_PATH
    SSH_AUTH_SOCK AUTH SECRET_KEY_FILE HOTKEY passwd_file USE_TOKEN KEY_ID USERNAME BUCKET_NAME
    TOKENIZER_MODEL PASSIVE_MODE DISPATCH PATCH NUM_KEYS STRIPE_PUBLISHABLE_KEY RECAPTCHA_SITE_KEY
    PUBLISHABLE_API_KEY NEXT_PUBLIC_FIREBASE_API_KEY PASSWORD_CHANGED_NOTIFICATION_ENABLED
    """
)


@pytest.mark.parametrize("name", SECRET)
def test_names_that_mean_a_secret(name):
    assert names_a_secret(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_names_that_do_not(name):
    assert not names_a_secret(name)


@pytest.mark.parametrize("name", ["DB_PASSWORD", "SECRET_KEY_BASE", "APP_KEY", "PGPASSWORD"])
def test_what_is_ours_to_choose(name):
    assert ours_to_choose(name)


@pytest.mark.parametrize("name", ["SENTRY_DSN", "SLACK_WEBHOOK", "SMTP_AUTH", "HOME"])
def test_what_another_service_issues_is_not_ours_to_choose(name):
    assert not ours_to_choose(name)


def test_a_name_of_any_length_is_judged():
    assert names_a_secret("A_" * 100_000 + "PASSWORD")
    assert not names_a_secret("A_" * 100_000)


WORDS = sorted(
    {word for name in (*SECRET, *HARMLESS) for word in name.replace("-", "_").split("_")}
)


@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "_", "-", ".", "2"])), max_size=4
    ),
    st.sampled_from([str.lower, str.upper, str.title, str]),
)
def test_a_text_without_a_part_of_a_secret_name_has_no_such_name(parts, written):
    name = written("".join(word + sign for word, sign in parts))
    assert may_name_a_secret(f"say {name}=1") or not names_a_secret(name)


@pytest.mark.parametrize("name", SECRET)
def test_the_name_of_a_secret_is_looked_for_where_one_may_be(name):
    assert may_name_a_secret(name)
    assert may_name_a_secret(name.upper())


def test_most_texts_are_not_looked_through():
    assert not may_name_a_secret("service 'web': image 'registry.local/app/web:1.2' is not here")
