"""Names and texts -> whether they are of scripts that make secrets, as projects bring them."""

from __future__ import annotations

import re

from bootready.regex import regex
from bootready.typed import Callable

_NAMED = regex(
    r"(?<![\w/.-])(?:\./|bash |sh )?(?P<script>(?:[\w.-]+/)*[\w-]*"
    r"(?:gen|secret|password|install|setup|init|key)[\w-]*\.(?:sh|py|bash|rb))\b"
    r"|\bmake (?P<target>[\w-]*(?:secret|key|env|setup|init)[\w-]*)",
    needs=(".sh", ".py", ".bash", ".rb", "make "),
)
_IN_COMMENT = regex(
    r"(?:gen|generate|create|make|init|setup)[_-]?(?:[\w-]*[_-])?(?:passwords?|secrets?|keys?|tokens?"
    r"|credentials?|env)[\w-]*\.(?:sh|bash|py|rb|js)\b",
    re.IGNORECASE,
    needs=(".sh", ".bash", ".py", ".rb", ".js"),
)
_SCRIPT = regex(
    r"(?:gen|generate|create|make|init|setup|rotate)[-_]?(?:all[-_]?)?"
    r"(?:passwords?|passwds?|secrets?|keys?|env|certs?|tokens?|credentials?)[\w-]*"
    r"\.(?:sh|bash|py|rb|js)"
    r"|(?:install|setup|bootstrap|init)\.(?:sh|bash|py)",
    re.IGNORECASE,
    needs=(".sh", ".bash", ".py", ".rb", ".js"),
)
_GENERAL = regex(r"(?:install|setup|bootstrap|init)\.\w+", re.IGNORECASE)
_OF_SECRETS = regex(
    r"openssl|urandom|uuidgen|secrets\.|token_(?:hex|urlsafe)|randomBytes|htpasswd|pwgen|ssh-keygen"
    r"|mkcert|keytool|step ca|\$RANDOM|[A-Z0-9]_?(?:PASSWORD|SECRET|TOKEN)\b|\.env\b",
)
"""What a script of a general name has to speak of: most of those set up a development machine."""


def generator_in(text: str) -> str:
    """Return the project's own generator that `text` names, as people run it, or ''."""
    found = _NAMED.search(text)
    if found is None:
        return ""
    return (
        f"make {found['target']}" if found["target"] else f"./{found['script'].removeprefix('./')}"
    )


def names_generator(text: str) -> bool:
    """Tell whether `text` names a script that makes secrets, and so fills in what stands below."""
    return bool(text) and _IN_COMMENT.search(text) is not None


def is_script_of_secrets(name: str, content: Callable[[], str | None]) -> bool:
    """Tell whether a file is a script that makes secrets; `content` returns its text, None if it
    cannot be read, and is asked only if the name alone does not tell.
    """
    if not _SCRIPT.fullmatch(name):
        return False
    return not _GENERAL.fullmatch(name) or _OF_SECRETS.search(content() or "") is not None
