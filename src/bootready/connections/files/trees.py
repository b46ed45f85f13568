"""A configuration in YAML (Prometheus, Traefik, Grafana and others) -> the addresses in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bootready.connections.addresses import Address, addresses_in, hosts_in
from bootready.connections.files.written import NotUnderstoodError, Written
from bootready.model.connection import Hidden
from bootready.model.lookup import at, entries_at, items_at, text_at
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.read.yaml import YamlError, read_yaml

_NODES = 50_000
"""Values in one file; an honest configuration has a hundredth of it."""


def documents(text: str, file: str) -> list[Node]:
    """Return the documents of a file. Raises NotUnderstoodError where it is no YAML."""
    try:
        return read_yaml(text, file, _NODES)
    except YamlError as error:
        raise NotUnderstoodError("it is not valid YAML") from error


def of_prometheus(root: Node) -> Iterator[Written]:
    """Yield targets of scraping, Alertmanagers, and ends of remote reading and writing."""
    for _, job in items_at(root, "scrape_configs"):
        yield from _scraped(job)
    for _, one in items_at(root, "alerting", "alertmanagers"):
        yield from _scraped(one)
    for key in ("remote_write", "remote_read"):
        for _, one in items_at(root, key):
            yield from _url(at(one, "url"))


def _scraped(job: Node) -> Iterator[Written]:
    scheme = text_at(job, "scheme") or "http"
    replaced = False
    for _, rule in items_at(job, "relabel_configs"):
        if text_at(rule, "target_label") == "__address__":
            replaced = True
            node = at(rule, "replacement")
            yield from _hosts(node, scheme)
    for _, one in () if replaced else items_at(job, "static_configs"):
        for _, target in items_at(one, "targets"):
            yield from _hosts(target, scheme)


def of_traefik(root: Node) -> Iterator[Written]:
    """Yield the servers of Traefik's dynamic configuration, and where it asks for logins."""
    for kind in ("http", "tcp", "udp"):
        for _, service in entries_at(root, kind, "services"):
            for _, server in items_at(service, "loadBalancer", "servers"):
                yield from _url(at(server, "url"))
                yield from _hosts(at(server, "address"), "")
        for _, middleware in entries_at(root, kind, "middlewares"):
            yield from _url(at(middleware, "forwardAuth", "address"))


def of_grafana(root: Node) -> Iterator[Written]:
    """Yield the data sources that Grafana is provisioned with."""
    for _, source in items_at(root, "datasources"):
        kind = text_at(source, "type")
        protocol = {"postgres": "postgres", "mysql": "mysql", "redis-datasource": "redis"}.get(
            kind.removeprefix("grafana-").removesuffix("-datasource"), "http"
        )
        node = at(source, "url")
        password = text_at(source, "secureJsonData", "password")
        for one in [*_url(node)] or [*_hosts(node, "")]:
            address = one.address
            if protocol in {"postgres", "mysql"}:
                address = address._replace(
                    user=_plain(text_at(source, "user")),
                    password=Hidden(password) if _plain(password) else None,
                    database=_plain(
                        text_at(source, "database") or text_at(source, "jsonData", "database")
                    ),
                )
            yield one._replace(address=address, protocol=protocol)


def _plain(value: str) -> str | None:
    return value if value and "$" not in value else None


def of_collector(root: Node) -> Iterator[Written]:
    """Yield where an OpenTelemetry collector sends to, and whom it scrapes."""
    for name, exporter in entries_at(root, "exporters"):
        kind = name.partition("/")[0]
        if kind in {"prometheus", "debug", "logging", "file"}:
            continue  # these listen, or send nowhere
        for key in ("endpoint", "traces_endpoint", "metrics_endpoint", "logs_endpoint"):
            node = at(exporter, key)
            yield from [*_url(node)] or [*_hosts(node, "")]
        for _, node in items_at(exporter, "endpoints"):
            yield from [*_url(node)] or [*_hosts(node, "")]
    for name, receiver in entries_at(root, "receivers"):
        if name.partition("/")[0] == "prometheus":
            yield from of_prometheus(at(receiver, "config") or receiver)
        if name.partition("/")[0] in {"postgresql", "mysql", "redis", "mongodb", "rabbitmq"}:
            node = at(receiver, "endpoint")
            yield from [*_url(node)] or [*_hosts(node, "")]


def of_pgadmin(root: Node) -> Iterator[Written]:
    """Yield the servers of pgAdmin's servers.json."""
    for _, server in entries_at(root, "Servers"):
        node = at(server, "Host")
        port = text_at(server, "Port")
        for one in _hosts(node, ""):
            number = int(port) if port.isdigit() else 0
            made = one.address._replace(
                port=number,
                user=_plain(text_at(server, "Username")),
                database=_plain(text_at(server, "MaintenanceDB")),
            )
            yield one._replace(address=made, protocol="postgres")


def of_alertmanager(root: Node) -> Iterator[Written]:
    """Yield the mail server and the web hooks of Alertmanager."""
    yield from _hosts(at(root, "global", "smtp_smarthost"), "", "smtp")
    for _, receiver in items_at(root, "receivers"):
        for _, hook in items_at(receiver, "webhook_configs"):
            yield from _url(at(hook, "url"))
        for _, mail in items_at(receiver, "email_configs"):
            yield from _hosts(at(mail, "smarthost"), "", "smtp")


def of_promtail(root: Node) -> Iterator[Written]:
    """Yield where Promtail sends to."""
    for _, client in items_at(root, "clients"):
        yield from _url(at(client, "url"))


def _url(node: Node | None) -> Iterator[Written]:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        for address in addresses_in(node.value):
            yield Written(address, node.span, address.protocol)


def _hosts(node: Node | None, scheme: str, protocol: str = "") -> Iterator[Written]:
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or "$" in node.value:
        return
    for address in hosts_in(node.value):
        made: Address = address if address.scheme else address._replace(scheme=scheme)
        yield Written(made, node.span, protocol or ("http" if scheme else address.protocol))


Reader = Callable[[Node], Iterator[Written]]

_KNOWN: tuple[tuple[str, Reader], ...] = (
    ("scrape_configs", of_prometheus),
    ("datasources", of_grafana),
    ("exporters", of_collector),
    ("Servers", of_pgadmin),
    ("receivers", of_alertmanager),
    ("clients", of_promtail),
)


def reader_of(root: Node) -> Reader | None:
    """Return what reads a document, by the keys that it has; None for one of no known form."""
    if not isinstance(root, Mapping | Sequence):
        return None
    keys = root.entries if isinstance(root, Mapping) else {}
    if {"http", "tcp", "udp"} & keys.keys():
        return of_traefik
    return next((reader for key, reader in _KNOWN if key in keys), None)
