"""Lines that failing programs wrote -> how many bootready knows, and how many rightly.

usage: log_lines.py [FILE.tsv]   a label, a tab and a line each; -v prints every line

Without a file the lines of public reports in `$BOOTREADY_SHARED/reports/lines.tsv` (else
`../shared`) are asked. A label is judged by its words: each has the kinds of failures that are
right for it (`knowledge/words/kinds.toml`). What no word judges is known, but neither right nor
wrong.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bootready.boot.diagnose.signatures import recognise

ROOT = Path(__file__).resolve().parent.parent
RIGHT = {
    "refused": "refused cli",
    "timeout": "timeout",
    "unknown-host": "misbehaving upstream host",
    "authentication": "auth db",
    "authentication-method": "auth",
    "authentication-missing": "auth",
    "data-not-empty": "init gitkeep",
    "data-version": "downgrade fcv rdb",
    "option": "var unknown",
    "configuration": "unknown https caddy",
    "mode": "keyfile cookie mode acme",
    "data-damaged": "aof",
    "permission": "access drive writable eacces clickhouse grafana chmod chown",
    "capability": "chmod chown",
    "cluster": "discovery",
    "locked-memory": "memlock",
    "engine-too-old": "cgroup openblas",
    "inotify": "inotify",
    "variable-missing": "hostname bitnami pw mastodon django key variable",
    "variable-invalid": "root variable",
    "root": "root",
    "engine-socket": "sock",
    "no-extension": "pgvector preload extension",
    "url": "url",
    "shared-memory": "bus",
    "device": "tun",
    "kernel-feature": "iptables",
    "ipv6": "ipv6",
    "migration": "airflow migration",
    "secret-changed": "n8n",
    "secret-format": "key",
    "no-database": "db database",
    "tls-unknown-authority": "tls",
    "tls-name": "tls",
    "tls-key": "tls",
    "tls-file": "tls",
    "tls-protocol": "tls",
    "tls-expired": "tls",
    "memory": "oom",
    "heap": "oom heap",
    "disk-full": "disk",
    "port-taken": "port",
    "port-privileged": "port",
    "no-table": "table",
    "no-role": "role",
    "licence": "licence eula",
    "clock": "clock",
    "rate-limit": "rate",
    "data-locked": "lock",
    "module-missing": "module",
    "library-missing": "library",
    "exec-format": "format",
}
"""Kinds, and the words of labels for which each is right. The last such word of a label decides;
the program's name stands before it.
"""
WHOLE = {
    "ruby redis": "unknown-host",
    "node mongo": "unknown-host",
    "n8n key": "secret-changed",
    "acme mode": "mode",
    "rabbit cookie": "mode",
    "django db": "authentication",
    "es access": "permission data-locked",
    "mysql unknown var": "option",
    "keycloak hostname": "variable-missing configuration",
    "mysql root user": "variable-invalid",
    "iptables legacy": "kernel-feature",
    "inotify watches": "inotify",
    "inotify go": "inotify",
    "ipv6 bind": "ipv6",
    "url node": "url",
    "url py": "url",
    "airflow": "migration",
}
"""Labels that are judged as a whole."""


def wanted(label: str) -> set[str]:
    """Return the kinds that are right for a label, none where nothing judges it."""
    if label in WHOLE:
        return set(WHOLE[label].split())
    for word in reversed(label.lower().split()):
        kinds = {kind for kind, words in RIGHT.items() if word in words.split()}
        if kinds:
            return kinds
    return set()


def main() -> int:
    """Print the figures; 0 unless there are no lines."""
    files = [word for word in sys.argv[1:] if not word.startswith("-")]
    shared = Path(os.environ.get("BOOTREADY_SHARED", ROOT.parent / "shared"))
    path = Path(files[0]) if files else shared / "reports" / "lines.tsv"
    if not path.exists():
        print(f"no lines: '{path}' does not exist")
        return 1
    rows = [line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines() if line]
    known = right = judged = 0
    for label, line in rows:
        found = recognise([line], dead=True)
        kinds = wanted(label)
        known += found is not None
        judged += bool(kinds)
        good = found is not None and found.kind in kinds
        right += good
        if "-v" in sys.argv or (kinds and not good):
            told = f"{found.kind} [{found.id}]" if found else "nothing"
            print(f"{'right ' if good else 'WRONG ' if kinds else '?     '} {label:<18} {told}")
    print(f"lines of logs: {known} of {len(rows)} known, {right} of {judged} judged ones rightly")
    return 0


if __name__ == "__main__":
    sys.exit(main())
