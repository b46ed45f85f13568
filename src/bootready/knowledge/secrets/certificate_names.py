"""A project -> the names under which its programs read certificates, where they are not ours.

`server { ssl_certificate /certs/server.crt; }` in a mounted file, `--tls-cert-file` of a command, a
variable, or a mount of ``tls/site.crt`` itself: a certificate under another name is read by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.knowledge.secrets.certificates import (
    AUTHORITY,
    ENDINGS,
    CertificateUse,
    served_names,
)
from bootready.model.project import Mount, Project, Service
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_FILE_NAME = rf"[\w.-]+(?:{'|'.join(map(re.escape, ENDINGS))})"
_FILE = regex(_FILE_NAME, re.ASCII)
_KEY = regex(r"key", re.IGNORECASE)
_AUTHORITY = regex(
    r"(?:^|[-_.])(?:ca|root|rootca|chain|bundle|dhparams?)(?:[-_.]|$)", re.IGNORECASE
)
_SERVER_NAME = regex(r"(?<![#\w])server_name\s+([^;#]+);", needs=("server_name",))
_HOST_NAME = regex(r"(?:\*\.)?[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+", re.ASCII)
_LIMIT, _MOST_FILES = 100_000, 40


class CertificateNames(NamedTuple):
    """The files of one certificate in its directory, and the host names it is read for."""

    authority: str
    certificate: str
    key: str
    hosts: tuple[str, ...] = ()


def names_read(project: Project, host: Host, use: CertificateUse) -> CertificateNames | None:
    """Return the names under which the services of `use` read its files, None where they are told
    nowhere, or more than one of a kind is.
    """
    found: dict[str, None] = {}
    hosts: dict[str, None] = {}
    for service in project.services:
        for mount in service.mounts if service.name in use.services else ():
            if mount.kind != "bind" or mount.source.rstrip("/") != use.directory:
                continue
            target = f"{mount.target.rstrip('/')}/"
            inside = rf"{re.escape(target)}({_FILE_NAME})(?![\w.-])"
            for text in _texts(project, service, host):
                if target not in text:
                    continue
                here = re.findall(inside, text, re.ASCII)
                found |= dict.fromkeys(here)
                if here:
                    hosts |= dict.fromkeys(_hosts(text))
    return _pair(found, tuple(hosts))


def pairs_mounted(project: Project, host: Host) -> Iterator[CertificateUse]:
    """Yield the directories of the project out of which a service mounts one certificate and one
    key by their names, and neither is there.
    """
    seen: set[str] = set()
    for service in project.services:
        by_folder: dict[str, list[Mount]] = {}
        for mount in service.mounts:
            folder, _, name = mount.source.rpartition("/")
            inside = f"{folder}/".startswith(f"{project.directory}/")
            if mount.kind == "bind" and inside and _FILE.fullmatch(name):
                by_folder.setdefault(folder, []).append(mount)
        for folder, mounts in by_folder.items():
            missing = all(host.file(mount.source) is None for mount in mounts)
            if folder not in seen and missing and pair_of(mounts) is not None:
                seen.add(folder)
                where = mounts[0].location
                yield CertificateUse(folder, (service.name,), where, served_names(project))


def pair_of(mounts: list[Mount]) -> CertificateNames | None:
    """Return the names of the certificate and the key among `mounts`, None unless each is one."""
    return _pair({mount.source.rpartition("/")[2]: None for mount in mounts}, ())


def _pair(names: dict[str, None], hosts: tuple[str, ...]) -> CertificateNames | None:
    keys = [one for one in names if _KEY.search(one)]
    others = [one for one in names if one not in keys]
    certificates = [one for one in others if not _AUTHORITY.search(one)]
    if len(keys) != 1 or len(certificates) != 1:
        return None
    authorities = [one for one in others if one not in certificates]
    authority = authorities[0] if len(authorities) == 1 else AUTHORITY
    return CertificateNames(authority, certificates[0], keys[0], hosts)


def _texts(project: Project, service: Service, host: Host) -> Iterator[str]:
    """Yield what a service is told: its words and variables, and the files that it mounts."""
    yield "\n".join((*(service.entrypoint or ()), *(service.command or ())))
    yield "\n".join(entry.value or "" for entry in service.environment)
    files: list[str] = []
    for mount in service.mounts:
        if mount.kind == "bind" and mount.source.startswith(f"{project.directory}/"):
            fact = host.file(mount.source)
            if fact is not None and fact.kind == "file":
                files.append(mount.source)
            elif fact is not None and fact.kind == "directory":
                files += [f"{mount.source}/{name}" for name in host.entries(mount.source)]
    for path in files[:_MOST_FILES]:
        if not _FILE.fullmatch(path.rpartition("/")[2]):
            yield host.read_text(path, _LIMIT) or ""


def _hosts(text: str) -> Iterator[str]:
    for names in _SERVER_NAME.findall(text):
        yield from (one.lower() for one in names.split() if _HOST_NAME.fullmatch(one.lower()))
