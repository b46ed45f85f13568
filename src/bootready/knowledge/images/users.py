"""What the name of a public image tells: a reference -> the user that its program runs as.

Only for images that are not on this machine: a local image says it itself. The families know it
with its sources; the table below is for images of which no more is known, from their Dockerfiles.
"""

from __future__ import annotations

from bootready.typed import NamedTuple


class KnownUser(NamedTuple):
    """The user and group by number; `drops` when the entrypoint starts as root and becomes it."""

    uid: int
    gid: int
    drops: bool = False


_ROOT = KnownUser(0, 0)
_NOBODY = KnownUser(65534, 65534)

_USERS = {
    "nginx": _ROOT,
    "caddy": _ROOT,
    "httpd": _ROOT,
    "portainer/portainer-ce": _ROOT,
    # These give up root before anything else happens.
    "mongo": KnownUser(999, 999, drops=True),
    "redis": KnownUser(999, 999, drops=True),
    "rabbitmq": KnownUser(999, 999, drops=True),
    "memcached": KnownUser(11211, 11211),
    "nginxinc/nginx-unprivileged": KnownUser(101, 101),
    "prom/blackbox-exporter": _NOBODY,
    "prom/pushgateway": _NOBODY,
    "grafana/grafana": KnownUser(472, 0),
    "grafana/grafana-oss": KnownUser(472, 0),
    "grafana/grafana-enterprise": KnownUser(472, 0),
    "grafana/loki": KnownUser(10001, 10001),
    "grafana/tempo": KnownUser(10001, 10001),
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
    """Return the user of a public image, None for one of which nothing is known."""
    known = _of_family(image)
    if known is not None:
        return known
    name = repository_name(image)
    family = (user for start, user in _FAMILIES.items() if name.startswith(start))
    return _USERS.get(name) or next(family, None)


def _of_family(image: str) -> KnownUser | None:
    from bootready.knowledge.images.known import known_image

    known = known_image(image)
    contents = known.contents() if known else None
    if contents is None or not contents.user:
        return None
    name, _, group = contents.user.partition(":")
    ids = f"{name}:{group}" if name.isdigit() else _numbers(name, contents.users)
    uid, _, gid = ids.partition(":")
    if not uid.isdigit():
        return None
    return KnownUser(int(uid), int(gid) if gid.isdigit() else 0, drops=contents.drops)


def _numbers(name: str, users: tuple[str, ...]) -> str:
    """Return uid and gid of a name from lines such as ``redis=999:1000``."""
    return next((user.partition("=")[2] for user in users if user.partition("=")[0] == name), "")


def repository_name(image: str) -> str:
    """Return `image` without registry, tag and digest; official images without `library/`."""
    name = image.partition("@")[0]
    head, slash, rest = name.partition("/")
    if slash and ("." in head or ":" in head or head == "localhost"):
        name = rest
    way, slash, last = name.rpartition("/")
    return (way + slash + last.partition(":")[0]).removeprefix("library/")
