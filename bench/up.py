#!/usr/bin/env python3
"""A small stack with healthchecks -> how much longer `bootready up` takes than bare Compose.

usage: bench/up.py [--runs N]

`docker compose up -d --wait` and `bootready up` in turn, on a stack of three services that wait for
each other; it is taken down before each run. Needs an engine, and a static busybox (Debian's
package busybox-static), of which it makes its image. The bar is 2 % of the time, or 0.3 s.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from statistics import median

IMAGE = "bootready.local/bench-up:1"
APPLETS = ("sh", "httpd", "mkdir", "wget")
SERVICE = """\
  {name}:
    image: {image}
    init: true
    stop_grace_period: 0s
    command: [sh, -c, "mkdir -p /tmp/w && echo ok > /tmp/w/index.html && httpd -f -p 80 -h /tmp/w"]
    ports: ["127.0.0.1:{port}:80"]
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1/"]
      interval: 500ms
      retries: 40
"""
WAITS = "    depends_on: {{{name}: {{condition: service_healthy}}}}\n"
SHARE, SECONDS = 0.02, 0.3
"""What it may take longer: the larger one of a share of the time, and of seconds."""


def project() -> str:
    """Return the Compose file of the stack."""
    text, before = "name: bench-up\nservices:\n", ""
    for number, name in enumerate(("db", "api", "web")):
        text += SERVICE.format(name=name, image=IMAGE, port=18480 + number)
        text += WAITS.format(name=before) if before else ""
        before = name
    return text


def make_image() -> None:
    """Make the image of the services, if the engine does not have it."""
    if (
        subprocess.run(
            ["docker", "image", "inspect", IMAGE], capture_output=True, check=False
        ).returncode
        == 0
    ):
        return
    busybox = shutil.which("busybox")
    if busybox is None:
        sys.exit("bench: no busybox: apt-get install busybox-static")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(busybox, "bin/busybox")
        for name in APPLETS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
    argv = ["docker", "import", "-", IMAGE]
    subprocess.run(argv, input=buffer.getvalue(), stdout=subprocess.DEVNULL, check=True)


def timed(argv: list[str], directory: str) -> float:
    """Run a program to its end and return the seconds. Raises RuntimeError where it fails."""
    started = time.perf_counter()
    done = subprocess.run(argv, cwd=directory, capture_output=True, text=True, check=False)
    spent = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {(done.stdout + done.stderr)[-500:]}")
    return spent


def main() -> int:
    parser = argparse.ArgumentParser(description="compare `bootready up` with bare Compose")
    parser.add_argument("--runs", type=int, default=7, help="runs of each (default: 7)")
    options = parser.parse_args()
    compose = [os.environ.get("BOOTREADY_COMPOSE_V5", "docker-compose")]
    os.environ["BOOTREADY_COMPOSE"] = compose[0]
    make_image()
    programs = {
        "compose up --wait": [*compose, "up", "-d", "--wait"],
        "bootready up": [str(Path(sys.executable).parent / "bootready"), "up"],
    }
    seen: dict[str, list[float]] = {label: [] for label in programs}
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "compose.yaml").write_text(project())
        try:
            for number in range(options.runs):
                turns = list(programs.items())
                for label, argv in turns if number % 2 else reversed(turns):
                    timed([*compose, "down"], directory)
                    seen[label].append(timed(argv, directory))
        finally:
            subprocess.run([*compose, "down"], cwd=directory, capture_output=True, check=False)
    bare, ours = (median(times) for times in seen.values())
    for label, times in seen.items():
        print(f"{label:<18} {median(times):6.2f} s   {min(times):6.2f} to {max(times):.2f}")
    allowed = max(SHARE * bare, SECONDS)
    holds = ours - bare <= allowed
    print(f"{ours - bare:+.2f} s, at most {allowed:.2f}: {'ok' if holds else 'EXCEEDED'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
