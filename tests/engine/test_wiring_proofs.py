"""What real clients say of each wrong address: psql, valkey-cli, curl and nginx of Debian.

The project that is checked is written for public images. The same names, networks, ports and
accounts are then started with the stand-ins of the core stack, and a client is given each address.
"""

from __future__ import annotations

import json
import secrets
import subprocess
from pathlib import Path

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost
from bootready.model.finding import Needs, Severity
from bootready.model.request import Request
from core_stack import require_standins
from engine_support import require_compose

PSQL = ("client", "psql -tAc 'select 41 + 1' \"$1\"")
CURL = ("client", 'curl -sS --max-time 5 -o /dev/null -w "%{http_code}" "$1"')
CACHE = ("cache", 'valkey-cli -u "$1" ping')
SERVERS = {
    "db": {
        "image": "postgres:17",
        "environment": {
            "POSTGRES_USER": "shop",
            "POSTGRES_PASSWORD": "tulip71",
            "POSTGRES_DB": "shop",
        },
        "ports": ["127.0.0.1:15432:5432"],
        "networks": {"default": {}, "back": {"aliases": ["warehouse"]}},
    },
    "cache": {
        "image": "valkey/valkey:8.1",
        "command": ["valkey-server", "--requirepass", "rose91"],
    },
    "inner": {"image": "valkey/valkey:8.1", "command": ["valkey-server", "--bind", "127.0.0.1"]},
    "web": {"image": "prom/prometheus:v2.53.0"},
    "member": {"image": "prom/prometheus:v2.53.0", "network_mode": "service:cache"},
}
WRONG = (
    ("address-loopback", "postgres://shop:tulip71@localhost:5432/shop", PSQL, "Connection refused"),
    (
        "port-published-for-container",
        "postgres://shop:tulip71@db:15432/shop",
        PSQL,
        "Connection refused",
    ),
    (
        "host-unresolved",
        "postgres://shop:tulip71@database:5432/shop",
        PSQL,
        'could not translate host name "database"',
    ),
    (
        "credentials-differ",
        "postgres://shop:tulip72@db/shop",
        PSQL,
        'password authentication failed for user "shop"',
    ),
    (
        "credentials-differ",
        "postgres://blog:tulip71@db/shop",
        PSQL,
        'password authentication failed for user "blog"',
    ),
    (
        "credentials-differ",
        "postgres://shop:tulip71@db/blog",
        PSQL,
        'database "blog" does not exist',
    ),
    (
        "scheme-mismatch",
        "postgres://shop:tulip71@db/shop?sslmode=require",
        PSQL,
        "server does not support SSL, but SSL was required",
    ),
    (
        "networks-unshared",
        "postgres://shop:tulip71@warehouse/shop",
        PSQL,
        'could not translate host name "warehouse"',
    ),
    ("credentials-differ", "redis://cache:6379/0", CACHE, "NOAUTH Authentication required"),
    ("credentials-differ", "redis://default:lily@cache:6379/0", CACHE, "WRONGPASS"),
    ("port-unserved", "redis://default:rose91@cache:6380/0", CACHE, "Connection refused"),
    ("listens-on-loopback", "redis://inner:6379/0", CACHE, "Connection refused"),
    ("scheme-mismatch", "https://web:9090/-/ready", CURL, "SSL"),
    ("networks-unshared", "http://member:9090/-/ready", CURL, "Could not resolve host: member"),
)
RIGHT = (
    ("postgres://shop:tulip71@db:5432/shop", PSQL, "42"),
    ("redis://default:rose91@cache:6379/0", CACHE, "PONG"),
    ("http://web:9090/-/ready", CURL, "200"),
    ("http://cache:9090/-/ready", CURL, "200"),
)
NGINX = """\
pid /tmp/pid;
events {}
http {
  access_log off;
  client_body_temp_path /tmp/a;
  proxy_temp_path /tmp/b;
  fastcgi_temp_path /tmp/c;
  uwsgi_temp_path /tmp/d;
  scgi_temp_path /tmp/e;
  server {
    listen 8080;
    location / { proxy_pass http://UPSTREAM:9090; }
  }
}
"""
DATABASE = """\
printf tulip71 > /tmp/word
initdb -D /tmp/data -U shop -A scram-sha-256 --pwfile=/tmp/word -N > /dev/null
echo 'host all all all scram-sha-256' >> /tmp/data/pg_hba.conf
echo 'create database shop' | postgres --single -D /tmp/data postgres > /dev/null
exec postgres -D /tmp/data -c 'listen_addresses=*' -c unix_socket_directories=/tmp -c fsync=off"""


@pytest.fixture(scope="module")
def images() -> dict[str, str]:
    """The stand-ins by the word that they are called by, whatever their tags."""
    return {name.split("/")[-1].split(":")[0]: name for name in require_standins()}


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian's nginx, unpacked and not installed, which could start it."""
    directory = tmp_path_factory.mktemp("nginx")
    directory.chmod(0o755)
    run("apt-get", "download", "nginx", cwd=directory, check=True)
    package = next(directory.glob("nginx_*.deb"))
    run("dpkg-deb", "-x", str(package), str(directory / "root"), check=True)
    return next((directory / "root").rglob("sbin/nginx"))


@pytest.fixture(scope="module")
def started(images, tmp_path_factory):
    """The servers of the project and a client, as containers of the stand-ins."""
    compose = require_compose(5)
    project = f"bootready-proof-{secrets.token_hex(3)}"
    directory = tmp_path_factory.mktemp("wiring")
    ready = {"test": "psql -h 127.0.0.1 -U shop -c ''", "interval": "1s", "retries": 60}
    database = {
        "image": images["spilo"],
        "user": "postgres",
        "entrypoint": ["sh", "-ec", DATABASE],
        "environment": {"PGPASSWORD": "tulip71"},
        "healthcheck": ready,
    }
    sleep = {"image": images["spilo"], "entrypoint": ["sleep", "600"]}
    services = {
        "db": SERVERS["db"] | database,
        "cache": SERVERS["cache"] | {"image": images["valkey"]},
        "inner": SERVERS["inner"] | {"image": images["valkey"]},
        "web": {"image": images["prometheus"]},
        "member": SERVERS["member"] | {"image": images["prometheus"]},
        "client": sleep | {"depends_on": {"db": {"condition": "service_healthy"}}},
    }
    del services["db"]["ports"]  # this machine may have it in use
    for name in ("web", "member"):
        services[name]["command"] = ["--config.file=/dev/null", "--storage.tsdb.path=/tmp"]
    made = {"name": project, "services": services, "networks": {"back": {}}}
    (directory / "compose.yaml").write_text(json.dumps(made))
    down = (*compose.command, "down", "-v", "-t", "0", "--remove-orphans")
    try:
        done = run(*compose.command, "up", "-d", "--wait", cwd=directory)
        assert done.returncode == 0, done.stderr
        yield project
    finally:
        run(*down, cwd=directory)


@pytest.mark.engine
def test_clients_say_what_the_findings_say(started, tmp_path):
    """Each wrong address has its finding and its client is refused; the right ones have neither."""
    services = {
        f"wrong{number}": {
            "image": "registry.example.com/shop/app:1",
            "restart": "always",
            "environment": {"SERVER_URL": address},
        }
        for number, (_, address, _, _) in enumerate(WRONG)
    }
    for number, (address, _, _) in enumerate(RIGHT):
        like = services["wrong0"] | {"environment": {"SERVER_URL": address}}
        services[f"right{number}"] = like
    found = findings_of(tmp_path, {**SERVERS, **services}, {"back": {}})

    for number, (check, address, client, words) in enumerate(WRONG):
        owner = "inner" if check == "listens-on-loopback" else f"wrong{number}"
        assert (owner, check) in found, (owner, address, found)
        assert words in asked(started, client, address), address
    for number, (address, client, words) in enumerate(RIGHT):
        assert not [check for owner, check in found if owner == f"right{number}"]
        assert words in asked(started, client, address)


@pytest.mark.engine
@pytest.mark.parametrize("name", ["wev", "member", "warehouse"])
def test_nginx_ends_where_a_name_of_its_configuration_does_not_exist(
    started, images, nginx, tmp_path, name
):
    """A name that nobody has, one of a network that it is not on, and one that holds elsewhere."""
    target = "/etc/nginx/nginx.conf"
    (tmp_path / "nginx.conf").write_text(NGINX.replace("UPSTREAM", name))
    proxy = {"image": "nginx:1.27", "volumes": [f"./nginx.conf:{target}:ro"]}
    found = findings_of(tmp_path, {**SERVERS, "proxy": proxy}, {"back": {}})
    finding = found["proxy", "upstream-unresolved"]
    assert finding.severity is Severity.ERROR
    words = finding.consequence.partition(": ")[2]

    for upstream, code, way in ((name, 1, ("-g", "daemon off;")), ("web", 0, ("-t",))):
        (tmp_path / "nginx.conf").write_text(NGINX.replace("UPSTREAM", upstream))
        mounts = (f"--volume={nginx}:/nginx:ro", f"--volume={tmp_path}/nginx.conf:{target}:ro")
        started_in = ("docker", "run", "--rm", "--pull=never", f"--network={started}_default")
        program = ("/nginx", "-e", "stderr", "-c", target, *way)
        done = run(*started_in, "--user=root", *mounts, images["haproxy"], *program)
        assert done.returncode == code, done.stderr
        assert (words in done.stderr) is bool(code)


def asked(project, client, address):
    """What a client says that is given the address."""
    name, script = client
    command = ("docker", "exec", f"{project}-{name}-1", "sh", "-c", script, "sh", address)
    done = run(*command)
    return done.stdout + done.stderr


def run(*command, cwd=None, check=False):
    """Run a program; one that hangs fails the test."""
    return subprocess.run(
        command, cwd=cwd, check=check, capture_output=True, text=True, timeout=120
    )


def findings_of(directory, services, networks):
    """The findings of topic wiring about a project, by service and check."""
    text = json.dumps({"services": services, "networks": networks})
    (directory / "compose.yaml").write_text(text, encoding="utf-8")
    project = pipeline.load(Request(directory=str(directory)), {"PWD": str(directory)})
    context = Context(project, LocalHost(), RecordedEngine(None))
    evidence = Evidence(context, {Needs.ENGINE: "not asked"})
    found = pipeline.check(evidence, only=["wiring"]).apart
    return {
        (str(one.primary.path[1]), one.check_id): one
        for one in found
        if one.primary is not None and one.severity is not Severity.NOTE
    }
