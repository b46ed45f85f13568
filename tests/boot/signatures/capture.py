"""Images of this machine -> `<kind>--<case>.log`: what real programs write when they cannot start.

usage: capture.py [WORD]   only the cases with WORD in their name; needs an engine and the images
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bootready.boot.diagnose.telling import readable

HERE = Path(__file__).parent
PG = "/usr/lib/postgresql/17/bin"
AS = "setpriv --reuid=postgres --regid=postgres --clear-groups"
INIT = (
    f"mkdir /tmp/d; chown postgres /tmp/d; echo right > /tmp/pw; chmod 644 /tmp/pw;"
    f"{AS} {PG}/initdb -D /tmp/d --auth-host=scram-sha-256 --pwfile=/tmp/pw >/dev/null 2>&1;"
)
RUN = f"{AS} {PG}/postgres -D /tmp/d"
BACKGROUND = f"{INIT} {RUN} >/dev/null 2>&1 & sleep 4; PGPASSWORD="
KEYS = (
    "for n in 1 2; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
    "-keyout /tmp/k$n -out /tmp/c$n -days 2 -subj /CN=a 2>/dev/null; done;"
)
SPILO, HAPROXY, VALKEY = "spilo:17", "haproxy:3.0", "valkey:8.1"
ETCD, PROMETHEUS, ALERTMANAGER = "etcd:3.5", "prometheus:2.53", "alertmanager:0.28"
TRAEFIK = "traefik:3.7.13"
PROXY = (
    "printf 'defaults\\n mode tcp\\n timeout client 1s\\n timeout connect 1s\\n timeout server 1s"
    "\\nfrontend f\\n bind :8443%s\\n default_backend b\\nbackend b\\n server s %s:1\\n' "
)

CASES: dict[str, tuple[str, str]] = {
    "authentication--psql": (
        SPILO,
        BACKGROUND + "wrong psql -h 127.0.0.1 -U postgres postgres",
    ),
    "no-database--psql": (
        SPILO,
        BACKGROUND + "right psql -h 127.0.0.1 -U postgres nosuch",
    ),
    "unknown-host--psql": (SPILO, "psql -h db.internal -U postgres"),
    "refused--psql-localhost": (SPILO, "psql -h 127.0.0.1 -p 5999 -U postgres"),
    "refused--psql": (SPILO, "psql -h $(hostname) -p 5999 -U postgres"),
    "mode--postgres": (SPILO, f"{INIT} chmod 755 /tmp/d; exec {RUN}"),
    "permission--postgres": (
        SPILO,
        f"{INIT} chown -R nobody /tmp/d; chmod 700 /tmp/d; exec {RUN}",
    ),
    "data-version--postgres": (
        SPILO,
        f"{INIT} echo 15 >/tmp/d/PG_VERSION; exec {RUN}",
    ),
    "data-locked--postgres": (
        SPILO,
        f"{INIT} {RUN} >/dev/null 2>&1 & sleep 4; exec {RUN}",
    ),
    "port-taken--postgres": (
        SPILO,
        (
            f"{INIT} python3 -m http.server 5432 >/dev/null 2>&1 & sleep 4;"
            f"exec {RUN} -c listen_addresses=0.0.0.0"
        ),
    ),
    "root--postgres": (SPILO, f"exec {PG}/postgres -D /tmp/x"),
    "tls-key--postgres": (
        SPILO,
        (
            f"{INIT} {KEYS} chown postgres /tmp/k* /tmp/c*; chmod 600 /tmp/k*;"
            f"exec {RUN} -c ssl=on -c ssl_cert_file=/tmp/c1 -c ssl_key_file=/tmp/k2"
        ),
    ),
    "tls-unknown-authority--curl": (
        SPILO,
        (
            f"{KEYS} openssl s_server -accept 4433 -www -cert /tmp/c1 -key /tmp/k1 >/dev/null 2>&1 & sleep"  # noqa: E501 - one shell command
            " 2; curl -sS https://localhost:4433/"
        ),
    ),
    "module-missing--python": (SPILO, "python3 -c 'import nosuchmod'"),
    "variable-missing--python": (SPILO, "python3 -c 'import os; os.environ[\"DATABASE_URL\"]'"),
    "variable-missing--bash": ("base:trixie", "set -u; echo $DB_HOST"),
    "variable-missing--sh": ("base:trixie", "sh -c ': ${DB_HOST:?must be set}'"),
    "exec-format--bash": (
        "base:trixie",
        (
            r"printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\267\0' > /x; head -c 200 /dev/zero >> /x;"
            "chmod 755 /x; exec /x"
        ),
    ),
    "library-missing--haproxy": (
        HAPROXY,
        "rm -f /usr/lib/x86_64-linux-gnu/liblua5.4.so*; haproxy -v",
    ),
    "tls-key--haproxy": (
        HAPROXY,
        "cp /mnt/bad.pem /tmp/bad.pem;"
        + (PROXY % (" ssl crt /tmp/bad.pem", "127.0.0.1"))
        + "> /tmp/h; haproxy -db -f /tmp/h",
    ),
    "unknown-host--haproxy": (
        HAPROXY,
        (PROXY % ("", "nosuchhost")) + "> /tmp/h; haproxy -db -f /tmp/h",
    ),
    "configuration-missing--haproxy": (HAPROXY, "haproxy -db -f /nope.cfg"),
    "configuration--valkey": (VALKEY, "valkey-server --nosuchoption 3"),
    "permission--valkey": (
        VALKEY,
        (
            "mkdir /tmp/x; chmod 500 /tmp/x; exec setpriv --reuid=65534 --clear-groups "
            "valkey-server --dir /tmp/x --appendonly yes"
        ),
    ),
    "port-taken--valkey": (
        VALKEY,
        "valkey-server --daemonize yes >/dev/null; sleep 1; valkey-server",
    ),
    "authentication--valkey-cli": (
        VALKEY,
        (
            "valkey-server --daemonize yes --requirepass x >/dev/null; sleep 1;"
            "valkey-cli -a wrong --no-auth-warning ping"
        ),
    ),
    "tls-key--valkey": (
        VALKEY,
        (
            "valkey-server --tls-port 6380 --port 0 --tls-cert-file /mnt/c1 --tls-key-file /mnt/k2 "
            "--tls-ca-cert-file /mnt/c1"
        ),
    ),
    "configuration-missing--prometheus": (PROMETHEUS, "prometheus --config.file=/nope.yml"),
    "configuration--prometheus": (
        PROMETHEUS,
        (
            "printf 'scrape_configs:\\n- job_name: [a\\n' > /tmp/b.yml;"
            "prometheus --config.file=/tmp/b.yml"
        ),
    ),
    "permission--prometheus": (
        PROMETHEUS,
        (
            "mkdir /tmp/x; chmod 500 /tmp/x; printf 'global: {}\\n' > /tmp/b.yml; exec setpriv "
            "--reuid=65534 --clear-groups prometheus --config.file=/tmp/b.yml --storage.tsdb.path=/tmp/x"  # noqa: E501 - one shell command
        ),
    ),
    "configuration--alertmanager": (
        ALERTMANAGER,
        (
            "printf 'route: [a\\n' > /tmp/b.yml; prometheus-alertmanager --config.file=/tmp/b.yml "
            "--storage.path=/tmp/a --cluster.listen-address="
        ),
    ),
    "port-taken--alertmanager": (
        ALERTMANAGER,
        (
            'cd /tmp; printf "route: {receiver: a}\\nreceivers: [{name: a}]\\n" > c.yml;'
            "A='prometheus-alertmanager --config.file=c.yml --cluster.listen-address= --storage.path';"  # noqa: E501 - one shell command
            "$A /tmp/a >/dev/null 2>&1 & cd /tmp; sleep 2; A='prometheus-alertmanager "
            "--config.file=c.yml --cluster.listen-address= --storage.path'; $A /tmp/b"
        ),
    ),
    "cluster--etcd-name": (
        ETCD,
        "etcd --name a --data-dir /tmp/a --initial-cluster b=http://x:2380",
    ),
    "shared-memory--postgres": (
        SPILO,
        f"mkdir /tmp/d; chown postgres /tmp/d;{AS} {PG}/initdb -D /tmp/d",
    ),
    "read-only--touch": ("busybox:1", "touch /data"),
    "disk-full--dd": (
        "busybox:1",
        "dd if=/dev/zero of=/s/f bs=1k count=999",
    ),
    "capability--chown": ("busybox:1", "chown nobody /tmp"),
    "permission--cat": (
        "busybox:1",
        "echo x > /etc/pw; chmod 600 /etc/pw; su -s /bin/sh nobody -c 'cat /etc/pw'",
    ),
    "line-endings--sh": (
        "busybox:1",
        r"printf '#!/bin/sh\r\nset -e\r\nsleep 1\r\n' > /tmp/e; sh /tmp/e",
    ),
    "line-endings--bash": (
        "base:trixie",
        r"printf 'set -euo pipefail\r\nif true; then\r\n  sleep 1\r\nfi\r\n' > /tmp/e; bash /tmp/e",
    ),
    "line-endings--env": (
        "base:trixie",
        r"printf '#!/usr/bin/env bash\r\necho hi\r\n' > /tmp/e; chmod 755 /tmp/e; /tmp/e",
    ),
    "threads-limit--python": (
        SPILO,
        (
            "python3 -c 'import threading, time\n"
            "for _ in range(20): threading.Thread(target=time.sleep, args=(9,)).start()'"
        ),
    ),
    "threads-limit--sh": (
        "busybox:1",
        "for n in 1 2 3 4 5 6 7 8; do sleep 3 & done",
    ),
    "files-limit--python": (
        SPILO,
        "python3 -c 'f = [open(\"/dev/null\") for _ in range(99)]'",
    ),
    "locale--initdb": (
        SPILO,
        f"mkdir /tmp/d; chown postgres /tmp/d; {AS} {PG}/initdb -D /tmp/d --locale=de_DE.UTF-8",
    ),
    "tls-name--curl": (
        SPILO,
        (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-keyout /tmp/k -out /tmp/c -subj /CN=wbe -addext subjectAltName=DNS:wbe 2>/dev/null;"
            "openssl s_server -accept 4433 -www -cert /tmp/c -key /tmp/k >/dev/null 2>&1 & sleep 3;"
            "curl -sS --cacert /tmp/c https://localhost:4433/"
        ),
    ),
    "tls-name--python": (
        SPILO,
        (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-keyout /tmp/k -out /tmp/c -subj /CN=wbe -addext subjectAltName=DNS:wbe 2>/dev/null;"
            "openssl s_server -accept 4433 -www -cert /tmp/c -key /tmp/k >/dev/null 2>&1 & sleep 3;"
            'python3 -c \'import ssl, urllib.request as u; u.urlopen("https://localhost:4433/", '
            'context=ssl.create_default_context(cafile="/tmp/c"))\''
        ),
    ),
    "configuration--haproxy": (
        HAPROXY,
        "printf 'frontend f\\n bindd :8443\\n' > /tmp/h; haproxy -db -f /tmp/h",
    ),
    "configuration--traefik-option": (
        TRAEFIK,
        "traefik --entrypoints.web.adress=:8000",
    ),
    "configuration--traefik-file": (
        TRAEFIK,
        (
            "printf 'entryPoints:\\n  web:\\n    adress: \":8000\"\\n' > /tmp/t.yml;"
            "traefik --configFile=/tmp/t.yml"
        ),
    ),
    "configuration--prometheus-rules": (
        PROMETHEUS,
        (
            "printf 'rule_files: [r.yml]\\n' > /tmp/b.yml;"
            "printf 'groups:\\n- name: a\\n  rules: [{alert: X, expr: up ==}]\\n' > /tmp/r.yml;"
            "prometheus --config.file=/tmp/b.yml --storage.tsdb.path=/tmp/d"
        ),
    ),
    "configuration--alertmanager-receiver": (
        ALERTMANAGER,
        (
            "printf 'route: {receiver: opps}\\nreceivers: [{name: ops}]\\n' > /tmp/b.yml;"
            "prometheus-alertmanager --config.file=/tmp/b.yml --storage.path=/tmp/a "
            "--cluster.listen-address="
        ),
    ),
    "module-missing--python-m": (SPILO, "python3 -m gunicorn app:app"),
    "read-only--python": (SPILO, "python3 -c 'import os; os.makedirs(\"/var/cache/app/x\")'"),
    "no-role--postgres": (
        SPILO,
        (
            f"{INIT} {RUN} 2>&1 & sleep 5; PGPASSWORD=right psql -h 127.0.0.1 -U shop postgres "
            ">/dev/null 2>&1; sleep 1"
        ),
    ),
    "port-privileged--httpd": ("busybox:1", "su -s /bin/sh nobody -c 'httpd -f -p 80'"),
    "port-privileged--haproxy": (
        HAPROXY,
        (PROXY % ("", "127.0.0.1")).replace(":8443", ":80")
        + "> /tmp/h; exec setpriv --reuid=65534 --clear-groups haproxy -db -f /tmp/h",
    ),
    "port-privileged--traefik": (
        TRAEFIK,
        "export HOME=/tmp; exec setpriv --reuid=65534 --clear-groups traefik --entrypoints.web.address=:80",  # noqa: E501 - one shell command
    ),
    "file-missing--python": (SPILO, "python3 /app/main.py"),
    "refused--python": (
        SPILO,
        (
            "python3 -c 'import socket; "
            "socket.create_connection((socket.gethostbyname(socket.gethostname()), 5999))'"
        ),
    ),
    "cluster--etcd-quorum": (
        ETCD,
        (
            "timeout 8 etcd --name a --data-dir /tmp/a --initial-cluster "
            "a=http://127.0.0.1:2380,b=http://192.0.2.1:2380 --initial-advertise-peer-urls "
            "http://127.0.0.1:2380 2>&1 | grep -v peer"
        ),
    ),
    "is-directory--cat": ("busybox:1", "mkdir /etc/pw; cat /etc/pw"),
}

OPTIONS = {
    "shared-memory--postgres": ("--shm-size", "64k"),
    "read-only--touch": ("--read-only",),
    "read-only--python": ("--read-only",),
    "port-privileged--httpd": ("--sysctl", "net.ipv4.ip_unprivileged_port_start=1024"),
    "port-privileged--haproxy": ("--sysctl", "net.ipv4.ip_unprivileged_port_start=1024"),
    "port-privileged--traefik": ("--sysctl", "net.ipv4.ip_unprivileged_port_start=1024"),
    "threads-limit--python": ("--pids-limit", "6"),
    "threads-limit--sh": ("--pids-limit", "4"),
    "files-limit--python": ("--ulimit", "nofile=16"),
    "disk-full--dd": ("--tmpfs", "/s:size=64k"),
    "capability--chown": ("--cap-drop", "ALL"),
}
CERTIFICATE = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=a"
)


def main() -> None:
    """Run every case and write what it wrote."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        folder.chmod(0o755)
        for number in "12":
            argv = [*CERTIFICATE.split(), "-keyout", f"{folder}/k{number}", "-out"]
            subprocess.run([*argv, f"{folder}/c{number}"], check=True, capture_output=True)
        (folder / "bad.pem").write_text((folder / "c1").read_text() + (folder / "k2").read_text())
        for path in folder.iterdir():
            path.chmod(0o644)
        for name in CASES:
            if word in name:
                (HERE / f"{name}.log").write_text(_captured(name, directory))


def _captured(name: str, directory: str) -> str:
    image, script = CASES[name]
    shell = "sh" if image == "busybox:1" else "bash"
    argv = [
        "docker",
        "run",
        "--rm",
        *OPTIONS.get(name, ()),
        "--user",
        "root",
        "--entrypoint",
        shell,
    ]
    argv += ["-v", f"{directory}:/mnt:ro", f"bootready.local/{image}", "-c", script]
    done = subprocess.run(
        argv, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60
    )
    lines = done.stdout.decode(errors="replace").split("\n")
    return "\n".join(readable(line)[:400].rstrip() for line in lines[:-1][-40:]) + "\n"


if __name__ == "__main__":
    main()
