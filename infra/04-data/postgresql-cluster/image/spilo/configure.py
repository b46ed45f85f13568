"""Spilo's environment variables -> patroni.yml at the path given as argument."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


def configuration(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return Patroni's configuration, with `SPILO_CONFIGURATION` merged over it as in Spilo."""
    name = socket.gethostname()
    root = environ.get("PGROOT", "/home/postgres/pgdata/pgroot")
    own = {
        "scope": environ["SCOPE"],
        "namespace": "/service/",
        "name": name,
        "restapi": {"listen": "0.0.0.0:8008", "connect_address": f"{name}:8008"},
        "etcd3": {"hosts": environ["ETCD3_HOSTS"]},
        "bootstrap": {
            "dcs": {"postgresql": {"use_pg_rewind": True, "use_slots": True}},
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
        },
        "postgresql": {
            "listen": "0.0.0.0:5432",
            "connect_address": f"{name}:5432",
            "data_dir": f"{root}/data",
            "bin_dir": "/usr/lib/postgresql/17/bin",
            "pgpass": "/run/patroni/pgpass",
            "authentication": {
                "superuser": {"username": "postgres", "password": environ["PGPASSWORD_SUPERUSER"]},
                "replication": {"username": "standby", "password": environ["PGPASSWORD_STANDBY"]},
            },
            "parameters": {
                "unix_socket_directories": "/run/postgresql",
                "password_encryption": "scram-sha-256",
            },
            "pg_hba": [
                "local all all trust",
                "host replication standby all scram-sha-256",
                "host all all all scram-sha-256",
            ],
        },
    }
    given = yaml.safe_load(environ.get("SPILO_CONFIGURATION", "")) or {}
    return merged(own, given)


def merged(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the mappings of `over` merged into it, and everything else replaced."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(below, value) if both else value
    return result


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(yaml.safe_dump(configuration(os.environ)), encoding="utf-8")
