"""A project -> the certificate directories that its services mount, and the names they serve.

A directory counts when a service mounts it and its name is that of a place for certificates
(``certs``, ``certificates``, ``tls``); it holds mkcert's layout: rootCA.pem, cert.pem, key.pem.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bootready.model.lookup import items_at, text_at
from bootready.model.position import Location
from bootready.model.project import Project, Service

AUTHORITY, CERTIFICATE, KEY = "rootCA.pem", "cert.pem", "key.pem"
FILES = (AUTHORITY, CERTIFICATE, KEY)

_NAMES = frozenset({"certs", "certificates", "tls"})

_TRUSTED = re.compile(r"/ca-certificates\b|/ca-trust/|/etc/ssl/certs\b|/cacerts\b")
"""Where a container looks for authorities to trust: a place to add some, or none."""


class CertificateUse(NamedTuple):
    """A directory of certificates and the services that mount it."""

    directory: str
    services: tuple[str, ...]
    location: Location


def certificate_uses(project: Project) -> tuple[CertificateUse, ...]:
    """Return the certificate directories below the project that selected services mount."""
    found: dict[str, CertificateUse] = {}
    for service in project.services:
        for mount in service.mounts:
            directory, _, name = mount.source.rstrip("/").rpartition("/")
            whole = mount.source.rstrip("/")
            if name in FILES:
                whole, name = directory, directory.rpartition("/")[2]
            if mount.kind != "bind" or name not in _NAMES or _TRUSTED.search(mount.target):
                continue
            if not whole.startswith(f"{project.directory}/"):
                continue  # a directory of the machine is somebody else's to fill
            known = found.get(whole)
            names = (*known.services, service.name) if known else (service.name,)
            place = known.location if known else mount.location
            found[whole] = CertificateUse(whole, tuple(dict.fromkeys(names)), place)
    for item in project.secrets:
        directory, _, name = (item.file or "").rpartition("/")
        if name in FILES and directory.rpartition("/")[2] in _NAMES and directory not in found:
            users = tuple(service.name for service, _ in project.users_of_secret(item.name))
            if users:
                place = item.file_location or item.location
                found[directory] = CertificateUse(directory, users, place)
    return tuple(found.values())


def is_demanded(project: Project, directory: str) -> bool:
    """Tell whether a service has itself verified by TLS against the authority in `directory`: then
    the stack is not ready without the certificate.
    """
    for service in project.services:
        for _, wish in items_at(service.node, "x-bootready", "verify"):
            file = text_at(wish, "ca_file")
            if file and _absolute(project.directory, file).rpartition("/")[0] == directory:
                return True
    return False


def _absolute(directory: str, path: str) -> str:
    return path if path.startswith("/") else f"{directory}/{path.removeprefix('./')}"


def served_names(project: Project) -> tuple[str, ...]:
    """Return the names that a certificate must have: DEFAULT_URL and one level below it (localhost
    without it), and the hosts of Traefik's routers that get no certificate from elsewhere.
    """
    names = _default_names(project)
    hosts = (host for service in project.services for host in _hosts_of(service))
    return tuple(dict.fromkeys((*names, *(host for host in hosts if not _covered(host, names)))))


def _hosts_of(service: Service) -> Iterator[str]:
    labels = {key.lower(): value for key, value in service.labels.items()}
    for key, rule in labels.items():
        found = re.fullmatch(r"traefik\.(?:http|tcp)\.routers\.([^.]+)\.rule", key)
        if found and not any(
            other.startswith(f"{key.removesuffix('.rule')}.tls.certresolver") for other in labels
        ):
            for group in re.findall(r"\bHost(?:SNI)?\(([^)]*)\)", rule):
                yield from re.findall(r"[`'\"]((?:\*\.)?[a-z0-9.-]+)[`'\"]", group.lower())


def _covered(host: str, names: tuple[str, ...]) -> bool:
    above = host.partition(".")[2]
    return host in names or f"*.{above}" in names


def _default_names(project: Project) -> tuple[str, ...]:
    variable = project.variables.get("DEFAULT_URL")
    host = variable.value if variable else ""
    if not host:
        for reference, _ in project.uses:
            if reference.name == "DEFAULT_URL" and reference.operator in {"-", ":-"}:
                host = reference.argument
                break
    host = host.partition("://")[2] or host
    host = host.partition("/")[0].partition(":")[0].strip("[]")
    return (host, f"*.{host}") if host and host != "localhost" else ("localhost", "*.localhost")
