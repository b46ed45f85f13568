#!/usr/bin/env python3
"""The running PostgreSQL cluster -> its leader, a backup, a backup put back, new nodes or settings.

usage: cluster.py leader          the node that takes writes
       cluster.py backup FILE     every database but `postgres`, and the roles: one tar, 0600
       cluster.py restore FILE    into a stack whose databases are empty; refuses otherwise
       cluster.py roll            nodes made anew one by one, replicas first: a restart, or a new
                                  SPILO_IMAGE
       cluster.py settings        what the compose file says of a new cluster, for this one
       cluster.py certificates    every node takes its renewed certificate; nothing is restarted
       cluster.py peers           tells the etcd of a stack without TLS its addresses with TLS

On a swarm it runs on any machine that has a node of the cluster, and reaches the leader through
HAProxy. There certificates are secrets, and nodes are services: a deployment renews them.

No password is shown: inside a node the socket is trusted. The passwords of `postgres`, `exporter`
and `standby` are secrets of each stack and not part of a backup; those of other roles are, as
hashes.
Standard library only. Exit 0 when done, 1 with the reason, 2 for a wrong command line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[3]
NODES = ("patroni1", "patroni2", "patroni3")
WITHIN = 120.0
"""Seconds within which the cluster is to settle between two steps."""

NAMES, GLOBALS = "names.json", "globals.sql"
OWN_ROLE = re.compile(r"(?:CREATE|ALTER) ROLE (?:postgres|standby|exporter)[ ;]")
DATABASES = (
    "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
    " AND datname <> 'postgres' ORDER BY 1"
)
TABLES = (
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind IN ('r', 'p', 'm')"
    " AND nspname !~ '^pg_|^information_schema$|^metric_helpers$'"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
)
PATRONI = (
    """printf 'user = "patroni:%s"' "$(cat /run/secrets/patroni_api_password)" |"""
    """ curl -fsS -K - -X "$1" -d "$2" "http://localhost:8008/$3\""""
)
"""The password goes by standard input: arguments are seen by others."""
LABEL = "com.docker.swarm.service.name"
THROUGH_HAPROXY = """
export PGPASSWORD="$(cat /run/secrets/patroni_superuser_password)" PGHOST=haproxy PGPORT=5000
exec "$@"
"""
"""The leader may be on another machine of a swarm."""
WANTED = """
import json, os, yaml
print(json.dumps(yaml.safe_load(os.environ["SPILO_CONFIGURATION"])["bootstrap"]["dcs"]))
"""
"""Patroni reads this part of its configuration when it makes a new cluster, and never again."""
STREAMING = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
ROLE_EXISTS = "42710"
"""SQLSTATE of a role that is there already, from the stack's own first boot."""


class ClusterError(Exception):
    """Why it was not done, in words for the operator."""


def leader() -> str:
    """Return the node that takes writes."""
    node = _leader_now()
    if not node:
        raise ClusterError("no node is the leader: is the stack up?")
    return node


def backup(file: Path) -> str:
    """Dump the leader's databases and the roles into `file`, which must not exist."""
    if file.exists():
        raise ClusterError(f"'{file}' exists, and is not overwritten")
    node = leader()
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix=f"{file.name}.", dir=file.parent) as work:
        roles = _inside(node, "pg_dumpall", "-U", "postgres", "--globals-only").splitlines()
        kept = [line for line in roles if not OWN_ROLE.match(line)]
        Path(work, GLOBALS).write_text("\n".join(kept) + "\n", encoding="utf-8")
        names = _ask(node, "postgres", DATABASES).splitlines()
        Path(work, NAMES).write_text(json.dumps(names), encoding="utf-8")
        for number, name in enumerate(names):
            with Path(work, f"{number}.dump").open("w+b") as dump:
                _inside(node, "pg_dump", "-U", "postgres", "-Fc", "-d", name, into=dump)
                dump.seek(0)
                _inside(node, "pg_restore", "--list", given=dump)  # fails if it cannot be read
        whole = Path(work, "whole.tar")
        with tarfile.open(whole, "w") as archive:
            for path in sorted(Path(work).iterdir()):
                if path != whole:
                    archive.add(path, path.name)
        os.link(whole, file)  # fails where somebody was faster
    return f"{len(names)} databases of {node} and the roles are in {file}"


def restore(file: Path) -> str:
    """Put a backup into the cluster; everything is looked at before anything is changed."""
    node = leader()
    with tarfile.open(file) as archive:
        names: list[str] = json.load(_member(archive, NAMES))
        present = set(_ask(node, "postgres", DATABASES).splitlines())
        for name in names:
            tables = _ask(node, name, TABLES) if name in present else "0"
            if tables != "0":
                raise ClusterError(
                    f"database '{name}' holds {tables} tables:"
                    " a backup is restored into an empty stack"
                )
        psql = ("psql", "-U", "postgres", "-d", "postgres", "-qX", "-v", "VERBOSITY=sqlstate")
        said = _run(_exec(node, *psql), given=_member(archive, GLOBALS)).stderr
        refused = [line for line in said.splitlines() if "ERROR" in line]
        if any(ROLE_EXISTS not in line for line in refused):
            raise ClusterError(f"roles: {refused[0]}")
        for number, name in enumerate(names):
            if name in present:
                _ask(node, "postgres", f"DROP DATABASE {_quoted(name)}")  # Spilo has no dropdb
            into = ("pg_restore", "-U", "postgres", "--create", "--exit-on-error", "-d", "postgres")
            _inside(node, *into, given=_member(archive, f"{number}.dump"))
    return f"{len(names)} databases and the roles of {file} are in the cluster of {node}"


def roll() -> str:
    """Make every node anew, replicas first; writes stop for the one hand-over only."""
    _not_on_a_swarm("nodes are services: docker service update --force STACK_NODE, replicas first")
    first = leader()
    others = [node for node in NODES if node != first]
    for node in others:
        _await(f"two replicas stream from {first}", lambda: _streaming(first))
        _renew(node)
    _await(f"two replicas stream from {first}", lambda: _streaming(first))
    _say(f"{first} hands over")
    _await(f"{first} hands over", lambda: _handed_over(first))
    following = leader()
    _renew(first)
    _await(f"two replicas stream from {following}", lambda: _streaming(following))
    return f"all nodes are new, {following} leads"


def settings() -> str:
    """Give the running cluster the settings that the compose file has for a new one."""
    node = leader()
    wanted = _inside(node, "python3", "-c", WANTED).strip()
    _inside(node, "sh", "-c", PATRONI, "sh", "PATCH", wanted, "config")
    return f"the cluster of {node} has {', '.join(sorted(json.loads(wanted)))} of the compose file"


def certificates() -> str:
    """Let each node take the certificate that lies in its mounted directory."""
    _not_on_a_swarm("certificates are secrets of the swarm: bootready up --target swarm")
    for node in NODES:
        _inside(node, "sh", "/usr/local/bin/with-secrets.sh", "--renew")
    return f"{', '.join(NODES)} have the certificates of secrets/tls"


def peers() -> str:
    """Register the peer addresses of the compose file: etcd keeps those of its first start."""
    _not_on_a_swarm("a swarm has no stack from before TLS")
    listed = _inside("etcd1", "etcdctl", "member", "list").splitlines()
    for line in listed:
        identity, _, name = (word.strip() for word in line.split(",")[:3])
        address = f"--peer-urls=https://{name}:2380"
        _inside("etcd1", "etcdctl", "member", "update", identity, address)
    return f"{len(listed)} members have addresses with TLS: stop the stack and start it again"


def _leader_now() -> str:
    if _is_on_a_swarm():
        said = _run(_exec("", "curl", "-fsS", "http://localhost:8008/cluster"))
        members = json.loads(said.stdout)["members"] if said.returncode == 0 else []
        return next((one["name"] for one in members if one["role"] == "leader"), "")
    probe = ("curl", "-fsS", "-o", "/dev/null", "http://localhost:8008/primary")
    return next((node for node in NODES if _run(_exec(node, *probe)).returncode == 0), "")


def _streaming(node: str) -> bool:
    done = _run(_exec(node, *_psql("postgres", STREAMING)))
    return done.returncode == 0 and done.stdout.strip() == "2"


def _handed_over(old: str) -> bool:
    if _leader_now() == old:
        # Patroni chooses: only a synchronous replica may follow. It refuses for a moment after a
        # change of members; asking again is harmless.
        wish = json.dumps({"leader": old})
        _run(_exec(old, "sh", "-c", PATRONI, "sh", "POST", wish, "switchover"))
    return _leader_now() not in {"", old}


def _renew(node: str) -> None:
    _say(f"{node} is made anew")
    options = ("--no-deps", "--force-recreate", "--wait", "--wait-timeout", "300")
    _checked([*_compose(), "up", "-d", *options, node])


def _await(what: str, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN
    while not holds():
        if time.monotonic() > end:
            raise ClusterError(f"not within {WITHIN:.0f} s: {what}")
        time.sleep(0.5)


def _ask(node: str, database: str, sql: str) -> str:
    return _inside(node, *_psql(database, sql)).strip()


def _psql(database: str, sql: str) -> tuple[str, ...]:
    stop = ("-v", "ON_ERROR_STOP=1")
    return ("psql", "-U", "postgres", "-d", database, "-qAtX", *stop, "-c", sql)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _inside(
    node: str, *program: str, given: IO[bytes] | None = None, into: IO[bytes] | None = None
) -> str:
    return _checked(_exec(node, *program), given, into)


def _exec(node: str, *program: str) -> list[str]:
    if _is_on_a_swarm():
        task = _task()
        if not task:
            raise ClusterError("no node of the cluster runs on this machine now")
        return ["docker", "exec", "-i", task, "sh", "-c", THROUGH_HAPROXY, "sh", *program]
    return [*_compose(), "exec", "-T", node, *program]


def _task() -> str:
    """Return the container of a node on this machine, on a swarm only; '' without one."""
    if not shutil.which("docker"):
        return ""
    shown = f'{{{{.ID}}}} {{{{.Label "{LABEL}"}}}}'
    said = _run(["docker", "ps", "--filter", f"label={LABEL}", "--format", shown]).stdout
    found = (line.split() for line in said.splitlines())
    return next((task for task, service in found if service.rpartition("_")[2] in NODES), "")


@cache
def _is_on_a_swarm() -> bool:
    return bool(_task())


def _not_on_a_swarm(words: str) -> None:
    if _is_on_a_swarm():
        raise ClusterError(words)


def _compose() -> list[str]:
    named = os.environ.get("COMPOSE_PROGRAM", "")
    own = ROOT / ".venv/bin/docker-compose"
    if named:
        return [named]
    if shutil.which("docker") and _run(["docker", "compose", "version"]).returncode == 0:
        return ["docker", "compose"]
    return [str(own) if own.exists() else "docker-compose"]


def _checked(
    command: list[str], given: IO[bytes] | None = None, into: IO[bytes] | None = None
) -> str:
    done = _run(command, given, into)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ClusterError(f"'{' '.join(command[:6])}' failed with {done.returncode}: {last}")
    return done.stdout


def _run(
    command: list[str], given: IO[bytes] | None = None, into: IO[bytes] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program, its input copied from `given`, its output to `into` or returned."""
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=into or output,
            stderr=errors,
        )
        if given and process.stdin:
            try:
                shutil.copyfileobj(given, process.stdin)
                process.stdin.close()
            except BrokenPipeError:
                pass  # why it stopped to listen is in what it said
        code = process.wait()
        for stream in (errors, output):
            stream.seek(0)
        return subprocess.CompletedProcess(
            command, code, output.read().decode(), errors.read().decode(errors="replace")
        )


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        member = archive.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise ClusterError(f"'{archive.name!s}' is no backup of this script: it has no {name}")
    return member


def _say(line: str) -> None:
    print(f"cluster: {line}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    try:
        match arguments:
            case ["leader"]:
                print(leader())
            case ["roll"]:
                _say(roll())
            case ["settings"]:
                _say(settings())
            case ["certificates"]:
                _say(certificates())
            case ["peers"]:
                _say(peers())
            case ["backup", file]:
                _say(backup(Path(file).absolute()))
            case ["restore", file]:
                _say(restore(Path(file).absolute()))
            case _:
                names = (
                    "leader | backup FILE | restore FILE | roll | settings | certificates | peers"
                )
                _say(f"usage: cluster.py {names}")
                return 2
    except (ClusterError, OSError, tarfile.TarError, ValueError) as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
