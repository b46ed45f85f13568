"""The address of a git repository, as a person types it -> what to clone, and how to show it.

`https://host/owner/repo`, `ssh://`, `user@host:path`, `git://`, `http://` and `file://`; after `#`
may stand a branch or tag and a directory, as Docker writes build contexts: `#main:deploy`.
https://docs.docker.com/build/concepts/context/#git-repositories
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from bootready.errors import UsageError
from bootready.regex import regex
from bootready.typed import NamedTuple

_ALLOWED = {
    "https": "https:ssh",
    "ssh": "ssh:https",
    "http": "http:https",
    "git": "git:https:ssh",
    "file": "file",
}
"""What git may use for an address: also what the person's own `url.<base>.insteadOf` may make of
it, and where a redirect may lead. Never `ext`, which runs a program that the address names.
"""
_PLAINTEXT = frozenset({"http", "git"})
_URL = regex(
    r"(?P<scheme>[a-z]+)://(?:(?P<login>[^/]*)@)?"
    r"(?P<host>[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\]|)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?]*)"
)
_SHORT = regex(
    r"(?P<login>[A-Za-z0-9_][\w.-]*)@(?P<host>[A-Za-z0-9_][\w.-]*):(?P<path>(?!-)[^:?][^?]*)",
    re.ASCII,
)
_NAME = regex(r"[A-Za-z0-9_][\w.-]*", re.ASCII)
_REVISION = regex(r"[A-Za-z0-9_](?:[\w./+-]*[\w+-])?", re.ASCII)
_LONGEST = 2000
"""Characters of an address."""


class Repository(NamedTuple):
    """What to clone. `user` and `password` come from the address, and are in no other field."""

    address: str
    """For git: without the login of an HTTP address."""
    shown: str
    """For people: with the login masked."""
    name: str
    """The name of the directory that it is cloned into, '' where the address gives none."""
    allowed: str
    """The protocols that git may use, as in GIT_ALLOW_PROTOCOL."""
    site: str
    """Scheme, host and port: whom the login is for."""
    user: str = ""
    password: str = ""
    revision: str = ""
    directory: str = ""
    """Below the clone, where the project is; '' for not given."""
    is_plaintext: bool = False
    """Whether what comes may be changed on its way: neither encrypted nor signed."""


def repository_at(address: str) -> Repository:
    """Return what `address` means. Raises UsageError, with the login masked, for what git is not
    given: other protocols, options, control characters, addresses with a query.
    """
    text, _, fragment = address.partition("#")
    unsafe = not address.isprintable() or " " in address or len(address) > _LONGEST
    found = None if unsafe else _URL.fullmatch(text) or _SHORT.fullmatch(text)
    parts = found.groupdict() if found else {}
    scheme = parts.get("scheme") or "ssh"
    if not found or scheme not in _ALLOWED or bool(parts["host"]) is (scheme == "file"):
        raise UsageError(
            f"'{shown_address(address)}' is not the address of a repository",
            "such as https://host/owner/repository, ssh://git@host/path or git@host:path",
        )
    revision, directory = _fragment(fragment)
    user, password = _login(parts["login"] or "")
    over_http = scheme in {"https", "http"}
    where = f"{parts['host']}:{parts['port']}" if parts.get("port") else parts["host"]
    bare = f"{scheme}://{where}{parts['path']}"
    if not over_http and password:
        raise UsageError(f"'{shown_address(address)}': only HTTP takes a password")
    return Repository(
        bare if over_http else text,
        shown_address(address) if over_http else address,
        _name(parts["path"]),
        _ALLOWED[scheme],
        f"{scheme}://{where}",
        user if over_http else "",
        password,
        revision,
        directory,
        scheme in _PLAINTEXT,
    )


def shown_address(address: str) -> str:
    """Return `address` with its user and password, and its query, masked."""
    masked = re.sub(r"(?<=://)[^/]*@", "****@", address[:_LONGEST])
    return re.sub(r"\?[^#]*", "?****", masked)


def _fragment(text: str) -> tuple[str, str]:
    """Return the branch or tag, and the directory, that stand after `#`."""
    revision, _, directory = text.partition(":")
    steps = [step for step in directory.split("/") if step not in {"", "."}]
    strange = ".." in revision or (revision and not _REVISION.fullmatch(revision))
    if strange or ".." in steps:
        raise UsageError(f"'#{text}' is not a branch or tag and a directory", "#main:deploy")
    return revision, "/".join(steps)


def _login(text: str) -> tuple[str, str]:
    user, _, password = text.partition(":")
    user, password = unquote(user), unquote(password)
    if not (user + password).isprintable():
        raise UsageError("the user or password of the address has a control character")
    return user, password


def _name(path: str) -> str:
    steps = [step for step in path.split("/") if step and step != ".git"]
    name = steps[-1].removesuffix(".git") if steps else ""
    return name if _NAME.fullmatch(name) else ""
