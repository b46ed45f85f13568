"""A secret that a running database keeps -> the same database with a new one, node by node.

The database learns the new password first, then the file, then the programs that read it: a run
that ends in between leaves a stack that works, and the next run goes on from there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Sequence

from bootready.boot.selection import selected
from bootready.engine.api import Api
from bootready.engine.container import (
    Container,
    project_containers,
    read_container,
    restart_container,
)
from bootready.errors import BootError
from bootready.knowledge.secrets.kind_in_project import kind_for
from bootready.model.action import HASHES, SecretKind
from bootready.model.project import Project, Service
from bootready.typed import NamedTuple

_HEALTHY_SECONDS = 240.0
_STREAM_SECONDS = 60.0
_STOP_SECONDS = 60
_SPILO_KEEPS = ("/run/postgres.yml",)
"""Spilo writes its configuration only if there is none, and a restart keeps the writable layer
(zalando/spilo, postgres-appliance/scripts/configure_spilo.py, write_file)."""
_STREAMS = (
    "SELECT NOT pg_is_in_recovery()"
    " OR EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')"
)
_ITERATIONS = 4096
"""PostgreSQL's own number (scram_iterations)."""


class Way(NamedTuple):
    """How a secret is rotated: who keeps it, as which role, and who only reads it."""

    secret: str
    role: str
    """The PostgreSQL role; '' where the program takes what its file says at its start."""
    nodes: tuple[str, ...]
    readers: tuple[str, ...]
    cluster: bool = False
    """Whether the nodes are one cluster, whose replicas log in at its leader."""
    kept: tuple[str, ...] = ()
    """Files in the nodes that keep the old password over a restart, unless they are removed."""
    jobs: tuple[str, ...] = ()
    """One-shot services that give a role the password, as a superuser of a database here."""


def way_of(project: Project, secret: str) -> Way | None:
    """Return how `secret` is rotated, None where nobody knows: PostgreSQL (Patroni, or the
    official image), Valkey and Redis, what a one-shot service sets there, and hashes for logins.
    """
    users = [service for service, _ in project.users_of_secret(secret)]
    order = [service.name for service in selected(project)]
    users.sort(key=lambda service: order.index(service.name) if service.name in order else 0)
    clusters = [service for service in users if _is_patroni(service)]
    singles = [service for service in users if _initialised_by(service, secret)]
    stores = [service for service in users if _image_name(service) in {"valkey", "redis"}]
    nodes = clusters or singles or stores
    jobs = [] if nodes else [one for one in users if _is_job(project, one, secret)]
    hashed = not nodes and kind_of_hash(project, secret)
    if not (nodes or jobs or (hashed and users)):
        return None
    role = _role(nodes[0], secret) if clusters or singles else ""
    if role is None:
        return None
    names = tuple(service.name for service in nodes)
    sets = tuple(service.name for service in jobs)
    readers = tuple(one.name for one in users if one.name not in {*names, *sets})
    spilo = any(_is_spilo(service) for service in clusters)
    kept = _SPILO_KEEPS if spilo else ()
    return Way(secret, role, names, readers, cluster=bool(clusters), kept=kept, jobs=sets)


def kind_of_hash(project: Project, secret: str) -> SecretKind | None:
    """Return the kind of a secret that is a hash of a password of its own, None for any other."""
    found = next((one for one in project.secrets if one.name == secret), None)
    if found is None or {"from", "same_as"} & set(found.hints):
        return None
    kind = kind_for(project, secret, found.hints)
    return kind if kind in HASHES else None


def rotate(
    project: Project,
    api: Api,
    way: Way,
    *,
    password: str,
    replace: Callable[[], None],
    say: Callable[[str], None],
) -> None:
    """Make `password` the value of `way`: in the database, in the file (by `replace`), in readers.

    Raises BootError where a node is not healthy or the new password is refused, EngineError.
    """
    nodes = [_healthy(project, api, name) for name in way.nodes]
    if way.role:
        leader = _leader(api, nodes)
        say(f"{leader.service}: new password for role '{way.role}'")
        _sql(api, leader, f"ALTER ROLE \"{way.role}\" PASSWORD '{scram(password)}'")
        nodes = [node for node in nodes if node.id != leader.id] + [leader]
    replace()
    say(f"secret '{way.secret}': new file")
    for node in nodes:
        if way.kept:
            api.execute(node.id, ["rm", "-f", *way.kept])
        _restart(api, node, say)
        if way.cluster:
            # Before the next one: a leader is not restarted while a replica cannot follow.
            _await_stream(api, node)
    _renew_readers(project, api, way, say)
    if way.role:
        for node in nodes:
            _prove(api, node, nodes[0], way)
            if way.cluster:
                _await_stream(api, node)
        say(f"role '{way.role}': every node takes the new password")


def _renew_readers(project: Project, api: Api, way: Way, say: Callable[[str], None]) -> None:
    for name in way.jobs:
        for container in _containers(project, api, name):
            _again(api, container, say)
    for name in way.readers:
        for container in _containers(project, api, name):
            if container.running:
                _restart(api, container, say)


def scram(password: str, salt: bytes | None = None) -> str:
    """Return what PostgreSQL keeps of a password (RFC 5803), so that no log gets to see itself."""
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    client = hmac.new(salted, b"Client Key", hashlib.sha256).digest()
    stored = hashlib.sha256(client).digest()
    server = hmac.new(salted, b"Server Key", hashlib.sha256).digest()
    parts = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return "SCRAM-SHA-256${}:{}${}:{}".format(_ITERATIONS, *parts)


def _is_patroni(service: Service) -> bool:
    named = any(entry.name.startswith("PATRONI_") for entry in service.environment)
    return named or _is_spilo(service)


def _is_spilo(service: Service) -> bool:
    names = [entry.name for entry in service.environment]
    node = "SCOPE" in names and _image_name(service).startswith("spilo")  # not a client like psql
    return node or any(name.startswith("SPILO_") for name in names)


def _initialised_by(service: Service, secret: str) -> bool:
    return any(
        entry.name == "POSTGRES_PASSWORD_FILE" and (entry.value or "").endswith(f"/{secret}")
        for entry in service.environment
    )


def _image_name(service: Service) -> str:
    return (service.image or "").rpartition("/")[2].partition("@")[0].partition(":")[0]


def _role(service: Service, secret: str) -> str | None:
    """Return the role whose password `secret` is, '' where it is none of the database's, None
    where nobody can tell.
    """
    values = {entry.name: entry.value or "" for entry in service.environment}
    name = secret.lower()
    if re.search(r"replica|standby", name):
        role = values.get("PGUSER_STANDBY") or "standby"
    elif not _is_patroni(service) or _is_superusers(service, name):
        role = values.get("PGUSER_SUPERUSER") or values.get("POSTGRES_USER") or "postgres"
    else:
        # Patroni's API asks for what its configuration said at the start.
        return "" if re.search(r"(?:^|[^a-z])(?:rest_?)?api(?:[^a-z]|$)", name) else None
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", role):
        raise BootError(f"service '{service.name}': role '{role}' must be a plain name")
    return role


def _is_superusers(service: Service, name: str) -> bool:
    """Tell whether the secret is the superuser's: by its name, or as no other one can be."""
    if re.search(r"super|postgres|(?:^|[^a-z])(?:pg|db|database|root)(?:[^a-z]|$)", name):
        return True
    others = (grant.source.lower() for grant in service.secrets)
    return all(other == name or re.search(r"replica|standby", other) for other in others)


def _is_job(project: Project, service: Service, secret: str) -> bool:
    """Tell whether a one-shot service can set the password: it has another one, of a superuser."""
    if service.restart not in {None, "no"}:
        return False
    awaited = any(
        one.service == service.name and one.condition == "service_completed_successfully"
        for other in project.services
        for one in other.depends_on
    )
    others = (grant.source for grant in service.secrets if grant.source != secret)
    ways = (_keeper(project, other) for other in others) if awaited else ()
    return any(ways)


def _keeper(project: Project, secret: str) -> bool:
    """Tell whether a database of the project keeps `secret` as the password of a role."""
    for service, _ in project.users_of_secret(secret):
        if _is_patroni(service) or _initialised_by(service, secret):
            return bool(_role(service, secret))
    return False


def _containers(project: Project, api: Api, service: str) -> Sequence[Container]:
    return [one for one in project_containers(api, project.name) if one.service == service]


def _healthy(project: Project, api: Api, service: str) -> Container:
    found = _containers(project, api, service)
    if len(found) == 1 and found[0].running and found[0].health in {"", "healthy"}:
        return found[0]
    state = (found[0].health or found[0].status) if found else "not there"
    raise BootError(
        f"service '{service}': its container is {state}; a rotation needs a healthy stack",
        "bootready up",
    )


def _leader(api: Api, nodes: Sequence[Container]) -> Container:
    for node in nodes:
        code, output = api.execute(node.id, _psql("SELECT pg_is_in_recovery()"))
        if code == 0 and output.strip() == "f":
            return node
    names = ", ".join(f"'{node.service}'" for node in nodes)
    raise BootError(f"services {names}: none of them is a writable PostgreSQL")


def _sql(api: Api, node: Container, statement: str) -> None:
    code, output = api.execute(node.id, _psql(statement))
    if code != 0:
        raise BootError(
            f"service '{node.service}': psql exited with {code}: {output.strip()[:300]}"
        )


def _psql(statement: str) -> list[str]:
    """Over the socket of the container, where PostgreSQL trusts its own superuser."""
    script = 'psql -qAtX -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -c "$0"'
    return ["sh", "-c", script, statement]


def _restart(api: Api, container: Container, say: Callable[[str], None]) -> None:
    # A start mounts the secret's file anew, by its path: the running container has the old one.
    say(f"{container.service}: restart")
    restart_container(api, container.id, _STOP_SECONDS)
    deadline = time.monotonic() + _HEALTHY_SECONDS
    while time.monotonic() < deadline:
        found = read_container(api, container.id)
        if found and found.running and found.health in {"", "healthy"}:
            return
        time.sleep(1)
    raise BootError(f"service '{container.service}': not healthy {_HEALTHY_SECONDS:.0f} s later")


def _again(api: Api, container: Container, say: Callable[[str], None]) -> None:
    """Run a one-shot service anew, to its end."""
    say(f"{container.service}: run again")
    restart_container(api, container.id)
    deadline = time.monotonic() + _HEALTHY_SECONDS
    while time.monotonic() < deadline:
        found = read_container(api, container.id)
        if found and found.status == "exited":
            if found.exit_code == 0:
                return
            break
        time.sleep(1)
    raise BootError(
        f"service '{container.service}': it did not exit with 0",
        f"docker logs {container.name}",
    )


def _await_stream(api: Api, node: Container) -> None:
    """Wait until `node` leads or streams: what a replica does with its own configuration."""
    deadline = time.monotonic() + _STREAM_SECONDS
    while time.monotonic() < deadline:
        code, output = api.execute(node.id, _psql(_STREAMS))
        if code == 0 and output.strip() == "t":
            return
        time.sleep(1)
    raise BootError(
        f"service '{node.service}': does not stream from its leader {_STREAM_SECONDS:.0f} s later;"
        " its data is getting stale",
        f"docker logs {node.name}",
    )


def _prove(api: Api, node: Container, other: Container, way: Way) -> None:
    """Log in from `node` at another node with what the secret's file says in the container."""
    target = "host=$1 user=$2 dbname=postgres"
    replication = re.search(r"replica|standby", way.secret.lower()) is not None
    if replication:
        target += " replication=true"
    statement = "IDENTIFY_SYSTEM" if replication else "SELECT 1"
    script = (
        f'PGPASSWORD="$(cat /run/secrets/$0)" psql -qAtX "{target}" -c "{statement}" >/dev/null'
    )
    argv = ["sh", "-c", script, way.secret, other.service, way.role]
    code, output = api.execute(node.id, argv)
    if code != 0:
        raise BootError(
            f"service '{node.service}': role '{way.role}' is refused: {output.strip()[:300]}"
        )
