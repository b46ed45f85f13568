"""What `up --page` costs a boot: the same stack booted in turn without it, with it, and looked at.

Usage: python bench/page_price.py [ROUNDS]. Needs an engine and the image bootready.local/busybox:1.
Prints medians of the wall time, and of the processor time of bootready with the Compose it runs.
"""

from __future__ import annotations

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

NAME = "bootready-page-price"
SERVICES = 6
COMPOSE = f"name: {NAME}\nservices:\n" + "".join(
    f"  s{number}:\n"
    "    image: bootready.local/busybox:1\n"
    '    command: ["sh", "-c", "touch /tmp/up; sleep 600"]\n'
    "    network_mode: none\n    stop_grace_period: 0s\n"
    "    healthcheck: {test: [CMD, test, -f, /tmp/up], interval: 1s}\n"
    + (f"    depends_on: {{s{number - 1}: {{condition: service_healthy}}}}\n" if number else "")
    for number in range(SERVICES)
)
KINDS = {"up": (), "up --page": ("--page",), "up --page, a browser follows": ("--page",)}


def boot(directory: Path, words: tuple[str, ...], *, looked_at: bool) -> tuple[float, float]:
    """Return the seconds of one boot, and those of the processor."""
    command = [sys.executable, "-m", "bootready", "up", "--no-check", "--no-prepare", *words]
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "-C", str(directory)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = []
    for line in process.stderr or ():
        said.append(line)
        address = re.search(r"http://\S+/", line)
        if address and looked_at:
            Thread(target=follow, args=(address[0],), daemon=True).start()
    _, status, spent = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("".join(said))
    return time.monotonic() - began, spent.ru_utime + spent.ru_stime


def follow(address: str) -> None:
    """Read the page and every state, as a browser does."""
    parts = urlsplit(address)
    for path in (parts.path, f"{parts.path}events"):
        connection = http.client.HTTPConnection(parts.netloc)
        connection.request("GET", path)
        with connection.getresponse() as answer:
            for _ in answer:
                pass


def main() -> None:
    """Boot in turn, and print a line for each kind."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
        down = [sys.executable, "-m", "bootready", "down", "-C", str(directory)]
        for _ in range(rounds):
            for kind, words in KINDS.items():
                found[kind].append(boot(directory, words, looked_at="browser" in kind))
                subprocess.run(down, check=True, capture_output=True)
    for kind, times in found.items():
        wall, spent = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{kind:<30} {wall:6.2f} s, of the processor {spent:5.2f} s")


if __name__ == "__main__":
    main()
