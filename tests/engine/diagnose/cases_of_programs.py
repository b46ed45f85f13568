"""Projects that do not boot because of what their programs do, not of what Compose reads."""

from __future__ import annotations

from cases import Case, probe, service, shell

HTTPD = shell("mkdir /w; echo hi > /w/index.html; exec httpd -f -p {port} -h /w")
ASKED = "[CMD, wget, -q, -O, /dev/null, 'http://127.0.0.1:8080/']"


def waits(other: str, then: str) -> str:
    """Return a command that waits for a port of another service, and then does `then`."""
    ask = f"nc -w 1 {other} 9000 </dev/null 2>/dev/null"
    return shell(f"until {ask}; do echo waiting for {other}:9000; sleep 1; done; {then}")


LISTENS = "exec httpd -f -p 9000"
OWN_PORT = "[CMD-SHELL, 'nc -w 1 127.0.0.1 9000 </dev/null']"

PROGRAMS = (
    Case(
        "probe-asks-another-port",
        service("a", probe(ASKED, retries=5), command=HTTPD.format(port=8081)),
        "a",
        "probe-refused",
        "it listens on [::]:8081",
        cure=("-p 8081", "-p 8080"),
    ),
    Case(
        "probe-option-unknown",
        service("a", probe("[CMD, nc, -z, 127.0.0.1, '9000']"), command=shell(LISTENS)),
        "a",
        "probe-cannot-run",
        "invalid option -- 'z'",
        cure=("[CMD, nc, -z, 127.0.0.1, '9000']", OWN_PORT),
    ),
    Case(
        "programs-wait-for-each-other",
        service("a", probe(OWN_PORT, 10), command=waits("b", LISTENS))
        # More tries, so that it is always the other one whose probe gives up first.
        + service("b", probe(OWN_PORT, 40), command=waits("a", LISTENS)),
        "a",
        "waits-in-a-circle",
        "'a' and 'b' wait for each other",
        cure=("sleep 1; done", "break; done"),
        # Both are made anew: Compose gives up at once on a container that was unhealthy before.
    ),
    Case(
        "host-name-misspelt",
        service("db") + service("app", command=shell("wget -q -O - http://bd2:80/; exit 1")),
        "app",
        "name-unknown",
        "'bd2'",
        cure=("wget -q -O - http://bd2:80/; exit 1", "sleep 600"),
    ),
    Case(
        "localhost-is-the-container",
        service("a", command=shell("wget -q -O - http://127.0.0.1:5432/ || exit 1")),
        "a",
        "log-signature",
        "that is the container itself",
        cure=("|| exit 1", "|| sleep 600"),
    ),
    Case(
        "script-with-windows-line-ends",
        service("a", "volumes: ['./e.sh:/e.sh']", command="[sh, /e.sh]"),
        "a",
        "log-signature",
        "CRLF",
        files={"e.sh": "#!/bin/sh\r\nset -e\r\nexec sleep 600\r\n"},
        cure_files={"e.sh": "#!/bin/sh\nset -e\nexec sleep 600\n"},
    ),
    Case(
        "too-few-processes",
        service(
            "a",
            "pids_limit: 4",
            command=shell("set -e; for n in 1 2 3 4 5; do sleep 600 & done; wait"),
        ),
        "a",
        "log-signature",
        "another process",
        cure=("pids_limit: 4", "pids_limit: 64"),
    ),
    Case(
        "low-port-without-the-right",
        service(
            "a",
            "user: '1000:1000'",
            "sysctls: {net.ipv4.ip_unprivileged_port_start: '1024'}",
            command="[httpd, -f, -p, '80', -h, /tmp]",
        ),
        "a",
        "log-signature",
        "low ports",
        cure=("-p, '80'", "-p, '8080'"),
    ),
    Case(
        "program-on-a-tmpfs",
        service(
            "a",
            "tmpfs: [/run/app]",
            command=shell("cp /bin/busybox /run/app/sleep; exec /run/app/sleep 600"),
        ),
        "a",
        "program-not-executable",
        "noexec",
        cure=("tmpfs: [/run/app]", "tmpfs: ['/run/app:exec']"),
    ),
    Case(
        "sysctl-of-the-host",
        service("a", "sysctls: {vm.max_map_count: '262144'}"),
        "a",
        "option-refused",
        "whole host",
        cure=("    sysctls: {vm.max_map_count: '262144'}\n", ""),
    ),
    Case(
        "one-shot-that-is-restarted",
        service("a", "restart: always", command=shell("echo migrated")),
        "a",
        "process-ended",
        "its work were done",
        cure=("restart: always", "restart: on-failure"),
    ),
)
