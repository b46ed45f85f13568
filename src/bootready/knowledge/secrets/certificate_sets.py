"""A project -> the sets of certificates that its services mount by their names, one authority each.

A cluster has a certificate and a key for each node, others for its administrators, and the
authority that signed all of them: ``root-ca.pem``, ``node1.pem``, ``node1-key.pem``, ``admin.pem``.
They are of use only together, so that one authority signs the whole set.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from bootready.knowledge.secrets.certificate_hints import USAGES
from bootready.knowledge.secrets.certificates import AUTHORITY, ENDINGS, certificate_uses, is_local
from bootready.model.lookup import text_at
from bootready.model.position import Location
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_FILE = regex(rf"(?P<stem>[A-Za-z0-9_.-]+)(?:{'|'.join(map(re.escape, ENDINGS))})")
_KEY = regex(r"(?:[-_.](?:private[-_.]?)?key|^(?:private[-_.]?)?key)$", re.IGNORECASE)
_AUTHORITY = regex(r"(?:^|[-_.])(?:ca|root|rootca)(?:[-_.]|$)", re.IGNORECASE)
_OTHER = regex(
    r"(?:^|[-_.])(?:chain|bundle|dhparams?|crl|csr)(?:[-_.]|$)",
    re.IGNORECASE,
    needs=("chain", "bundle", "dhparam", "crl", "csr"),
)
_HOST = regex(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*")
_DISTINGUISHED = regex(
    r"CN=(?P<name>[^,=\n\"']{1,200}+)"
    r"(?:,[ \t]{0,8}+[A-Za-z0-9.]{1,20}+[ ]?=[^,=\n\"']{1,200}+){1,16}+"
)
_VALUE = r"(?![ ])[^\x00-\x1f\x7f\ud800-\udfff+;<>\\\"#]+"
_ATTRIBUTE = regex(
    rf"(?:CN|L|ST|O|OU|STREET|UID)={_VALUE}|DC=(?![ ])[!$-*\--:?-\[\]-~]+|C=[A-Za-z]{{2}}"
)
_WIDEST = 64
"""Bytes of a value of a distinguished name (RFC 5280, appendix A.1: ub-common-name and others)."""
_LIMIT, _MOST = 100_000, 200
_LEAST = 3
"""Files of a set: a certificate, its key and the authority."""


class SetMember(NamedTuple):
    """One certificate of a set: its files, of which `authority` is relative to the directory."""

    directory: str
    authority: str
    certificate: str
    key: str
    names: tuple[str, ...]
    subject: str
    """The distinguished name that the configuration demands, as RFC 4514 writes it; '' for none."""
    location: Location
    services: tuple[str, ...]
    usages: tuple[str, ...] = USAGES

    @property
    def paths(self) -> tuple[str, ...]:
        """Its files: authority, certificate and key."""
        found = (self.authority, self.certificate, self.key)
        return tuple(posixpath.normpath(f"{self.directory}/{name}") for name in found)


class _Mounted(NamedTuple):
    """A file that services mount by its name."""

    stem: str
    users: dict[str, Location]


def certificate_sets(project: Project, host: Host) -> tuple[SetMember, ...]:
    """Return the certificates of the project's set, () where it has none, where a file of it has no
    counterpart, or where its authority is there and not of this machine.
    """
    found = _mounted(project)
    if len(found) < _LEAST:
        return ()
    authorities = [path for path, one in found.items() if _AUTHORITY.search(one.stem)]
    pairs = _pairs({path: one for path, one in found.items() if path not in authorities})
    apart = {path.rpartition("/")[0] for path in (*authorities, *(cert for cert, _ in pairs))}
    if not pairs or len(authorities) > 1 or (len(pairs) < 2 and len(apart) < 2):
        return ()
    signed = (*authorities, *(certificate for certificate, _ in pairs))
    if any(host.file(path) is not None and not is_local(host.certificate(path)) for path in signed):
        return ()
    names = _distinguished(project, host)
    return tuple(
        _member(project, found, pair, authorities[0] if authorities else "", names)
        for pair in pairs
    )


def files_of_sets(project: Project, host: Host) -> frozenset[str]:
    """Return the paths that `prepare` makes with the certificates of a set."""
    return frozenset(path for one in certificate_sets(project, host) for path in one.paths)


def _mounted(project: Project) -> dict[str, _Mounted]:
    found: dict[str, _Mounted] = {}
    for service in project.services:
        for mount in service.mounts:
            source = mount.source
            inside = mount.kind == "bind" and source.startswith(f"{project.directory}/")
            named = _FILE.fullmatch(source.rpartition("/")[2]) if inside else None
            if named is None:
                continue
            if _OTHER.search(named["stem"]) or len(found) >= _MOST:
                continue
            one = found.setdefault(source, _Mounted(named["stem"], {}))
            one.users.setdefault(service.name, mount.location)
    if len(found) < _LEAST:
        return {}
    known = tuple(f"{use.directory}/" for use in certificate_uses(project) if use.declared)
    return {path: one for path, one in found.items() if not (known and path.startswith(known))}


def _pairs(files: dict[str, _Mounted]) -> list[tuple[str, str]]:
    """Return each certificate with its key; nothing where one of them has no counterpart."""
    keys: dict[tuple[str, str], str] = {}
    certificates: dict[tuple[str, str], str] = {}
    for path, one in files.items():
        folder = path.rpartition("/")[0]
        is_key = path.endswith(".key") or _KEY.search(one.stem) is not None
        side = keys if is_key else certificates
        side[folder, _KEY.sub("", one.stem)] = path
    if keys.keys() != certificates.keys() or len(keys) + len(certificates) != len(files):
        return []
    return [(path, keys[which]) for which, path in certificates.items()]


def _member(
    project: Project,
    found: dict[str, _Mounted],
    pair: tuple[str, str],
    authority: str,
    distinguished: dict[str, str],
) -> SetMember:
    certificate, key = pair
    directory, _, name = certificate.rpartition("/")
    stem, users = found[certificate]
    hosts = [stem.lower()] if _HOST.fullmatch(stem.lower()) else []
    for user in users:
        service = project.service(user)
        hosts += [user, *_own_name(service)] if service else [user]
    names = tuple(dict.fromkeys((*hosts, "localhost")))
    root = posixpath.relpath(authority, directory) if authority else AUTHORITY
    return SetMember(
        directory,
        root,
        name,
        key.rpartition("/")[2],
        names,
        distinguished.get(stem, ""),
        next(iter(users.values())),
        tuple(users),
    )


def _own_name(service: Service) -> Iterator[str]:
    text = text_at(service.node, "hostname").lower()
    if _HOST.fullmatch(text):
        yield text


def _distinguished(project: Project, host: Host) -> dict[str, str]:
    """Return the distinguished names that the services are told, by their common names."""
    found: dict[str, str] = {}
    for service in project.services:
        for text in _texts(project, service, host):
            for one in _DISTINGUISHED.finditer(text) if "CN=" in text else ():
                subject = _subject(one[0])
                if subject:
                    found.setdefault(one["name"].strip(), subject)
    return found


def _subject(text: str) -> str:
    """Return a distinguished name without the spaces round its commas; '' if it is not one that can
    be issued: with an attribute of another kind, or a value that would have to be escaped.
    """
    pairs = (part.partition("=") for part in text.split(","))
    parts = [f"{kind.strip()}={value.strip()}" for kind, _, value in pairs]
    fits = all(len(one.partition("=")[2].encode(errors="replace")) <= _WIDEST for one in parts)
    return ",".join(parts) if fits and all(map(_ATTRIBUTE.fullmatch, parts)) else ""


def _texts(project: Project, service: Service, host: Host) -> Iterator[str]:
    yield "\n".join((*(service.entrypoint or ()), *(service.command or ())))
    yield "\n".join(entry.value or "" for entry in service.environment)
    for mount in service.mounts:
        if mount.kind == "bind" and mount.source.startswith(f"{project.directory}/"):
            fact = host.file(mount.source)
            if fact is not None and fact.kind == "file":
                yield host.read_text(mount.source, _LIMIT) or ""
