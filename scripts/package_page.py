"""README.md -> the text of the package's page, where relative links lead nowhere."""

from __future__ import annotations

import re

_LINK = re.compile(r"(?<!!)\[([^\][]*)\]\(([^()\s]+)\)")


def page_of(readme: str, repository: str) -> str:
    """Return the text with every link absolute; `repository` is its address on the web.

    Without an address, what leads into the repository becomes plain text.
    """
    return _LINK.sub(lambda link: _absolute(link[1], link[2], repository.rstrip("/")), readme)


def _absolute(text: str, target: str, repository: str) -> str:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return f"[{text}]({target})"
    if not repository:
        return text
    if target.startswith("#"):
        target = f"README.md{target}"
    return f"[{text}]({repository}/blob/HEAD/{target})"
