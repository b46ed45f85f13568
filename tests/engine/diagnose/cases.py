"""Projects that do not boot: what is wrong, who the root is, what has to be said, what cures it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

IMAGE = "bootready.local/busybox:1"
SLEEP = "[sleep, '600']"


class Case(NamedTuple):
    """One broken project; `cure` replaces a text of the Compose file, or writes files."""

    name: str
    services: str
    root: str
    symptom: str
    said: str
    """Words that cause or headline must hold."""
    cure: tuple[str, str] = ("", "")
    top: str = ""
    files: Mapping[str, str] = {}
    cure_files: Mapping[str, str] = {}
    recreate: bool = False
    """Whether the remedy says that the container has to be made anew."""


def service(name: str, *lines: str, command: str = SLEEP) -> str:
    """Return one service in YAML, of the small image."""
    body = [f"image: {IMAGE}", "init: true", "stop_grace_period: 1s"]
    body += [f"command: {command}"] if command else []
    return "\n".join([f"  {name}:", *(f"    {line}" for line in (*body, *lines)), ""])


def shell(script: str) -> str:
    """Return a command that runs `script`."""
    return "[sh, -c, '" + script.replace("'", "''") + "']"


def probe(test: str, retries: int = 2) -> str:
    """Return a healthcheck that is quick to give up."""
    return f"healthcheck: {{test: {test}, interval: 1s, timeout: 2s, retries: {retries}}}"


DEAD = shell("echo broken; exit 1")

CASES = (
    Case(
        "secret-file-missing",
        service("a", "secrets: [pw]"),
        "a",
        "bind-source-missing",
        "secret 'pw'",
        top="secrets: {pw: {file: ./pw.txt}}",
        cure_files={"pw.txt": "x"},
    ),
    Case(
        "config-file-missing",
        service("a", "configs: [c]"),
        "a",
        "bind-source-missing",
        "config 'c'",
        top="configs: {c: {file: ./c.yml}}",
        cure_files={"c.yml": "x"},
    ),
    Case(
        "bind-long-nocreate",
        service(
            "a", "volumes: [{type: bind, source: ./n, target: /n, bind: {create_host_path: false}}]"
        ),
        "a",
        "bind-source-missing",
        "/n'",
        cure_files={"n/x": ""},
    ),
    Case(
        "bind-dir-on-file",
        service("a", "volumes: ['./d:/etc/passwd']"),
        "a",
        "mount-kind-mismatch",
        "/etc/passwd",
        files={"d/x": ""},
        cure=("./d:/etc/passwd", "./d:/d"),
    ),
    Case(
        "volume-device-missing",
        service("a", "volumes: ['vol:/v']"),
        "a",
        "volume-device-missing",
        "no such file",
        top="volumes: {vol: {driver: local, driver_opts: {type: none, o: bind, device: ./nodev}}}",
        cure_files={"nodev/x": ""},
    ),
    Case(
        "port-duplicate",
        service("a", "ports: ['127.0.0.1:18771:80']")
        + service("b", "ports: ['127.0.0.1:18771:80']", "depends_on: [a]"),
        "b",
        "port-taken",
        "service 'a'",
        cure=("18771:80']\n    depends", "18772:80']\n    depends"),
    ),
    Case(
        "host-address-absent",
        service("a", "ports: ['10.255.255.1:18773:80']"),
        "a",
        "option-refused",
        "does not have the address",
        cure=("    ports: ['10.255.255.1:18773:80']\n", ""),
    ),
    Case(
        "network-external-missing",
        service("a", "networks: [n]"),
        "",
        "network-missing",
        "external network 'bootready-no-such'",
        top="networks: {n: {name: bootready-no-such, external: true}}",
        cure=(", external: true", ""),
    ),
    Case(
        "volume-external-missing",
        service("a", "volumes: ['vol:/v']"),
        "",
        "volume-missing",
        "external volume",
        top="volumes: {vol: {name: bootready-no-such-volume, external: true}}",
        cure=(", external: true", ""),
    ),
    Case(
        "static-ip-outside",
        service("a", "networks: {n: {ipv4_address: 10.213.99.5}}"),
        "a",
        "static-address-unusable",
        "not in any subnet",
        top="networks: {n: {ipam: {config: [{subnet: 10.213.7.0/24}]}}}",
        cure=("10.213.99.5", "10.213.7.5"),
    ),
    Case(
        "program-missing",
        service("a", command="[/nope]").replace("init: true", "init: false"),
        "a",
        "program-missing",
        "'/nope'",
        cure=("[/nope]", SLEEP),
    ),
    Case(
        "entrypoint-crlf",
        service("a", "volumes: ['./e.sh:/e.sh']", "entrypoint: [/e.sh]", command=""),
        "a",
        "program-missing",
        "CRLF",
        files={"e.sh": "#!/bin/sh\r\nexec sleep 600\r\n"},
        cure_files={"e.sh": "#!/bin/sh\nexec sleep 600\n"},
    ),
    Case(
        "user-unknown",
        service("a", "user: nosuchuser"),
        "a",
        "option-refused",
        "no user 'nosuchuser'",
        cure=("user: nosuchuser", "user: nobody"),
    ),
    Case(
        "memory-below-minimum",
        service("a", "mem_limit: 256"),
        "a",
        "option-refused",
        "below the engine's minimum",
        cure=("mem_limit: 256", "mem_limit: 256m"),
    ),
    Case(
        "cpus-too-many",
        service("a", "cpus: 999"),
        "a",
        "option-refused",
        "more CPUs",
        cure=("cpus: 999", "cpus: 0.5"),
    ),
    Case(
        "capability-unknown",
        service("a", "cap_add: [NET_ADMINN]"),
        "a",
        "option-refused",
        "unknown capability",
        cure=("NET_ADMINN", "NET_ADMIN"),
    ),
    Case(
        "device-missing",
        service("a", "devices: [/dev/nope]"),
        "a",
        "option-refused",
        "no device '/dev/nope'",
        cure=("/dev/nope", "/dev/null"),
    ),
    Case(
        "restart-invalid",
        service("a", "restart: allways"),
        "a",
        "option-refused",
        "unknown restart policy 'allways'",
        cure=("allways", "always"),
    ),
    Case(
        "logging-option-unknown",
        service("a", "logging: {driver: json-file, options: {max-sizee: 1m}}"),
        "a",
        "option-refused",
        "no option 'max-sizee'",
        cure=("max-sizee", "max-size"),
    ),
    Case(
        "no-healthcheck-awaited",
        service("b") + service("a", "depends_on: {b: {condition: service_healthy}}"),
        "b",
        "option-refused",
        "no healthcheck",
        cure=("service_healthy", "service_started"),
    ),
    Case(
        "probe-tool-missing",
        service("a", probe("[CMD, curl, -f, localhost]")),
        "a",
        "probe-cannot-run",
        "no program 'curl'",
        cure=("[CMD, curl, -f, localhost]", "[CMD, 'true']"),
    ),
    Case(
        "probe-variable-lost",
        service("a", "environment: {PW: ok}", probe("[CMD-SHELL, 'test \"$PW_UNSET\" = ok']")),
        "a",
        "probe-cannot-run",
        "Compose itself replaced",
        cure=("$PW_UNSET", "$$PW"),
    ),
    Case(
        "probe-without-shell",
        service("a", "environment: {PW: ok}", probe("[CMD, test, $$PW, '=', ok]")),
        "a",
        "probe-cannot-run",
        "without a shell",
        cure=("[CMD, test, $$PW, '=', ok]", "[CMD-SHELL, 'test $$PW = ok']"),
    ),
    Case(
        "probe-fails",
        service("a", probe("[CMD-SHELL, 'echo not yet; exit 1']")),
        "a",
        "probe-fails",
        "not yet",
        cure=("exit 1", "exit 0"),
    ),
    Case(
        "slow-start",
        service(
            "a",
            probe("[CMD, test, -f, /tmp/ok]"),
            command=shell("echo loading data; sleep 6; touch /tmp/ok; sleep 600"),
        ),
        "a",
        "slow-start",
        "longer to start",
        cure=("retries: 2", "retries: 30"),
    ),
    Case(
        "migration-exits-3",
        service("m", command=shell("echo no table; exit 3"))
        + service("a", "depends_on: {m: {condition: service_completed_successfully}}"),
        "m",
        "process-ended",
        "exited with 3",
        cure=("exit 3", "exit 0"),
    ),
    Case(
        "chain-of-five",
        service("r", command=DEAD)
        + "".join(
            service(name, f"depends_on: {{{before}: {{condition: {condition}}}}}")
            for name, before, condition in (
                ("s", "r", "service_completed_successfully"),
                ("t", "s", "service_started"),
                ("u", "t", "service_started"),
                ("v", "u", "service_started"),
            )
        ),
        "r",
        "process-ended",
        "exited with 1",
        cure=("exit 1", "exit 0"),
    ),
    Case(
        "crash-loop-without-healthcheck",
        service("a", "restart: always", command=shell("echo broken; sleep 0.2; exit 1")),
        "a",
        "process-ended",
        "repeatedly",
        cure=("sleep 0.2; exit 1", "sleep 600"),
    ),
    Case(
        "out-of-memory",
        service("a", "mem_limit: 16m", command=shell("tail /dev/zero")),
        "a",
        "out-of-memory",
        "16 MiB",
        cure=("tail /dev/zero", "sleep 600"),
    ),
    Case(
        "secret-unreadable",
        service("a", "user: '65534:65534'", "secrets: [pw]", command=shell("cat /run/secrets/pw")),
        "a",
        "log-signature",
        "may not use '/run/secrets/pw'",
        top="secrets: {pw: {file: ./pw.txt}}",
        files={"pw.txt": "sesame-open"},
        cure=("user: '65534:65534'", "user: '0'"),
    ),
    Case(
        "secret-is-directory",
        service("a", "secrets: [pw]", command=shell("cat /run/secrets/pw")),
        "a",
        "log-signature",
        "is a directory",
        top="secrets: {pw: {file: ./pw.d}}",
        files={"pw.d/x": ""},
        cure=("./pw.d", "./pw.d/x"),
        recreate=True,
    ),
    Case(
        "read-only",
        service("a", "read_only: true", command=shell("touch /data")),
        "a",
        "log-signature",
        "read-only",
        cure=("read_only: true", "read_only: false"),
    ),
    Case(
        "disk-full",
        service(
            "a",
            "tmpfs: ['/small:size=64k']",
            command=shell("dd if=/dev/zero of=/small/f bs=1k count=32"),
        ).replace("count=32", "count=999"),
        "a",
        "log-signature",
        "is full",
        cure=("size=64k", "size=64m"),
    ),
    Case(
        "capability-dropped",
        service("a", "cap_drop: [ALL]", command=shell("chown nobody /tmp")),
        "a",
        "log-signature",
        "a privilege that the container does not have",
        cure=("cap_drop: [ALL]", "cap_drop: []"),
    ),
    Case(
        "program-in-shell-missing",
        service("a", command=shell("nosuchprogram")),
        "a",
        "program-missing",
        "'nosuchprogram'",
        cure=("nosuchprogram", "true"),
    ),
)
