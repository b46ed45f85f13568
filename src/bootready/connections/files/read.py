"""A service -> the addresses in the configuration files that it mounts, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.connections.files.written import NotUnderstoodError, Written
from bootready.connections.named import Found, Given
from bootready.model.connection import Login, Unread
from bootready.model.lookup import at
from bootready.model.node import Scalar
from bootready.model.position import Location
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

LARGEST = 1_000_000
"""Bytes of a file that is read."""
_FILES = 60
"""Files that are read of one service."""

_FORMS = (
    ("nginx", regex(r"/etc/nginx/.+", needs=("/etc/nginx/",))),
    ("nginx", regex(r"/usr/local/openresty/nginx/conf/.+", needs=("/usr/local/openresty/",))),
    ("haproxy", regex(r".*/haproxy\.cfg", needs=("/haproxy.cfg",))),
    ("caddy", regex(r".*/Caddyfile", needs=("/caddyfile",))),
    (
        "tree",
        regex(
            r"/etc/(?:prometheus|alertmanager|promtail|otel.*|otelcol.*|grafana/provisioning/data.*)/.+",
            needs=("/etc/prom", "/etc/alertmanager", "/etc/otel", "/etc/grafana/provisioning"),
        ),
    ),
    (
        "tree",
        regex(
            r"/etc/traefik/.+|/traefik[^/]*|/dynamic/.+|/config/.+|/configuration/.+",
            needs=("/traefik", "/dynamic/", "/config/", "/configuration/"),
        ),
    ),
    (
        "tree",
        regex(
            r"(?:.*/)?(?:otel[^/]*|prometheus|alertmanager|promtail[^/]*|collector[^/]*)\.ya?ml",
            needs=("otel", "prometheus.", "alertmanager.", "promtail", "collector"),
        ),
    ),
    ("tree", regex(r".*/servers\.json", needs=("/servers.json",))),
)
_TREE = regex(r".*\.(?:ya?ml|json)")
_NGINX = regex(r".*\.(?:conf|template)|.*/sites-enabled/[^/]+|.*/(?:conf\.d|templates)/[^/]+")
_READ_AT_START = regex(r"/etc/nginx/(?:nginx\.conf|conf\.d/[^/]+\.conf|templates/[^/]+\.template)")
_FOLDERS = regex(
    r"/etc/(?:nginx|prometheus|alertmanager|grafana|traefik|promtail|caddy|otel[^/]*)(?:/.*)?"
    r"|/usr/local/etc/haproxy|/dynamic|/config|/configuration",
    needs=("/etc/", "/dynamic", "/config"),
)


class Source(NamedTuple):
    """A file that a service mounts: where it lies, its path in the container, and its text."""

    path: str
    target: str
    location: Location
    text: str | None = None


class FileAddress(NamedTuple):
    """An address in a file, and whether the program ends where its name is not there."""

    found: Found
    eager: bool


def addresses_of_files(
    service: Service, project: Project, host: Host
) -> tuple[list[FileAddress], list[Unread]]:
    """Return the addresses of one service's files, and those files that were not understood."""
    found: list[FileAddress] = []
    unread: list[Unread] = []
    sources = [*_sources(service, project, host)][:_FILES]
    for source in sources:
        form = _form(source.target)
        if not form:
            continue
        try:
            text = _text(source, host)
            found += [
                _of(one, source, _eager(one, source, sources, host))
                for one in (_written(form, text, source, service) if text else ())
            ]
        except NotUnderstoodError as error:
            unread.append(Unread(service.name, source.location, f"`{source.target}`: {error}"))
    return found, unread


def _form(target: str) -> str:
    for form, pattern in _FORMS:
        if pattern.fullmatch(target):
            kind = {"nginx": _NGINX, "tree": _TREE}.get(form)
            if kind is None or kind.fullmatch(target):
                return form
    return ""


def _sources(service: Service, project: Project, host: Host) -> Iterator[Source]:
    for mount in service.mounts:
        target = mount.target.rstrip("/")
        if mount.kind != "bind" or not (_form(target) or _FOLDERS.fullmatch(target)):
            continue
        fact = host.file(mount.source)
        if fact is not None and fact.kind == "file":
            yield Source(mount.source, target, mount.location)
        elif fact is not None and fact.kind == "directory":
            yield from _below(mount.source, target, mount.location, host, 2)
    if service.configs:
        files = {item.name: item for item in project.configs if not item.external}
        for grant in service.configs:
            item = files.get(grant.source)
            target = grant.target or f"/{grant.source}"
            if item is None or not _form(target):
                continue
            content = at(item.node, "content")
            if item.file:
                yield Source(item.file, target, grant.location)
            elif isinstance(content, Scalar) and isinstance(content.value, str):
                yield Source("", target, Location(content.span, grant.location.path), content.value)


def _below(path: str, target: str, location: Location, host: Host, depth: int) -> Iterator[Source]:
    for name in host.entries(path)[:100]:
        inner, there = f"{path}/{name}", f"{target}/{name}"
        fact = host.file(inner)
        if fact is not None and fact.kind == "file" and _form(there):
            yield Source(inner, there, location)
        elif fact is not None and fact.kind == "directory" and depth:
            yield from _below(inner, there, location, host, depth - 1)


def _text(source: Source, host: Host) -> str:
    if source.text is not None:
        return source.text
    fact = host.file(source.path)
    if fact is None:
        return ""
    if fact.size > LARGEST:
        raise NotUnderstoodError("it is larger than 1 MB and was not read")
    text = host.read_text(source.path, LARGEST)
    if text is None:
        raise NotUnderstoodError("it cannot be read as text")
    return text


def _written(form: str, text: str, source: Source, service: Service) -> Iterator[Written]:
    variables = {one.name: one.value for one in service.environment if one.value is not None}
    if form == "tree":
        from bootready.connections.files.trees import documents, reader_of

        for root in documents(text, source.path):
            reader = reader_of(root)
            if reader is not None:
                yield from reader(root)
        return
    from bootready.connections.files import blocks

    if form == "nginx":
        template = source.target.endswith(".template")
        yield from blocks.of_nginx(text, source.path, variables if template else {})
    elif form == "haproxy":
        yield from blocks.of_haproxy(text, source.path)
    else:
        yield from blocks.of_caddy(text, source.path, variables)


def _eager(one: Written, source: Source, sources: list[Source], host: Host) -> bool:
    """Tell whether the program reads the file at its start and ends without the name in it."""
    if not one.eager or not source.target.startswith("/etc/nginx/"):
        return one.eager
    if not _READ_AT_START.fullmatch(source.target):
        return False
    main = next((other for other in sources if other.target == "/etc/nginx/nginx.conf"), None)
    if main is None or main is source:
        return True
    return "conf.d" in (_text(main, host) or "")


def _of(one: Written, source: Source, eager: bool) -> FileAddress:
    span = source.location.span if source.text is not None else one.span
    place = Location(span, source.location.path)
    address = one.address
    login = Login(
        address.user,
        address.password,
        address.database,
        place if address.user else None,
        place if address.password else None,
        place if address.database else None,
    )
    given = Given(source.target, "", place)
    port = place if address.port else None
    found = Found(address, given, one.protocol, port, login, certain=True)
    return FileAddress(found, eager)
