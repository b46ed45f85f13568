"""A name of a variable or secret -> what its value is: a secret of some kind, a number, a URL.

`names_a_secret` decides first what is a secret; the rest is read from the last words of the name.
"""

from __future__ import annotations

import re
from enum import Enum

from bootready.knowledge.secrets.names import names_a_secret, noun_of, ours_to_choose
from bootready.knowledge.values.recipe import Recipe, recipe_in
from bootready.knowledge.word_sets import words_in
from bootready.model.action import HASHES, SecretKind
from bootready.regex import regex


class Meaning(Enum):
    """What the value of a name is."""

    SECRET = "secret"  # noqa: S105 - a meaning, not a secret
    """A secret that whoever installs the project chooses."""
    ISSUED = "issued"
    """A credential that some other service or program issues."""
    PUBLIC_KEY = "public key"
    CERTIFICATE = "certificate"
    USER_ID = "user id"
    GROUP_ID = "group id"
    DOCKER_GROUP = "group id of docker"
    TIME_ZONE = "time zone"
    ADDRESS = "address of this host"
    EMAIL = "e-mail address"
    URL = "URL"
    HOST = "host name"
    PORT = "port"
    NUMBER = "number"
    SWITCH = "switch"
    USERNAME = "user name"
    DATABASE = "name of a database"
    OTHER = "other"


_ISSUERS = words_in(
    """
    smtp mail sendgrid mailgun mailjet postmark ses slack discord telegram tg pagerduty
    opsgenie twilio stripe paypal github gitlab bitbucket openai anthropic claude gemini
    groq mistral cohere huggingface hf hugging aws azure gcp gcs google cloudflare cf
    digitalocean do hetzner duckdns sentry datadog dd newrelic license licence tailscale
    ts ngrok facebook twitter linkedin apple microsoft msft okta auth0 openid oidc oauth
    oauth2 saml ldap firebase fcm apns pusher algolia maxmind geoip mapbox unsplash giphy
    recaptcha hcaptcha turnstile captcha posthog segment mixpanel plex spotify steam tmdb
    omdb vpn wireguard openvpn nordvpn mullvad dockerhub registry npm jina serper
    firecrawl tavily deepseek langsmith langchain virustotal shodan abuseipdb cloudinary
    dropbox notion zoom jira trello intercom hubspot salesforce shopify webhook gandi
    godaddy namecheap porkbun ovh route53 linode vultr linear todoist nvidia ngc
    openrouter perplexity replicate elevenlabs assemblyai deepgram resend clerk amplitude
    vonage messagebird textlocal workos twitch kakao figma yubico nordigen axiom depot brevo
    plaid vercel netlify render snyk sonar codecov pagespeed launchdarkly unleash mailer
    """
)
"""Names of those that issue credentials, as words of a name."""
_ISSUED = regex(
    r"(?:^|_)(?:api_?key|client_secret|secret_id|dsn|webhook|license_key|bot_token)s?(?:_|$)"
    r"|(?:^|_)external_\w+_secret$|(?:^|_)secret_access_key$|(?:^|_)e?mail_server_",
    needs=(
        *("api_key", "apikey", "client_secret", "secret_id", "dsn", "webhook", "license_key"),
        *("bot_token", "external_", "secret_access_key", "mail_server_"),
    ),
)
_NOUNS = frozenset(["fernet", "seed", "jwt", "hmac", "auth", "requirepass", "masterauth", "otp"])
"""Further words that make a secret of a name which is ours to choose."""
_OURS_ANYWAY = regex(
    r"^(?:[a-z0-9]+_)?(?:internal|admin|master|service|hub|cron|worker|system|self)_api_?key$"
    r"|^(?:api_?key|apikey)_salt$|^registry_(?:http_)?secret$",
    needs=("api_key", "apikey", "registry_"),
)
_OWN_PASSWORD = regex(
    r"(?:^|_)(?:root|admin|db|database|postgres|mysql|mariadb|redis|mongo|initial|superuser"
    r"|bootstrap)_?(?:password|passwd|pass|pwd)$",
    needs=("pass", "pwd"),
)
_ALONE = regex(
    r"(?:^|_)(?:secret_key_base|secret_key|app_key|app_secret|jwt_secret(?:_key)?|session_secret"
    r"|session_key|cookie_secret|encryption_key|signing_key|nextauth_secret|auth_secret|cron_secret"
    r"|csrf_secret|csrf_key|fernet_key|hmac_secret|jwt_key|token_secret|secret_key_hex|secretkey"
    r"|vapid_private_key|hash_salt|token_salt|password_salt|secret_salt|master_secret|key_base"
    r"|otp_secret|app_salt)$"
)
_STORES = regex(
    r"(?:^|_)(?:s3|r2|b2|oss|cos|obs|gcs|blob|spaces|wasabi|backblaze|minio|ceph|swift|bucket"
    r"|object_?(?:store|storage)|storage)_(?:[a-z0-9]+_)*secret_key$"
)
"""The second half of what an object store issues, to whom it gave an access key."""
_TAILS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (
        regex(r"docker_?gid|docker_group(?:_id)?|docker_gid_host", needs=("docker",)),
        Meaning.DOCKER_GROUP,
    ),
    (
        regex(
            r"(?:^|_)(?:p?uid|user_?id|userid|uid_number|host_uid)$|^wwwuser$",
            needs=("uid", "userid", "user_id", "wwwuser"),
        ),
        Meaning.USER_ID,
    ),
    (
        regex(
            r"(?:^|_)(?:p?gid|group_?id|groupid)$|^wwwgroup$",
            needs=("gid", "groupid", "group_id", "wwwgroup"),
        ),
        Meaning.GROUP_ID,
    ),
    (regex(r"(?:^|_)(?:tz|time_?zone)$", needs=("tz", "timezone", "time_zone")), Meaning.TIME_ZONE),
    (
        regex(
            r"(?:^|_)(?:host|server|external|public|advertised?|lan|local|node|machine|my)_?(?:ip|addr"
            r"|address|ip_address|ipv4)$|^(?:ip|ip_address|hostip)$",
            needs=("ip", "addr"),
        ),
        Meaning.ADDRESS,
    ),
    (
        regex(
            r"(?:^|_)(?:e_?mail|email_address|mail_?from|from_email|mail|mailto)$"
            r"|(?:_email|^email|(?:^|_)mail)_(?:from|to|address|from_address)$",
            needs=("mail",),
        ),
        Meaning.EMAIL,
    ),
    (
        regex(
            r"(?:^|_)(?:url|uri|endpoint|base_?url|origin|origins|site|urls)$",
            needs=("url", "uri", "endpoint", "origin", "site"),
        ),
        Meaning.URL,
    ),
    (
        regex(
            r"(?:^|_)(?:host|hostname|host_name|domain|domain_name|domains|fqdn|server_name"
            r"|virtual_host|letsencrypt_host|vhost)$",
            needs=("host", "domain", "fqdn", "server_name"),
        ),
        Meaning.HOST,
    ),
    (regex(r"(?:^|_)ports?$", needs=("port",)), Meaning.PORT),
    (
        regex(
            r"(?:^|_)(?:length|len|min|max|size|limit|count|workers|threads|replicas|retries|ttl"
            r"|timeout|lifetime|expiry|expiration|expires?(?:_in)?|interval|duration|days|hours"
            r"|minutes|seconds|number|concurrency|rounds|cost|attempts|age|cpus|cores|ms|bytes|burst"
            r"|iterations)$|(?:^|_)(?:num|min|max|maximum|minimum|number_of)_",
            needs=(
                *("len", "min", "max", "size", "limit", "count", "workers", "threads", "replicas"),
                *("retries", "ttl", "timeout", "lifetime", "expir", "interval", "duration", "days"),
                *("hours", "seconds", "num", "concurrency", "rounds", "cost", "attempts", "age"),
                *("cpus", "cores", "ms", "bytes", "burst", "iterations"),
            ),
        ),
        Meaning.NUMBER,
    ),
    (
        regex(
            r"(?:^|_)(?:enabled?|disabled?|debug|verbose|active|on|required|allowed|registration|signup)$"
            r"|^(?:enable|disable|allow|use|with|is|has|require|skip|no)_",
            needs=(
                *("enable", "disable", "debug", "verbose", "active", "on", "required", "allow"),
                *("signup", "use_", "with_", "is_", "has_", "require_", "skip_", "no_"),
            ),
        ),
        Meaning.SWITCH,
    ),
    (
        regex(
            r"(?:^|_)(?:user|username|user_name|login|admin_name|userid_name)$",
            needs=("user", "login", "admin_name"),
        ),
        Meaning.USERNAME,
    ),
    (
        regex(
            r"(?:^|_)(?:db|database|db_name|dbname|database_name|schema)$",
            needs=("db", "database", "schema"),
        ),
        Meaning.DATABASE,
    ),
)
_PUBLIC = regex(
    r"(?:^|_)(?:public_?key|pubkey)(?:_|$)|(?:^|_)(?:pub|public)$|(?:^|_)id_(?:rsa|ed25519)_pub$",
    needs=("pub",),
)
_HASH = regex(
    r"(?P<stem>(?:.*_)?(?P<of>password|passwd|pass|pw|pwd|auth|token|secret|api_?key))"
    r"_?(?:hash|hashed|bcrypt|sha_?256(?:sum)?)|(?P<before>(?:.*_)?)hashed_password",
    needs=("hash", "bcrypt", "sha"),
)
_PROXY = regex(r"(?:^|_)(?:https?|ftp|all|no|socks5?)_?proxy$")
_PASSWORDS = frozenset({"password", "passwd", "pass", "pw", "pwd", "auth", None})
_PRIVATE = regex(r"(?:^|_)(?:private|priv)_?key(?:_pem)?$|_private_pem$")
_CERTIFICATE = regex(
    r"(?:^|_)(?:crt|cer|cert|certificate|ca_bundle|fullchain|chain)(?:_|$)",
    needs=("crt", "cer", "ca_bundle", "chain"),
)
_OF_TLS = regex(
    r"(?:^|_)(?:crt|cer|cert|certificate|ca_bundle|fullchain|chain)$"
    r"|(?:^|_)(?:ssl|tls|cert|certificate)_key$",
    needs=("crt", "cer", "ca_bundle", "chain", "ssl_key", "tls_key"),
)
"""A certificate or its key itself; its password is a secret like any other."""
_NO_HOST = regex(r"(?:^|_)(?:rabbitmq|amqp|mq)(?:_default)?_vhost$", needs=("vhost",))
"""A part of a message broker, called ``/`` as often as not."""


def meaning_of(name: str) -> Meaning:
    """Return what the value of `name` is; OTHER for what the name does not tell."""
    words = spelled(name)
    if _PUBLIC.search(words):
        return Meaning.PUBLIC_KEY
    if _HASH.fullmatch(words):
        return Meaning.SECRET
    if _OF_TLS.search(words):
        return Meaning.CERTIFICATE
    if names_a_secret(name):
        return Meaning.SECRET if is_ours(name) else Meaning.ISSUED
    if _CERTIFICATE.search(words):
        return Meaning.CERTIFICATE
    if _NO_HOST.search(words):
        return Meaning.OTHER
    return next((one for tail, one in _TAILS if tail.search(words)), Meaning.OTHER)


def _has_issuer(words: str) -> bool:
    return not _ISSUERS.isdisjoint(words.split("_")) or "_keycloak_client_" in f"_{words}_"


def is_proxy(name: str) -> bool:
    """Tell whether `name` names a proxy, or hosts without one: rightly empty for most people."""
    return _PROXY.search(spelled(name)) is not None


def is_ours(name: str) -> bool:
    """Tell whether `name` is a secret that whoever installs the project may choose freely."""
    words = spelled(name)
    if _OURS_ANYWAY.search(words) or _OWN_PASSWORD.search(words):
        return True
    if _has_issuer(words) or _ISSUED.search(words):
        return "webhook" not in words and bool(
            re.search(r"(?:jwt|session|cookie|encryption|signing|hmac)_(?:secret|key)$", words)
        )
    if words.endswith(("private_key", "ssh_key", "access_key", "access_token", "license")):
        return "vapid" in words or words.startswith("secret")
    return ours_to_choose(name) or noun_of(name) in _NOUNS


def stands_alone(name: str) -> bool:
    """Tell whether only the program itself reads the secret, to sign or encrypt with it.

    Any value will do, and nobody else has to be told. Of a password there is always another side,
    and of the key of an object store.
    """
    words = spelled(name)
    others = _has_issuer(words) or _STORES.search(words)
    return is_ours(name) and not others and _ALONE.search(words) is not None


def recipe_for(name: str, text: str = "", images: tuple[str, ...] = ()) -> Recipe:
    """Return how to make a secret called `name`: as `text`, its comment or the message of its
    reference, tells; else as its name does; else a password. `images` are those that read it.
    """
    told = recipe_in(text)
    words = spelled(name)
    if "vapid" in words:
        return Recipe(SecretKind.VAPID)
    if _PRIVATE.search(words):
        return Recipe(SecretKind.RSA)
    if _HASH.fullmatch(words) and (told is None or told.kind not in HASHES):
        return Recipe(_hash_for(words, text))
    if told is not None:
        return told
    if "fernet" in words:
        return Recipe(SecretKind.FERNET)
    if words == "app_key" or words.endswith("_app_key"):
        return Recipe(SecretKind.BASE64, 32, "base64:")
    if words.endswith("secret_key_base") or words == "key_base":
        return Recipe(SecretKind.HEX, 64)
    if words == "opensearch_initial_admin_password":
        return Recipe(before="Aa1-")  # refused without a sign
    if words.endswith("uuid"):
        return Recipe(SecretKind.UUID, 16)
    if words.endswith("cookie_secret") and any("oauth2-proxy" in image for image in images):
        return Recipe(SecretKind.COOKIE, 32)
    if words.endswith(("_hex", "encryption_key", "aes_key", "master_key")):
        return Recipe(SecretKind.HEX, 32 if not words.endswith("master_key") else 16)
    return Recipe()


def _hash_for(words: str, text: str) -> SecretKind:
    """Return which hash the name `words` asks for; PLACEHOLDER where nothing tells."""
    if "sha256" in f"{words} {text.lower()}".replace("-", "").replace("_", ""):
        return SecretKind.SHA256
    found = _HASH.fullmatch(words)
    known = found is not None and found["of"] in _PASSWORDS
    return SecretKind.BCRYPT if known else SecretKind.PLACEHOLDER


def hash_stem(name: str) -> str:
    """Return the name of the password or token of which `name` is the hash, as `spelled`; or ''."""
    found = _HASH.fullmatch(spelled(name))
    if found is None:
        return ""
    return found["stem"] or f"{found['before']}password"


def spelled(name: str) -> str:
    """Return `name` in small letters with ``_`` between its words."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name) if not name.isupper() else name
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")
