"""A connection and its server -> why the port speaks TLS, or why it does not; '' where unknown."""

from __future__ import annotations

import re

from bootready.connections.servers import Server
from bootready.knowledge.images.known import known_image
from bootready.model.connection import Connection
from bootready.model.project import Service

_PLAIN = frozenset({"adminer", "mailpit", "meilisearch", "node-exporter", "ollama", "phpmyadmin"})
"""Programs that speak plain HTTP only, whatever their options are."""


_PLAIN_ALONE = frozenset({"minio", "prometheus", "influxdb", "qdrant", "vault", "mailhog"})
"""Programs that speak plain HTTP until they are given a certificate."""


def _is_told_of_tls(service: Service) -> bool:
    """Tell whether an option, a variable or a mounted file may switch TLS on."""
    said = " ".join(
        (
            *(service.command or ()),
            *(f"{entry.name} {entry.value}" for entry in service.environment),
            *(mount.target for mount in service.mounts),
            *(grant.target for grant in (*service.configs, *service.secrets)),
        )
    )
    return re.search(r"(?i)tls|ssl|cert|https|web\.config|conf|\.hcl", said) is not None


def tls_because(one: Connection, server: Server) -> str:
    """Return why a server's port speaks TLS only, '' where that is not known."""
    if one.reaches in {443, 8443} and one.port:
        return f"and {one.reaches} is the port of TLS"
    if server.family == "elasticsearch" and one.reaches == 9200 and _elastic_tls(server.service):
        return "which is on by default from version 8"
    if server.family == "opensearch" and one.reaches == 9200 and _opensearch_tls(server.service):
        return "which its security plugin demands"
    return ""


def plain_because(one: Connection, server: Server) -> str:
    """Return why a server's port does not speak TLS, '' where that is not known."""
    service = server.service
    given = _values(service)
    if one.scheme in {"https", "wss"}:
        if one.port == 80:
            return "and 80 is the port without it"
        if server.family == "elasticsearch" and given.get("xpack.security.enabled") == "false":
            return "which `xpack.security.enabled` switches off"
        if server.family == "opensearch" and _off(given):
            return "which is switched off with its security plugin"
        words = " ".join(service.command or ())
        if server.family == "keycloak" and one.reaches == 8080 and "start-dev" in words:
            return "which that port does not speak"
        if server.family in _PLAIN_ALONE and not _is_told_of_tls(service):
            return "for which it has no certificate"
        return "which it does not speak" if server.family in _PLAIN else ""
    if one.scheme == "amqps" and server.family == "rabbitmq":
        return "" if _is_told_of_tls(service) else "which it is not set up for"
    if one.scheme in {"rediss", "valkeys"} and server.family in {"redis", "valkey"}:
        words = " ".join((*(service.command or ()), *given.values()))
        return "" if "tls" in words or ".conf" in words else "which has no `--tls-port`"
    if one.protocol == "postgres" and server.family in {"postgres", "postgis", "pgvector"}:
        words = " ".join(service.command or ())
        own = any("postgres" in m.target and m.target.endswith(".conf") for m in service.mounts)
        scripts = any("initdb.d" in mount.target for mount in service.mounts)
        return (
            "" if "ssl" in words or "conf" in words or own or scripts else "which has no `ssl=on`"
        )
    return ""


def _values(service: Service) -> dict[str, str]:
    return {entry.name: entry.value or "" for entry in service.environment}


def _off(given: dict[str, str]) -> bool:
    return "true" in {given.get("DISABLE_SECURITY_PLUGIN"), given.get("plugins.security.disabled")}


def _elastic_tls(service: Service) -> bool:
    """Tell whether Elasticsearch sets up TLS by itself, which it does where nothing else does."""
    image = known_image(service.image or "")
    if image is None or not image.version.numbers or image.version.numbers[0] < 8:
        return False
    given = _values(service)
    own = any(
        name.startswith(("xpack.security", "discovery.seed", "cluster.initial", "node.roles"))
        for name in given
    )
    mounted = any("/config" in mount.target for mount in service.mounts)
    return not own and not mounted and not service.command


def _opensearch_tls(service: Service) -> bool:
    given = _values(service)
    own = any(
        "security" in name.lower() for name in given if name != "OPENSEARCH_INITIAL_ADMIN_PASSWORD"
    )
    mounted = any("/config" in mount.target for mount in service.mounts)
    return (
        not own
        and not mounted
        and not service.command
        and "OPENSEARCH_INITIAL_ADMIN_PASSWORD" in given
    )
