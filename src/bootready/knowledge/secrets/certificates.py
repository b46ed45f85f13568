"""A project -> the certificate directories that its services use, and the names they serve.

A directory counts when a service declares it (``x-bootready: {certificates: [...]}``), or when a
service mounts it and its name is that of a place for certificates (``certs``, ``certificates``,
``tls``); it holds mkcert's layout: rootCA.pem, cert.pem, key.pem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.knowledge.secrets.certificate_hints import USAGES, declared_certificates
from bootready.model.lookup import items_at, place_in, text_at
from bootready.model.position import Location
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host
    from bootready.model.fact import CertificateFact

AUTHORITY, CERTIFICATE, KEY = "rootCA.pem", "cert.pem", "key.pem"
ENDINGS = (".crt", ".cert", ".cer", ".pem", ".key")
"""How names of certificates and of their keys end."""
FILES = (AUTHORITY, CERTIFICATE, KEY)

_LOCAL = ("bootready local CA", "mkcert ")
"""What the subjects of authorities say that sign for this machine only."""

_NAMES = frozenset({"certs", "certificates", "tls"})

_TRUSTED = regex(
    r"/ca-certificates\b|/ca-trust/|/etc/ssl/certs\b|/cacerts\b",
    needs=("/ca-", "/etc/ssl/certs", "/cacerts"),
)
"""Where a container looks for authorities to trust: a place to add some, or none."""


class CertificateUse(NamedTuple):
    """A directory of certificates, the services that use it, and what the certificate must be."""

    directory: str
    services: tuple[str, ...]
    location: Location
    names: tuple[str, ...]
    usages: tuple[str, ...] = USAGES[:1]
    """Out of ``server`` and ``client``."""
    demanded: bool = False
    """Whether the stack is not ready without it."""
    declared: bool = False
    """Whether a service says so, rather than the directory's name."""


def certificate_uses(project: Project) -> tuple[CertificateUse, ...]:
    """Return the certificate directories below the project that selected services use."""
    found = {use.directory: use for use in _mounted(project)}
    found |= {use.directory: use for use in _granted(project) if use.directory not in found}
    for service in project.services:
        for one in declared_certificates(project, service):
            keys = ("x-bootready", "certificates", one.place)
            use = CertificateUse(
                one.directory,
                (service.name,),
                _place_of_mount(service, one.directory) or place_in(service, *keys),
                one.names,
                one.usages,
                demanded=True,
                declared=True,
            )
            known = found.get(one.directory)
            found[one.directory] = use if known is None else _joined(known, use)
    return tuple(found.values())


def is_prepared(host: Host, use: CertificateUse) -> bool:
    """Tell whether `prepare` makes what is missing there: a directory that is not declared and
    holds certificates of other names alone is laid out in another way.
    """
    return (
        use.declared
        or any(host.file(f"{use.directory}/{name}") for name in FILES)
        or not any(name.endswith(ENDINGS) for name in host.entries(use.directory))
    )


def certificate_files(project: Project, host: Host) -> frozenset[str]:
    """Return the paths that `prepare` makes with the certificates of the project, if any of them
    is also a bind source, a secret or a config of its own.
    """
    sources = [mount.source for service in project.services for mount in service.mounts]
    sources += [item.file or "" for item in (*project.secrets, *project.configs)]
    if not any(source.endswith(FILES) for source in sources):
        return frozenset()
    return frozenset(
        f"{use.directory}/{name}"
        for use in certificate_uses(project)
        if is_prepared(host, use)
        for name in FILES
    )


def is_local(fact: CertificateFact | None) -> bool:
    """Tell whether a certificate was signed by an authority that signs for this machine only."""
    return fact is not None and any(name in fact.issuer for name in _LOCAL)


def signed_apart(host: Host, uses: tuple[CertificateUse, ...]) -> frozenset[str]:
    """Return the directories whose certificates two or more local authorities have signed, where
    a service declares one of them.
    """
    if not any(use.declared for use in uses):
        return frozenset()
    keys = {}
    for use in uses:
        authority = host.certificate(f"{use.directory}/{AUTHORITY}")
        if authority is not None and is_local(host.certificate(f"{use.directory}/{CERTIFICATE}")):
            keys[use.directory] = authority.fingerprint
    return frozenset(keys) if len(set(keys.values())) > 1 else frozenset()


def names_to_sign(uses: tuple[CertificateUse, ...]) -> tuple[str, ...]:
    """Return the names of all certificates of a project: one authority has to sign them."""
    names = (name for use in uses for name in use.names)
    return tuple(dict.fromkeys(names))


def not_permitted(permitted: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the host names that name constraints do not allow (RFC 5280 section 4.2.1.10)."""
    domains = {name.lower() for name in permitted if "/" not in name}
    plain = [name.removeprefix("*.") for name in names if ":" not in name]
    return tuple(
        name
        for name in dict.fromkeys(plain)
        if domains and not name.replace(".", "").isdigit() and domains.isdisjoint(_above(name))
    )


def _above(name: str) -> Iterator[str]:
    """Yield a host name and the domains that it lies in."""
    while name:
        yield name
        name = name.partition(".")[2]


def _mounted(project: Project) -> Iterator[CertificateUse]:
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
            use = _by_its_name(project, whole, (service.name,), mount.location)
            known = found.get(whole)
            found[whole] = use if known is None else _joined(known, use)
    yield from found.values()


def _granted(project: Project) -> Iterator[CertificateUse]:
    for item in project.secrets:
        directory, _, name = (item.file or "").rpartition("/")
        if name in FILES and directory.rpartition("/")[2] in _NAMES:
            users = tuple(service.name for service, _ in project.users_of_secret(item.name))
            if users:
                place = item.file_location or item.location
                yield _by_its_name(project, directory, users, place)


def _by_its_name(
    project: Project, directory: str, services: tuple[str, ...], location: Location
) -> CertificateUse:
    """Return the use of a directory that nobody declares, and whose name tells what it is for."""
    names, demanded = served_names(project), _is_verified(project, directory)
    return CertificateUse(directory, services, location, names, demanded=demanded)


def _joined(known: CertificateUse, other: CertificateUse) -> CertificateUse:
    return known._replace(
        services=tuple(dict.fromkeys((*known.services, *other.services))),
        names=tuple(dict.fromkeys((*known.names, *other.names))),
        usages=tuple(one for one in USAGES if one in {*known.usages, *other.usages}),
        demanded=known.demanded or other.demanded,
        declared=known.declared or other.declared,
    )


def _place_of_mount(service: Service, directory: str) -> Location | None:
    for mount in service.mounts:
        if mount.kind == "bind" and f"{directory}/".startswith(f"{mount.source.rstrip('/')}/"):
            return mount.location
    return None


def _is_verified(project: Project, directory: str) -> bool:
    """Tell whether a service has itself verified by TLS against the authority in `directory`."""
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
