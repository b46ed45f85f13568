"""An image and the environment of its container -> the password without which it does not start.

From the entrypoints of the images, which look at these variables when their data directory is
empty: docker-library/postgres, docker-library/mysql and MariaDB/mariadb-docker
(docker_verify_minimum_env), docker-library/mongo (both or neither of username and password),
bitnami/containers (libpostgresql.sh, libredis.sh, libmariadb.sh: ALLOW_EMPTY_PASSWORD),
minio/minio (a password has at least 8 characters).
"""

from __future__ import annotations

from collections.abc import Mapping

from bootready.regex import regex
from bootready.typed import NamedTuple


class Demand(NamedTuple):
    """One of `names` must have a value, unless one of `instead` has; the first is the usual one.

    `value` is what `instead` must hold, '' for anything. `when` must have a value for the demand
    to hold at all.
    """

    names: tuple[str, ...]
    instead: tuple[tuple[str, str], ...] = ()
    when: str = ""
    least: int = 0
    """Characters that a value must have; one without a value is then fine."""


_MYSQL = Demand(
    ("MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE"),
    (("MYSQL_ALLOW_EMPTY_PASSWORD", ""), ("MYSQL_RANDOM_ROOT_PASSWORD", "")),
)
_MARIADB = Demand(
    (
        "MARIADB_ROOT_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "MARIADB_ROOT_PASSWORD_FILE",
        "MYSQL_ROOT_PASSWORD_FILE",
        "MARIADB_ROOT_PASSWORD_HASH",
    ),
    tuple(
        (f"{maker}_{name}", "")
        for maker in ("MARIADB", "MYSQL")
        for name in (
            "ALLOW_EMPTY_ROOT_PASSWORD",
            "ALLOW_EMPTY_PASSWORD",
            "RANDOM_ROOT_PASSWORD",
        )
    ),
)
_POSTGRES = Demand(
    ("POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"), (("POSTGRES_HOST_AUTH_METHOD", "trust"),)
)
_EMPTY = (("ALLOW_EMPTY_PASSWORD", "yes"),)
_DEMANDS: Mapping[str, tuple[Demand, ...]] = {
    "postgres": (_POSTGRES,),
    "postgis/postgis": (_POSTGRES,),
    "timescale/timescaledb": (_POSTGRES,),
    "timescale/timescaledb-ha": (_POSTGRES,),
    "pgvector/pgvector": (_POSTGRES,),
    "ankane/pgvector": (_POSTGRES,),
    "paradedb/paradedb": (_POSTGRES,),
    "mysql": (_MYSQL,),
    "mysql/mysql-server": (),
    "percona": (_MYSQL,),
    "percona/percona-server": (_MYSQL,),
    "mariadb": (_MARIADB,),
    "mongo": (
        Demand(
            ("MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD_FILE"),
            when="MONGO_INITDB_ROOT_USERNAME",
        ),
        Demand(
            ("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_USERNAME_FILE"),
            when="MONGO_INITDB_ROOT_PASSWORD",
        ),
    ),
    "bitnami/postgresql": (
        Demand(
            (
                "POSTGRESQL_PASSWORD",
                "POSTGRES_PASSWORD",
                "POSTGRESQL_PASSWORD_FILE",
                "POSTGRES_PASSWORD_FILE",
            ),
            _EMPTY,
        ),
    ),
    "bitnami/redis": (Demand(("REDIS_PASSWORD", "REDIS_PASSWORD_FILE"), _EMPTY),),
    "bitnami/valkey": (Demand(("VALKEY_PASSWORD", "VALKEY_PASSWORD_FILE"), _EMPTY),),
    "bitnami/mariadb": (Demand(("MARIADB_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD_FILE"), _EMPTY),),
    "bitnami/mysql": (Demand(("MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE"), _EMPTY),),
    "minio/minio": (Demand(("MINIO_ROOT_PASSWORD",), least=8),),
}
"""By the name of the image without registry and tag. Others speak for themselves."""


def unmet_demand(image: str, environment: Mapping[str, str]) -> Demand | None:
    """Return what `image` demands and `environment`, the variables that are set, lacks; or None."""
    for demand in _DEMANDS.get(family_of(image), ()):
        if demand.when and not environment.get(demand.when):
            continue
        if demand.least:
            value = environment.get(demand.names[0], "")
            if value and len(value) < demand.least:
                return demand
            continue
        if any(environment.get(name) for name in demand.names):
            continue
        if any(_holds(environment.get(name, ""), value) for name, value in demand.instead):
            continue
        return demand
    return None


def family_of(image: str) -> str:
    """Return the name of `image` without its registry, tag, digest and ``library/``."""
    name = image.partition("@")[0]
    head, slash, rest = name.partition("/")
    if slash and ("." in head or ":" in head or head == "localhost"):
        name = rest
    name = name.removeprefix("library/")
    return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name


def _holds(found: str, wanted: str) -> bool:
    return found.lower() == wanted if wanted else bool(found)


_FIRST_PASSWORD = regex(
    r"(?:POSTGRES(?:QL)?|MYSQL|MARIADB)(?:_ROOT|_POSTGRES|_REPLICATION)?_PASSWORD"
    r"|MONGO_INITDB_ROOT_PASSWORD|MONGODB_ROOT_PASSWORD|RABBITMQ_(?:DEFAULT_PASS|PASSWORD)"
    r"|RABBITMQ_ERLANG_COOKIE|MINIO_(?:ROOT_PASSWORD|SECRET_KEY)|CLICKHOUSE_PASSWORD"
    r"|COUCHDB_(?:PASSWORD|SECRET)|DOCKER_INFLUXDB_INIT_(?:PASSWORD|ADMIN_TOKEN)|ELASTIC_PASSWORD"
    r"|(?:REDIS|VALKEY|KEYDB)_PASSWORD|KEYCLOAK_ADMIN_PASSWORD|KC_BOOTSTRAP_ADMIN_PASSWORD"
    r"|GF_SECURITY_ADMIN_PASSWORD|ARANGO_ROOT_PASSWORD|PGADMIN_DEFAULT_PASSWORD"
    r"|MEILI_MASTER_KEY|TYPESENSE_API_KEY|OPENSEARCH_INITIAL_ADMIN_PASSWORD"
    r"|(?:MSSQL_)?SA_PASSWORD|ORACLE_PASSWORD|KIBANA(?:_SYSTEM)?_PASSWORD"
)
_FIRST_NAME = regex(
    r"(?P<user>(?:POSTGRES(?:QL)?|MYSQL|MARIADB|CLICKHOUSE|COUCHDB)_USER(?:NAME)?"
    r"|MONGO_INITDB_ROOT_USERNAME|RABBITMQ_(?:DEFAULT_USER|USERNAME)|MINIO_ROOT_USER"
    r"|DOCKER_INFLUXDB_INIT_USERNAME)"
    r"|(?P<database>(?:POSTGRES(?:QL)?|CLICKHOUSE)_DB|(?:MYSQL|MARIADB|POSTGRESQL)_DATABASE"
    r"|MONGO_INITDB_DATABASE|DOCKER_INFLUXDB_INIT_(?:ORG|BUCKET))"
    r"|(?P<email>PGADMIN_DEFAULT_EMAIL)"
)


def is_first_password(key: str) -> bool:
    """Tell whether an image takes the password that it is given in `key` when it first starts."""
    return _FIRST_PASSWORD.fullmatch(key) is not None


def first_name(key: str) -> str:
    """Return a name for the user or the database that an image makes of `key`, or ''."""
    found = _FIRST_NAME.fullmatch(key)
    if found is None:
        return ""
    return "admin@example.com" if found["email"] else "app"
