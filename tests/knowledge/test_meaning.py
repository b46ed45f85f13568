"""What the names of variables ask for: one table of 150 names."""

from __future__ import annotations

import base64
import re
import uuid

import pytest

from bootready.apply.secrets.values import random_value
from bootready.knowledge.values.kinship import akin, names_its_use, sideless
from bootready.knowledge.values.meaning import Meaning, meaning_of, recipe_for, stands_alone
from bootready.knowledge.values.plain import Machine, plain_value
from bootready.model.action import SecretKind as Kind

SECRETS = {
    Kind.PASSWORD: """
        POSTGRES_PASSWORD DB_PASSWORD MYSQL_ROOT_PASSWORD MARIADB_PASSWORD REDIS_PASSWORD REDIS_AUTH
        RABBITMQ_DEFAULT_PASS MINIO_ROOT_PASSWORD ADMIN_PASSWORD GITLAB_ROOT_PASSWORD APP_SECRET
        NEXTAUTH_SECRET AUTH_SECRET JWT_SECRET JWT_SECRET_KEY SESSION_SECRET COOKIE_SECRET SECRET
        SECRET_KEY CRON_SECRET CSRF_SECRET ACCESS_TOKEN_SALT SALT PASSWORD_PEPPER HASH_SALT
        REFRESH_TOKEN_SECRET INTERNAL_API_KEY HUB_API_KEY ADMIN_TOKEN dbPassword db-password
        PENPOT_SECRET_KEY PAPERLESS_SECRET_KEY GOTRUE_JWT_SECRET OIDC_COOKIE_SECRET
        LDAP_ADMIN_PASSWORD UMAMI_APP_SECRET BETTER_AUTH_SECRET LANGFUSE_SALT PGPASSWORD DBPASS
        WORKER_TOKEN METRICS_TOKEN CLUSTER_SECRET SYNC_PASSWORD VNC_PASSWORD RPC_PASSWORD ROOT_PASS
        JICOFO_AUTH_PASSWORD LIVE_SERVER_SECRET_KEY MANAGED_WORKER_SECRET COORDINATOR_SECRET
        CUBEJS_API_SECRET KC_BOOTSTRAP_ADMIN_PASSWORD GOTRUE_OPERATOR_TOKEN
        POSTGRES_NON_ROOT_PASSWORD
        KEYCLOAK_ADMIN_PASSWORD ELASTIC_PASSWORD CLICKHOUSE_PASSWORD INITIAL_PASSWORD OTP_SECRET
        """,
    Kind.HEX: """
        ENCRYPTION_KEY N8N_ENCRYPTION_KEY DATA_ENCRYPTION_KEY SECRET_KEY_BASE MEILI_MASTER_KEY
        SECRET_KEY_HEX
        """,
    Kind.BASE64: "APP_KEY FIREFLY_APP_KEY",
    Kind.FERNET: "FERNET_KEY AIRFLOW_FERNET_KEY AIRFLOW__CORE__FERNET_KEY",
    Kind.VAPID: "VAPID_PRIVATE_KEY WEB_VAPID_PRIVATE_KEY",
    Kind.BCRYPT: "PASSWORD_HASH ADMIN_PASSWORD_HASH BASIC_AUTH_HASH HASHED_PASSWORD",
    Kind.SHA256: "TOKEN_SHA256 API_KEY_SHA256SUM",
    Kind.PLACEHOLDER: "TOKEN_HASH",
}
OTHERS = {
    Meaning.ISSUED: """
        OPENAI_API_KEY STRIPE_API_KEY SMTP_PASSWORD MAIL_PASSWORD SLACK_WEBHOOK_URL GITHUB_TOKEN
        AWS_SECRET_ACCESS_KEY GOOGLE_CLIENT_SECRET OAUTH_CLIENT_SECRET SENTRY_DSN CF_API_TOKEN
        TELEGRAM_BOT_TOKEN LICENSE_KEY DUCKDNS_TOKEN RECAPTCHA_SECRET_KEY TAILSCALE_AUTHKEY
        STRIPE_WEBHOOK_SIGNING_SECRET GOTRUE_EXTERNAL_TWITCH_SECRET OBJECT_STORE_SECRET_ACCESS_KEY
        TRANSLATION_PROVIDER_API_KEY EMAIL_SERVER_PASSWORD NORDIGEN_SECRET_KEY
        RTCSTATS_AMPLITUDE_KEY
        GOTRUE_SMS_VONAGE_API_SECRET AXIOM_TOKEN REDIS_CONNECTION_STRING LDAP_BINDPW
        API_KEY PRIVATE_KEY S3_ACCESS_KEY NPM_TOKEN SSH_KEY BANK_SECRET_ID
        """,
    Meaning.PUBLIC_KEY: "JWT_PUBLIC_KEY VAPID_PUBLIC_KEY SSH_PUBLIC_KEY id_rsa.pub",
    Meaning.NUMBER: """
        PASSWORD_MIN_LENGTH TOKEN_LIFETIME JWT_EXPIRES_IN SESSION_TIMEOUT MAX_UPLOAD_SIZE WORKERS
        RTCSTATS_POLL_INTERVAL TRIGGER_DEQUEUE_INTERVAL_MS LOGIN_RATELIMIT_MAX_BURST
        TAXONOMY_MAX_RECORDS PASSWORD_ITERATIONS AGENT_MAX_ACTIVE_RUNS_PER_USER SEGMENT_BYTES
        TOKEN_TTL BCRYPT_ROUNDS MAX_CONNECTIONS REQUEST_LIMIT
        """,
    Meaning.SWITCH: "ENABLE_AUTH DEBUG ALLOW_SIGNUP FEATURE_ENABLED REQUIRE_PASSWORD USE_TLS",
    Meaning.EMAIL: "ADMIN_EMAIL LETSENCRYPT_EMAIL MAIL_FROM CKAN_SYSADMIN_EMAIL ACME_EMAIL"
    " MAIL_FROM_ADDRESS EMAIL_FROM_ADDRESS PGADMIN_MAIL",
    Meaning.URL: "BASE_URL NEXTAUTH_URL WEBAPP_URL PUBLIC_URL S3_ENDPOINT DATABASE_URI",
    Meaning.HOST: "DOMAIN SERVER_NAME VIRTUAL_HOST DB_HOST HOSTNAME FQDN",
    Meaning.ADDRESS: "HOST_IP SERVER_IP EXTERNAL_IP ADVERTISED_IP",
    Meaning.PORT: "PORT HTTP_PORT POSTGRES_PORT",
    Meaning.USER_ID: "UID PUID AIRFLOW_UID USER_ID HOST_UID WWWUSER",
    Meaning.GROUP_ID: "GID PGID GROUP_ID WWWGROUP",
    Meaning.DOCKER_GROUP: "DOCKER_GID",
    Meaning.TIME_ZONE: "TZ TIMEZONE APP_TIME_ZONE",
    Meaning.USERNAME: "POSTGRES_USER ADMIN_USERNAME MINIO_ROOT_USER DB_USER",
    Meaning.DATABASE: "POSTGRES_DB MYSQL_DATABASE DB_NAME",
    Meaning.CERTIFICATE: "TLS_CERT SSL_CERTIFICATE CA_BUNDLE SSL_KEY GITLAB_PKI_CHAIN_PATH",
    Meaning.OTHER: """
        COLOUR LOG_LEVEL COMPOSE_PROJECT_NAME IMAGE_TAG NODE_ENV LANGUAGE REDIS_KEY_PREFIX
        VITE_CLERK_PUBLISHABLE_KEY RSA_KEY_FILENAME RABBITMQ_VHOST RECAPTCHA_SITE_KEY
        PASSWORD_CHANGED_NOTIFICATION PURGE_INCOMPLETE_SSO_AUTH_SCHEDULE
        """,
}
NAMES = [(name, kind) for kind, names in SECRETS.items() for name in names.split()]
DRAWN = [pair for pair in NAMES if pair[1] not in {Kind.BCRYPT, Kind.PLACEHOLDER}]
MEANINGS = [(name, one) for one, names in OTHERS.items() for name in names.split()]


def test_the_table_is_long_enough():
    assert len({name for name, _ in (*NAMES, *MEANINGS)}) >= 150


@pytest.mark.parametrize(("name", "kind"), NAMES)
def test_a_secret_has_the_kind_of_its_name(name, kind):
    assert meaning_of(name) is Meaning.SECRET
    assert recipe_for(name).kind is kind


@pytest.mark.parametrize(
    "name",
    ["CERT_PASSWORD", "CA_CERT_PASSWORD", "CERT_KEY_PASSPHRASE", "CERT_SECRET", "CHAIN_SECRET_KEY"],
)
def test_the_password_of_a_certificate_is_a_secret(name):
    assert meaning_of(name) is Meaning.SECRET


@pytest.mark.parametrize(("name", "meaning"), MEANINGS)
def test_a_name_that_is_no_secret_of_ours_says_what_it_is(name, meaning):
    assert meaning_of(name) is meaning


@pytest.mark.parametrize(("name", "kind"), DRAWN)
def test_a_generated_secret_is_long_and_breaks_nothing(name, kind):
    """128 bits at least, and no character that a URL, a shell word or interpolation bends."""
    recipe = recipe_for(name)
    values = {random_value(recipe.kind, recipe.length, name).content.decode() for _ in range(3)}
    assert len(values) == 3
    for value in values:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*={0,2}", value)
        letters = 4 if kind is Kind.HEX else 5.9
        assert len(value.rstrip("=")) * letters >= 128


@pytest.mark.parametrize(
    ("name", "text", "shape"),
    [
        ("KEY", "openssl rand -hex 32", r"[0-9a-f]{64}"),
        ("KEY", "openssl rand -hex 4", r"[0-9a-f]{32}"),
        ("KEY", "openssl rand -base64 33", r"[A-Za-z0-9]{44}"),
        ("KEY", "token_urlsafe(50)", r"[A-Za-z0-9]{67}"),
        ("KEY", "exactly 32 characters", r"[A-Za-z][A-Za-z0-9]{31}"),
        ("KEY", "pwgen -s 64 1", r"[A-Za-z][A-Za-z0-9]{63}"),
        ("SECRET_KEY_BASE", "", r"[0-9a-f]{128}"),
        ("FERNET_KEY", "", r"[A-Za-z0-9]{43}="),
    ],
)
def test_a_recipe_beside_a_name_decides(name, text, shape):
    recipe = recipe_for(name, text)
    value = random_value(recipe.kind, recipe.length, name).content.decode()
    assert re.fullmatch(shape, value)


def test_keys_of_other_programs_have_their_form():
    recipe = recipe_for("APP_KEY")
    assert recipe.before == "base64:"
    assert len(base64.b64decode(random_value(recipe.kind, recipe.length, "").content)) == 32
    made = random_value(Kind.UUID, 16, "").content.decode()
    assert uuid.UUID(made).version == 4
    assert recipe_for("OAUTH2_PROXY_COOKIE_SECRET", "", ("quay.io/oauth2-proxy/oauth2-proxy",)) == (
        Kind.COOKIE,
        32,
        "",
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SECRET", "APP_KEY", "VAPID_PRIVATE_KEY"])
def test_what_signs_stands_alone(name):
    assert stands_alone(name)


@pytest.mark.parametrize(
    "name",
    ["DB_PASSWORD", "OPENAI_API_KEY", "OPENID_SESSION_SECRET", "TZ", "S3_SECRET_KEY"],
)
def test_what_has_another_side_does_not(name):
    assert not stands_alone(name)


def test_plain_values_come_from_the_machine():
    machine = Machine(1001, 100, 998, "Europe/Berlin", "192.0.2.7")
    told = {
        meaning: plain_value(meaning, name.split()[0], machine, "8080")
        for meaning, name in OTHERS.items()
    }
    assert told[Meaning.USER_ID] == "1001"
    assert told[Meaning.DOCKER_GROUP] == "998"
    assert told[Meaning.TIME_ZONE] == "Europe/Berlin"
    assert told[Meaning.ADDRESS] == "192.0.2.7"
    assert told[Meaning.URL] == "http://localhost:8080"
    assert told[Meaning.NUMBER] == "12"
    assert told[Meaning.PORT] == told[Meaning.ISSUED] == told[Meaning.CERTIFICATE] == ""
    assert plain_value(Meaning.USER_ID, "UID", Machine(0, 0)) == "1000"


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "REDIS_URL", "AMQP_URI", "MONGO_OPLOG_URL", "S3_ENDPOINT", "SMTP_URL"]
)
def test_the_url_of_a_server_is_not_that_of_a_page(name):
    assert meaning_of(name) is Meaning.URL
    assert plain_value(Meaning.URL, name, Machine(0, 0), "8080") == ""


def test_names_of_one_secret_are_akin():
    assert akin("DB_PASSWORD", "MYSQL_PASSWORD")
    assert akin("MEILISEARCH_KEY", "MEILI_MASTER_KEY")
    assert akin("S3_SECRET_KEY", "MINIO_ROOT_PASSWORD")
    assert not akin("RABBITMQ_DEFAULT_PASS", "COOKIE_SECRET")
    assert sideless("JWT__ENCODE__SECRET") == sideless("JWT__DECODE__SECRET")
    assert names_its_use("STRONG_DB_PASSWORD")
    assert not names_its_use("<INSERT_RANDOM_STRING>")
