"""A path of the host that is missing, and where it is mounted -> what it has to be.

Told by the target, which an image knows, by the name, by what lies beside it, and by what git
tracks. An extension alone is no proof: ``conf.d`` is a directory, ``Caddyfile`` a file.
"""

from __future__ import annotations

import re
from enum import Enum

from bootready.regex import regex
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host


class PathKind(Enum):
    """What a missing path has to be."""

    FILE = "file"
    DIRECTORY = "directory"
    MACHINE = "machine"
    """A socket, a device, or what the system keeps: there or not there, never made."""


_FILE_NAMES = regex(
    r"(?:Caddy|Docker|Make|Vagrant|Jenkins|Proc|Rake|Gem|Pip|Jake|Gulp|Grunt|Tilt|Core)file"
    r"|\.?(?:htpasswd|htaccess|netrc|pgpass|my\.cnf|npmrc|yarnrc|bashrc|zshrc|profile|vimrc|gitconfig"
    r"|dockerignore|gitignore|env(?:\.[\w.-]+)?|envrc|erlang\.cookie|curlrc|wgetrc|pypirc|boto)"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pub)?|authorized_keys|known_hosts|ssh_host_\w+_key(?:\.pub)?"
    r"|crontab|passwd|group|shadow|hosts|hostname|resolv\.conf|sudoers|fstab|motd|[\w-]*passwd"
    r"|entrypoint|docker-entrypoint|healthcheck|LICENSE|README|VERSION|rclone\.conf|acme\.json"
    r"|[\w-]*\.?keyfile|machine-id|localtime|timezone",
)
_FILE_ENDINGS = regex(
    r"\.(?:conf|cfg|cnf|ini|ya?ml|toml|json5?|xml|properties|sh|bash|py|rb|js|mjs|cjs|ts|sql|pem|crt|cert"
    r"|cer|key|pub|csr|p12|pfx|jks|keystore|env|txt|md|tmpl|template|tpl|j2|hcl|tf|lua|rules|acl|hujson"
    r"|log|db|sqlite3?|php|html?|css|csv|service|vcl|mmdb|jar|war|zip|gz|tgz|tar|list|repo|gpg|asc"
    r"|htpasswd|cookie|secret|token|creds|credentials|license|lic|dat|bin|so|example|sample|dist)$",
    re.IGNORECASE,
)
_DIRECTORY_NAMES = regex(
    r".*\.d|\.(?:ssh|aws|kube|docker|config|cache|local|gnupg|data|ollama|m2|gradle|npm|cargo|git)"
    r"|.*[-_.](?:data|dir|logs?|cache|storage|backups?|uploads?|volumes?|config|conf)"
    r"|node_modules",
    re.IGNORECASE,
)
_FILE_TARGETS = regex(
    r"/etc/(?:passwd|group|shadow|hosts|hostname|resolv\.conf|localtime|timezone|machine-id|crontab"
    r"|crontabs/[^/]+|nginx/nginx\.conf|caddy/Caddyfile|mysql/my\.cnf|redis\.conf|sudoers|fstab)"
    r"|/root/\.ssh/(?:id_\w+|authorized_keys|known_hosts|config)|/home/[^/]+/\.ssh/id_\w+"
    r"|/etc/cron\.d/[^/]+|/entrypoint|/docker-entrypoint|/usr/local/bin/[^/]+|/usr/bin/[^/]+"
)
_DIRECTORY_TARGETS = regex(
    r"/var/lib/[^/]+(?:/data)?/?|/var/log(?:/[^/.]+)?/?|(?:/\S*)?/\.?acme\.sh/?",
    needs=("/var/lib/", "/var/log", "acme.sh"),
)
_DIRECTORIES = frozenset(
    [
        *("/data", "/config", "/etc", "/usr", "/bin", "/root", "/home", "/media", "/log", "/logs"),
        *("/backup", "/backups", "/upload", "/uploads", "/download", "/downloads"),
        *("/etc/nginx/conf.d", "/docker-entrypoint-initdb.d", "/usr/share/nginx/html"),
    ]
)
_MACHINE = regex(
    r"/(?:dev|proc|sys|run|var/run|boot|etc|usr|bin|sbin|lib|lib32|lib64|var/lock)(?:/.*)?"
    r"|/tmp/\.X11-unix.*"
    r"|/var/lib/(?:docker|containerd|kubelet|dbus)(?:/.*)?|/var/log(?:/.*)?"
    r"|/|.*\.sock(?:et)?"
)


def kind_of_missing(host: Host, source: str, target: str, directory: str) -> PathKind:
    """Return what the missing `source` has to be, that is mounted at `target`; both absolute.

    `directory` is that of the project: what the system keeps lies outside of it.
    """
    name = source.rstrip("/").rpartition("/")[2]
    inside = source.startswith(directory.rstrip("/") + "/")
    if (not inside and _MACHINE.fullmatch(source)) or source.endswith(".sock"):
        return PathKind.MACHINE
    if source.endswith("/"):
        return PathKind.DIRECTORY
    tracked = host.tracked_by_git(source)
    if tracked:
        return PathKind.FILE  # deleted here: the index has it
    if _FILE_TARGETS.fullmatch(target) or _FILE_NAMES.fullmatch(name):
        return PathKind.FILE
    if _DIRECTORY_NAMES.fullmatch(name) or is_directory_target(target):
        return PathKind.DIRECTORY
    last = target.rstrip("/").rpartition("/")[2]
    if _FILE_ENDINGS.search(name) or _FILE_ENDINGS.search(last) or _FILE_NAMES.fullmatch(last):
        return PathKind.FILE
    sibling = _sibling(host, source)
    return sibling or PathKind.DIRECTORY


def is_directory_target(target: str) -> bool:
    """Tell whether programs keep a directory at `target`, whatever its name ends in."""
    return target.removesuffix("/") in _DIRECTORIES or bool(_DIRECTORY_TARGETS.fullmatch(target))


_EXAMPLES = regex(r"[.\-_](?:example|sample|template|tmpl|tpl|dist|default|defaults|orig|in)$")


def _sibling(host: Host, source: str) -> PathKind | None:
    """Return the kind of an example beside `source`: ``hook.sample``, ``rules.dist/``."""
    folder, _, name = source.rpartition("/")
    for entry in host.entries(folder):
        if entry.startswith(name) and _EXAMPLES.fullmatch(entry[len(name) :]):
            fact = host.file(f"{folder}/{entry}")
            if fact is not None and fact.kind in {"file", "directory"}:
                return PathKind(fact.kind)
    return None
