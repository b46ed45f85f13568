"""Spilo's environment variables -> Patroni's configuration at the path given as argument.

A configuration that exists is kept, with the passwords of an earlier start, as Spilo keeps it.
"""

from __future__ import annotations

import html
import os
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


def configuration(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return Patroni's configuration, with `SPILO_CONFIGURATION` merged over it as in Spilo."""
    name = socket.gethostname()
    # Spilo's template escapes them for HTML: five characters do not arrive as they were given.
    superuser = html.escape(environ["PGPASSWORD_SUPERUSER"])
    standby = html.escape(environ["PGPASSWORD_STANDBY"])
    plain = ["host all all all md5"]
    if not environ.get("ALLOW_NOSSL"):
        plain = ["hostnossl all all all reject", "hostssl all all all md5"]
    authority = environ.get("SSL_CA_FILE", "")
    root = environ.get("PGROOT", "/home/postgres/pgdata/pgroot")
    own = {
        "scope": environ["SCOPE"],
        "namespace": "/service/",
        "name": name,
        "restapi": {"listen": "0.0.0.0:8008", "connect_address": f"{name}:8008"},
        "etcd3": {
            name.removeprefix("ETCD3_").lower(): value
            for name, value in environ.items()
            if name.startswith("ETCD3_")
        },
        "bootstrap": {
            "post_init": "/usr/local/lib/post_init.sh",
            "dcs": {"postgresql": {"use_pg_rewind": True, "use_slots": True}},
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
        },
        "postgresql": {
            "listen": "0.0.0.0:5432",
            "connect_address": f"{name}:5432",
            "use_unix_socket": True,
            "use_unix_socket_repl": True,
            "data_dir": f"{root}/data",
            "bin_dir": "/usr/lib/postgresql/17/bin",
            "pgpass": "/run/postgresql/pgpass",
            "authentication": {
                "superuser": {"username": "postgres", "password": superuser},
                "replication": {"username": "standby", "password": standby},
            },
            "parameters": {
                "unix_socket_directories": "/run/postgresql",
                "shared_buffers": f"{quarter_of_memory()}MB",
                "ssl": "on",
                **({"ssl_ca_file": authority} if authority else {}),
                "ssl_cert_file": "/run/certs/server.crt",
                "ssl_key_file": "/run/certs/server.key",
            },
            "pg_hba": [
                "local all all trust",
                "host all all 127.0.0.1/32 md5",
                "host all all ::1/128 md5",
                "local replication standby trust",
                "hostssl replication standby all md5",
                *plain,
            ],
        },
    }
    given = yaml.safe_load(environ.get("SPILO_CONFIGURATION", "")) or {}
    return merged(own, given)


def quarter_of_memory(limit: Path = Path("/sys/fs/cgroup/memory.max")) -> int:
    """Return a quarter of the container's memory in MiB, of the host's where no limit is seen."""
    given = limit.read_text().strip() if limit.exists() else "max"
    host = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(host if given == "max" else int(given), host) // 4 // 2**20


def merged(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the mappings of `over` merged into it, and everything else replaced."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(below, value) if both else value
    return result


def write(path: Path, text: str) -> None:
    """Write `text` for the user postgres, unless the file exists."""
    if path.exists():
        print(f"configure: {path} already exists and is kept", file=sys.stderr)
        return
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    shutil.chown(path, "postgres", "postgres")


if __name__ == "__main__":
    write(Path(sys.argv[1]), yaml.safe_dump(configuration(os.environ)))
