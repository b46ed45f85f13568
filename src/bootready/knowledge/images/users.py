"""What the name of a public image tells: a reference -> the user that its program runs as.

Only for images that are not on this machine: a local image says it itself. Facts from the images'
own Dockerfiles and entrypoints.
"""

from __future__ import annotations

from typing import NamedTuple


class KnownUser(NamedTuple):
    """The user and group by number; `drops` when the entrypoint starts as root and becomes it."""

    uid: int
    gid: int
    drops: bool = False


_ROOT = KnownUser(0, 0)
_NOBODY = KnownUser(65534, 65534)

_USERS = {
    "coreos/etcd": _ROOT,
    "traefik": _ROOT,
    "nginx": _ROOT,
    "caddy": _ROOT,
    "httpd": _ROOT,
    "minio/minio": _ROOT,
    "portainer/portainer-ce": _ROOT,
    # The official images of databases read *_FILE variables as root and export them.
    "postgres": _ROOT,
    "mysql": _ROOT,
    "mariadb": _ROOT,
    # These give up root before anything else happens.
    "mongo": KnownUser(999, 999, drops=True),
    "redis": KnownUser(999, 999, drops=True),
    "valkey/valkey": KnownUser(999, 999, drops=True),
    "rabbitmq": KnownUser(999, 999, drops=True),
    "haproxy": KnownUser(99, 99),
    "memcached": KnownUser(11211, 11211),
    "nginxinc/nginx-unprivileged": KnownUser(101, 101),
    "prom/prometheus": _NOBODY,
    "prom/alertmanager": _NOBODY,
    "prom/node-exporter": _NOBODY,
    "prom/blackbox-exporter": _NOBODY,
    "prom/pushgateway": _NOBODY,
    "prometheus/prometheus": _NOBODY,
    "prometheus/alertmanager": _NOBODY,
    "prometheus/node-exporter": _NOBODY,
    "prometheuscommunity/postgres-exporter": _NOBODY,
    "grafana/grafana": KnownUser(472, 0),
    "grafana/grafana-oss": KnownUser(472, 0),
    "grafana/grafana-enterprise": KnownUser(472, 0),
    "grafana/loki": KnownUser(10001, 10001),
    "grafana/tempo": KnownUser(10001, 10001),
    "elasticsearch": KnownUser(1000, 0),
    "elasticsearch/elasticsearch": KnownUser(1000, 0),
    "kibana": KnownUser(1000, 0),
    "kibana/kibana": KnownUser(1000, 0),
    "opensearchproject/opensearch": KnownUser(1000, 1000),
    "jenkins/jenkins": KnownUser(1000, 1000),
    "n8nio/n8n": KnownUser(1000, 1000),
    "nodered/node-red": KnownUser(1000, 1000),
    "apache/kafka": KnownUser(1000, 1000),
    "confluentinc/cp-kafka": KnownUser(1000, 1000),
    "confluentinc/cp-zookeeper": KnownUser(1000, 1000),
    "apache/airflow": KnownUser(50000, 0),
    "sonarqube": KnownUser(1000, 0),
    "solr": KnownUser(8983, 8983),
    "sonatype/nexus3": KnownUser(200, 200),
    "dpage/pgadmin4": KnownUser(5050, 0),
    "keycloak/keycloak": KnownUser(1000, 0),
    "mssql/server": KnownUser(10001, 0),
    "oauth2-proxy/oauth2-proxy": KnownUser(65532, 65532),
}
"""By repository, without registry and tag."""

_FAMILIES = {
    "bitnami/": KnownUser(1001, 0),
    "bitnamilegacy/": KnownUser(1001, 0),
    "zalando/spilo-": _ROOT,
}
"""By the beginning of the repository."""


def known_user(image: str) -> KnownUser | None:
    """Return the user of a public image, None for one that is not in the table."""
    name = repository_name(image)
    family = (user for start, user in _FAMILIES.items() if name.startswith(start))
    return _USERS.get(name) or next(family, None)


def repository_name(image: str) -> str:
    """Return `image` without registry, tag and digest; official images without `library/`."""
    name = image.partition("@")[0]
    head, slash, rest = name.partition("/")
    if slash and ("." in head or ":" in head or head == "localhost"):
        name = rest
    way, slash, last = name.rpartition("/")
    return (way + slash + last.partition(":")[0]).removeprefix("library/")
