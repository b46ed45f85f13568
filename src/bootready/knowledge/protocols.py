"""Schemes, ports, and names of images and variables -> the protocol that they mean.

Ports are those of IANA's registry or of the program's own documentation.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bootready.knowledge.images.names import family_of, parts_of
from bootready.regex import regex

_SCHEMES = (
    "postgres:postgres:5432 postgresql:postgres:5432 psql:postgres:5432 pgsql:postgres:5432 "
    "postgis:postgres:5432 timescaledb:postgres:5432 cockroachdb:postgres:26257 "
    "mysql:mysql:3306 mysql2:mysql:3306 mariadb:mysql:3306 mysqli:mysql:3306 "
    "redis:redis:6379 rediss:redis:6379 valkey:redis:6379 valkeys:redis:6379 "
    "mongodb:mongo:27017 mongo:mongo:27017 amqp:amqp:5672 amqps:amqp:5671 pyamqp:amqp:5672 "
    "rabbitmq:amqp:5672 nats:nats:4222 memcached:memcached:11211 memcache:memcached:11211 "
    "mqtt:mqtt:1883 mqtts:mqtt:8883 kafka:kafka:9092 zookeeper:zookeeper:2181 zk:zookeeper:2181 "
    "sqlserver:mssql:1433 mssql:mssql:1433 oracle:oracle:1521 bolt:bolt:7687 neo4j:bolt:7687 "
    "clickhouse:clickhouse:9000 clickhousedb:clickhouse:8123 cassandra:cassandra:9042 "
    "scylla:cassandra:9042 smtp:smtp:25 smtps:smtp:465 ldap:ldap:389 ldaps:ldap:636 "
    "http:http:80 https:http:443 ws:http:80 wss:http:443 grpc:grpc:0 tcp::0 udp::0 h2c:http:80 "
    "couchdb:http:5984 elasticsearch:http:9200 es:http:9200 influxdb:http:8086 etcd:etcd:2379 "
    "milvus:milvus:19530 temporal:temporal:7233 thrift::0 ftp::21 sftp::22 ssh::22 s3:http:0 "
    "tds:mssql:1433 trino:http:8080 presto:http:8080 hive2:hive:10000 vertica::5433 tls::0 "
    "mongodb+srv:mongo:27017 redis-sentinel:redis:26379 plaintext:kafka:9092 ssl::0 "
    "sasl_plaintext:kafka:9092 sasl_ssl:kafka:9092"
)
SCHEMES = {
    word: (protocol, int(port))
    for word, protocol, port in (entry.split(":") for entry in _SCHEMES.split())
}
"""A scheme -> the protocol, '' for any, and the port where none is written."""

TLS = frozenset(
    {"tls", "ssl", "https", "wss", "rediss", "amqps", "mqtts", "ldaps", "smtps", "valkeys"}
)

_PORTS = (
    "5432:postgres 3306:mysql 6379:redis 27017:mongo 5672:amqp 4222:nats 11211:memcached "
    "1883:mqtt 9092:kafka 2181:zookeeper 1433:mssql 1521:oracle 7687:bolt 9042:cassandra "
    "2375:docker 7233:temporal"
)
PORTS = {int(port): protocol for port, protocol in (entry.split(":") for entry in _PORTS.split())}
"""Ports that mean their protocol wherever they stand."""

DEFAULT_PORTS = {protocol: port for port, protocol in PORTS.items()}


def _table(*lines: str) -> dict[str, str]:
    """Return word -> protocol of lines that begin with the protocol."""
    return {word: line.split()[0] for line in lines for word in line.split()[1:]}


_FAMILIES = _table(
    "postgres postgres postgis pgvector timescaledb spilo bitnamilegacy-postgresql pgbouncer",
    "postgres timescaledb-ha paradedb supabase-postgres",
    "mysql mysql mariadb percona bitnami-mysql bitnami-mariadb",
    "redis redis valkey bitnami-redis bitnami-valkey",
    "mongo mongo bitnami-mongodb",
    "amqp rabbitmq",
    "nats nats",
    "memcached memcached",
    "mqtt mosquitto emqx",
    "kafka kafka confluent-kafka redpanda",
    "zookeeper zookeeper confluent-zookeeper",
    "mssql mssql",
    "oracle oracle-free",
    "bolt neo4j",
    "cassandra cassandra scylladb",
    "clickhouse clickhouse",
    "http elasticsearch opensearch meilisearch qdrant couchdb influxdb loki tempo prometheus solr",
    "http ollama minio",
    "etcd etcd",
    "temporal temporal",
    "http vault consul zipkin jaeger jaeger-all-in-one otel-collector otel-collector-contrib",
    "http pushgateway typesense victoriametrics localstack",
    "smtp mailpit mailhog",
    "docker docker-socket-proxy",
)

USUAL = {
    "otel-collector": frozenset({4317, 4318}),
    "otel-collector-contrib": frozenset({4317, 4318}),
    "temporal": frozenset({7233}),
    "localstack": frozenset({4566}),
    "kafka": frozenset({9092}),
    "confluent-kafka": frozenset({9092}),
    "zookeeper": frozenset({2181}),
    "confluent-zookeeper": frozenset({2181}),
}
"""Ports on which families listen that may be told to listen on others by what cannot be read."""

_WORDS = (
    r"(?:^|[-_/])(?:(?P<postgres>postgres(?:ql)?|postgis|pgvector|timescaledb(?:-ha)?|spilo(?:-\d+)?)"
    r"|(?P<mysql>mysql(?:-server)?|mariadb|percona(?:-server)?)"
    r"|(?P<redis>redis(?:-stack(?:-server)?)?|valkey|keydb|dragonfly)"
    r"|(?P<mongo>mongo(?:db)?)|(?P<amqp>rabbitmq)|(?P<nats>nats)|(?P<memcached>memcached)"
    r"|(?P<mqtt>mosquitto|emqx)|(?P<kafka>kafka|redpanda)|(?P<zookeeper>zookeeper)"
    r"|(?P<cassandra>cassandra|scylla))$"
)

_NAMED = _table(
    "postgres POSTGRES POSTGRESQL PG PGSQL POSTGRESDB POSTGIS",
    "mysql MYSQL MARIADB MYSQLDB PMA",
    "redis REDIS VALKEY KEYDB",
    "mongo MONGO MONGODB",
    "amqp AMQP RABBITMQ RABBIT",
    "memcached MEMCACHED MEMCACHE",
    "kafka KAFKA BOOTSTRAP",
    "zookeeper ZOOKEEPER ZOO ZK",
    "nats NATS",
    "mqtt MQTT",
    "cassandra CASSANDRA",
    "clickhouse CLICKHOUSE",
    "mssql MSSQL SQLSERVER",
    "smtp SMTP MAIL EMAIL MAILER",
    "temporal TEMPORAL",
    "http ELASTICSEARCH ELASTIC ES OPENSEARCH MEILI MEILISEARCH QDRANT OLLAMA",
)

FILES = (
    *("/etc/nginx", "/etc/prometheus", "/etc/alertmanager", "/etc/promtail", "/etc/otel"),
    *("/etc/grafana", "/etc/traefik", "traefik.", "Caddyfile", "haproxy", "servers.json"),
    *("/dynamic", "/config", "otel", "prometheus.y", "collector", "openresty"),
)
"""Words that stand in a project that mounts a configuration with addresses."""

ADDRESSES = (
    *("://", "HOST", "host", "SERVER", "ADDR", "addr", "ENDPOINT", "endpoint", "SEEDS", "BROKER"),
    *("broker", "NODES", "CONNECT", "URL", "URI", "DSN", "UPSTREAM", "TARGET", "POINTS", "server"),
    *("tcp(", "wait", "nc ", "127.0.0.1", "::1", "loadbalancer", "VIRTUAL_PORT", "upstreams"),
    *(":5432", ":3306", ":6379", ":27017", ":5672", ":11211", ":9092", ":2181", ":9200", ":4222"),
    *(":1521", ":1433", "pg_", "psql", "mysql", "mariadb", "redis-cli", "valkey-cli", "mongo"),
    *FILES,
)
"""Words of which one stands in every project that gives a service an address that is understood."""

DATABASES = frozenset({"postgres", "mysql", "mongo", "mssql", "oracle"})
SLOW = frozenset({*DATABASES, "amqp", "kafka", "cassandra", "clickhouse"})
"""Servers that take seconds from their start until they answer, more when they have no data yet."""

OTHERS = {
    "minio": {9001: "the console"},
    "nats": {8222: "monitoring", 6222: "the other servers of a cluster"},
    "rabbitmq": {15672: "management", 25672: "the other nodes of a cluster", 4369: "epmd"},
    "elasticsearch": {9300: "the other nodes of a cluster"},
    "opensearch": {9300: "the other nodes of a cluster"},
    "etcd": {2380: "the other members of a cluster"},
    "mailpit": {8025: "the web page", 1110: "POP3"},
    "mailhog": {8025: "the web page"},
    "emqx": {18083: "the dashboard"},
    "neo4j": {7474: "the browser", 7473: "the browser"},
    "clickhouse": {9009: "the other servers of a cluster"},
    "cassandra": {7000: "the other nodes of a cluster", 7199: "JMX"},
    "mosquitto": {},
}
"""Families whose programs listen on ports that are not for their clients, and what for."""


_DIND = regex(r"(?:^|/)docker:[\w.-]*dind", needs=("docker:",))
_KIND = regex(
    r"(?P<postgres>postgres|pgsql|psql|^pg$)|(?P<mysql>mysql|maria)|(?P<mongo>mongo)"
    r"|(?P<mssql>mssql|sqlserver)|(?P<oracle>oracle)|(?P<file>sqlite|h2$)"
)


def protocol_of_kind(value: str) -> str:
    """Return the protocol of a database that a value calls by its kind: ``pdo_pgsql``, ``mysql``.

    '' where it calls none, or is longer than such a word is; ``file`` for one without a server.
    """
    found = _KIND.search(value.lower()) if len(value) <= 60 else None
    return (found.lastgroup or "") if found else ""


@lru_cache(maxsize=512)
def protocol_of_image(image: str) -> str:
    """Return the protocol that the program in an image serves, '' where that is not known."""
    if _DIND.search(image):
        return "docker"
    named = family_of(image)
    if named is not None and named.family in _FAMILIES:
        return _FAMILIES[named.family]
    if named is not None and named.family != "bitnami":
        return ""
    found = re.search(_WORDS, parts_of(image).path)
    return (found.lastgroup or "") if found else ""


def protocol_of_name(name: str) -> str:
    """Return the protocol that a variable or an option is about by its name, '' if it is none."""
    return next((_NAMED[word] for word in words_of(name) if word in _NAMED), "")


_DATABASE_WORDS = frozenset(
    ["DB", "DATABASE", "DATASOURCE", "SQL", "ADMINER", "DBHOST", "DBHOSTNAME", "DBSERVER", "DBURL"]
)


def is_database_name(name: str) -> bool:
    """Tell whether a variable is about a database, whichever it is."""
    return not _DATABASE_WORDS.isdisjoint(words_of(name))


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in capitals: ``db.hostName`` is DB, HOST, NAME."""
    if name.startswith("PG") and name.isalpha() and name.isupper():
        return ("PG", name[2:])
    parts = re.split(r"[^A-Za-z0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name))
    return tuple(part.upper() for part in parts if part)
