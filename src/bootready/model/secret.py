"""What the name of a secret tells: a name -> its kind, and whether a person must supply it."""

from __future__ import annotations

from bootready.model.action import SecretKind

PLACEHOLDER = "bootready-placeholder"
"""Stands in every value that takes the place of a credential that nobody can generate."""

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
)
"""How words in names of credentials begin that some other service issues."""

_URLS = ("webhook", "_url", "_dsn", "_uri", "endpoint")


def kind_of(name: str, hint: str = "") -> SecretKind:
    """Return the kind of the secret `name`; `hint` is ``x-bootready: {kind: ...}``."""
    words = name.lower().replace("-", "_").replace(".", "_")
    if hint:
        return _hinted(hint.lower())
    if any(f"_{part}" in f"_{words}" for part in _EXTERNAL) or looks_like_url(words):
        return SecretKind.PLACEHOLDER
    if "fernet" in words:
        return SecretKind.FERNET
    if "cookie" in words:
        return SecretKind.COOKIE
    if words.endswith(("_user", "_username", "_login")) or words in {"user", "username"}:
        return SecretKind.USERNAME
    if "encryption_key" in words or words.endswith(("_hex", "secret_key_base")):
        return SecretKind.HEX
    return SecretKind.PASSWORD


def looks_like_url(name: str) -> bool:
    """Tell whether a value of that name must be a URL for the program that reads it to start."""
    return any(part in name.lower().replace("-", "_") for part in _URLS)


def _hinted(hint: str) -> SecretKind:
    if hint in {"external", "credential"}:
        return SecretKind.PLACEHOLDER
    try:
        return SecretKind(hint)
    except ValueError:
        return SecretKind.PASSWORD
