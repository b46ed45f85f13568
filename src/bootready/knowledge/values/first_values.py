"""The name of a variable -> what an image makes of its value at its first start, whoever built it.

What the known images demand is in their families (`knowledge.images`).
"""

from __future__ import annotations

from bootready.regex import regex

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
