"""What a value means, and this machine -> a plain value that will do, which is no secret."""

from __future__ import annotations

import re

from bootready.knowledge.values.meaning import Meaning, spelled
from bootready.regex import regex
from bootready.typed import NamedTuple


class Machine(NamedTuple):
    """What plain values are taken from: the person who prepares, and the machine."""

    uid: int
    gid: int
    docker_gid: int | None = None
    """The group of the engine's socket; None where there is none."""
    time_zone: str = "Etc/UTC"
    address: str = "127.0.0.1"


_ORDINARY = 1000
"""The first user of most systems: root prepares for others, and containers seldom run as root."""
_NUMBERS = (
    (r"(?:min_)?(?:length|len)$|^min_", "12"),
    (r"(?:lifetime|expiry|expiration|expires?|expires_in|ttl|age)$", "3600"),
    (r"(?:timeout|interval|duration|seconds)$", "60"),
    (r"(?:days)$", "30"),
    (r"(?:rounds|cost)$", "10"),
    (r"(?:size|limit|max)$|^max_", "100"),
    (r"(?:workers|threads|concurrency|retries|attempts)$", "2"),
)


_OF_A_SERVICE = regex(
    r"(?:^|_)(?:database|db|pg|postgres|postgresql|psql|mysql|mariadb|sql|sqlite|mssql|mongo|mongodb"
    r"|redis|valkey|amqp|rabbit|rabbitmq|broker|celery|kafka|nats|mqtt|clickhouse|elastic"
    r"|elasticsearch|opensearch|solr|ldap|smtp|mail|mailer|sentinel|memcache|memcached|cache|queue"
    r"|oplog|influx|influxdb|cassandra|neo4j|qdrant|milvus|s3|minio|sftp|git|saml|oidc|oauth|oauth2"
    r"|sso|webhook|otlp|otel)(?:_|$)"
)
"""Words of URLs that lead to a server of some other protocol, or to one of somebody else."""


def plain_value(meaning: Meaning, name: str, machine: Machine, port: str = "") -> str:
    """Return a value for `name`, '' for what only a person can know.

    `port` is the published port of the service that gets it, '' without one.
    """
    fixed = {
        Meaning.USER_ID: str(machine.uid or _ORDINARY),
        Meaning.GROUP_ID: str(machine.gid or _ORDINARY),
        Meaning.DOCKER_GROUP: "" if machine.docker_gid is None else str(machine.docker_gid),
        Meaning.TIME_ZONE: machine.time_zone,
        Meaning.ADDRESS: machine.address,
        Meaning.EMAIL: "admin@example.com",
        Meaning.URL: "http://localhost" if port in {"", "80"} else f"http://localhost:{port}",
        Meaning.HOST: "localhost",
        Meaning.SWITCH: "false",
        Meaning.USERNAME: "admin",
        Meaning.DATABASE: "app",
    }
    words = spelled(name)
    if meaning is Meaning.URL and _OF_A_SERVICE.search(words):
        return ""
    if meaning is Meaning.NUMBER:
        return next((value for tail, value in _NUMBERS if re.search(tail, words)), "1")
    return fixed.get(meaning, "")
