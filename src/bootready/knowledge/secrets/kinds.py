"""What the name of a secret tells: a name -> its kind, and whether a person must supply it."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.model.action import SecretKind
from bootready.regex import regex

PLACEHOLDER = "bootready-placeholder"
"""Stands in every value that takes the place of a credential that nobody can generate."""

COOKIE_SIZES = (16, 24, 32)
"""The lengths that oauth2-proxy takes: those of AES keys."""

_EXTERNAL = (
    "smtp",
    "sendgrid",
    "mailgun",
    "mailjet",
    "postmark",
    "slack",
    "discord",
    "telegram",
    "pagerduty",
    "opsgenie",
    "webhook",
    "twilio",
    "stripe",
    "paypal",
    "github",
    "gitlab_token",
    "openai",
    "anthropic",
    "aws_",
    "azure",
    "gcp_",
    "google",
    "cloudflare",
    "cf_",
    "digitalocean",
    "duckdns",
    "sentry_dsn",
    "license",
    "licence",
    "api_key",
    "apikey",
    "tailscale",
    "ngrok",
    "oauth_client",
    "client_secret",
    "private_key",
    "ssh_key",
    "id_rsa",
    "id_ed25519",
    "kubeconfig",
    "service_account",
)
"""How words in names of credentials begin that some other service or program issues."""

_IMAGES = (
    ("oauth2-proxy", ("session",), SecretKind.COOKIE),
    ("registry", ("auth", "users"), SecretKind.HTPASSWD),
    ("traefik", ("auth", "users"), SecretKind.HTPASSWD),
    ("airflow", ("encryption", "core"), SecretKind.FERNET),
)
"""What a program takes whose secret has one of these words in a name that says nothing else."""

_PLACEHOLDERS = ("external", "credential")
HINTED_KINDS = (*(kind.value for kind in SecretKind), *_PLACEHOLDERS)
"""What ``x-bootready: {kind: ...}`` may say."""

_URLS = ("webhook", "_url", "_dsn", "_uri", "endpoint")


_SECRET = regex(
    r"(^|_)(password|passwd|passwort|pw|pass|passphrase|secret|token|key|salt|pepper|cookie)(_|$)"
)


def kind_of(
    name: str, hint: str = "", uses: Iterable[str] = (), images: Iterable[str] = ()
) -> SecretKind:
    """Return the kind of the secret `name`; `hint` is ``x-bootready: {kind: ...}``, `uses` are the
    names of variables that take it, which count where its own name says nothing, and then the
    `images` that read it.
    """
    if hint:
        return _hinted(hint.lower())
    found = [_kind_of_name(one) for one in (name, *uses)]
    found += [_kind_in_image(name.lower(), one) for one in images]
    return next((kind for kind in found if kind is not None), SecretKind.PASSWORD)


def _kind_of_name(name: str) -> SecretKind | None:
    words = name.lower().replace("-", "_").replace(".", "_")
    if any(f"_{part}" in f"_{words}" for part in _EXTERNAL) or looks_like_url(words):
        return SecretKind.PLACEHOLDER
    if "fernet" in words:
        return SecretKind.FERNET
    if "cookie" in words:
        return SecretKind.COOKIE
    if "htpasswd" in words or "usersfile" in words or "users_file" in words:
        return SecretKind.HTPASSWD
    if "bcrypt" in words:
        return SecretKind.BCRYPT
    if words.endswith(("_user", "_username", "_login")) or words in {"user", "username"}:
        return SecretKind.USERNAME
    if "encryption_key" in words or words.endswith(("_hex", "secret_key_base")):
        return SecretKind.HEX
    return None


def _kind_in_image(name: str, image: str) -> SecretKind | None:
    program = image.rpartition("/")[2].partition("@")[0].partition(":")[0]
    for known, words, kind in _IMAGES:
        if program == known and any(word in name for word in words):
            return kind if _SECRET.search(name.replace("-", "_")) is None else None
    return None


def looks_like_url(name: str) -> bool:
    """Tell whether a value of that name must be a URL for the program that reads it to start."""
    return any(part in name.lower().replace("-", "_") for part in _URLS)


def _hinted(hint: str) -> SecretKind:
    if hint in _PLACEHOLDERS:
        return SecretKind.PLACEHOLDER
    try:
        return SecretKind(hint)
    except ValueError:
        return SecretKind.PASSWORD
