#!/usr/bin/env python3
"""Generated projects and the core stack -> a table of bootready's time and memory beside Compose's.

usage: bench/run.py [--runs N] [--sizes 10,100,1000,5000] [--no-profile]

Whole processes, the programs taken in turn so that other work on the machine hits all alike; wall
and processor time in milliseconds, medians; memory is the largest of the runs. Compose is found by
BOOTREADY_COMPOSE_V5 and BOOTREADY_COMPOSE_V2, else on PATH.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BARS = {
    ("core", "config"): 0.9,
    ("core", "check"): 1.3,
    ("big10", "config"): 0.9,
    ("big10", "check"): 1.3,
    ("big100", "config"): 0.45,
    ("big100", "check"): 0.7,
    ("big1000", "config"): 0.15,
    ("big1000", "check"): 0.25,
    ("wide3000", "config"): 0.15,
    ("wide3000", "check"): 0.25,
}
"""Ratios to Compose v5's `config -q` that are not to be exceeded."""


class Run(NamedTuple):
    wall: float
    processor: float
    memory: int
    exit_code: int


def project(count: int, *, wide: bool) -> str:
    """Return a Compose file of `count` services: one chain, or groups of ten."""
    lines = ["name: bench", "services:"]
    for number in range(count):
        before = number - 1 if not wide or number % 10 else None
        lines += [
            f"  s{number}:",
            f"    image: registry.local/app/s{number}:1.2",
            f'    ports: ["127.0.0.1:{10000 + number}:80"]',
            f"    volumes: [data{number}:/data]",
            "    environment:",
            f"      LEVEL: ${{LEVEL_{number}:-info}}",
            "    healthcheck:",
            '      test: ["CMD", "true"]',
            "      interval: 10s",
            "    logging:",
            "      driver: json-file",
            "      options: {max-size: 10m}",
        ]
        if before is not None and before >= 0:
            lines += ["    depends_on:", f"      s{before}:", "        condition: service_healthy"]
    lines += ["volumes:", *(f"  data{number}: {{}}" for number in range(count))]
    return "\n".join(lines) + "\n"


def measured(argv: list[str], directory: str) -> Run:
    """Run a program once."""
    started = time.perf_counter()
    child = subprocess.Popen(
        argv, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    processor = usage.ru_utime + usage.ru_stime
    return Run(wall, processor, usage.ru_maxrss, child.returncode)


def programs() -> dict[str, list[str]]:
    """Return the commands to compare, by their name in the table."""
    own = Path(sys.executable).parent / "bootready"
    bootready = [str(own)] if own.exists() else [sys.executable, "-m", "bootready"]
    found = {
        "bootready config": [*bootready, "config", "-q"],
        "bootready check": [*bootready, "check", "--engine", "none"],
    }
    for major in (5, 2):
        program = os.environ.get(f"BOOTREADY_COMPOSE_V{major}") or shutil.which("docker-compose")
        if program and f"v{major}." in version_of(program):
            found[f"compose v{major}"] = [program, "config", "-q"]
    return found


def version_of(program: str) -> str:
    done = subprocess.run([program, "version"], capture_output=True, text=True, check=False)
    return done.stdout


def cases(sizes: list[int], directory: str) -> dict[str, str]:
    """Write the generated projects; return the directory of each case."""
    found = {}
    if (ROOT / "docker-compose.yml").exists():
        # The core stack as a clone has it, with the variables that it needs.
        core = Path(directory, "core")
        core.mkdir()
        shutil.copy(ROOT / "docker-compose.yml", core)
        shutil.copytree(ROOT / "infra", core / "infra")
        shutil.copy(ROOT / ".env.example", core / ".env")
        found["core"] = str(core)
    wanted = [(f"big{size}", size, False) for size in sizes]
    wanted += [(f"wide{size}", size, True) for size in (1000, 3000) if max(sizes) >= 1000]
    for name, size, wide in wanted:
        target = Path(directory, name)
        target.mkdir()
        (target / "compose.yaml").write_text(project(size, wide=wide))
        found[name] = str(target)
    return found


def table(name: str, directory: str, commands: dict[str, list[str]], runs: int) -> bool:
    """Measure one case, print its rows, and tell whether every bar holds."""
    seen: dict[str, list[Run]] = {label: [] for label in commands}
    for _ in range(runs):
        for label, argv in commands.items():
            seen[label].append(measured(argv, directory))
    base = seen.get("compose v5")
    base_wall = median(run.wall for run in base) if base else 0.0
    holds = True
    for label, results in seen.items():
        wall = median(run.wall for run in results)
        processor = median(run.processor for run in results)
        memory = max(run.memory for run in results) // 1024
        ratio = wall / base_wall if base_wall else 0.0
        bar = BARS.get((name, label.removeprefix("bootready ")))
        verdict = ""
        if bar is not None and base:
            verdict = f"bar {bar:.2f} {'ok' if ratio <= bar else 'EXCEEDED'}"
            holds = holds and ratio <= bar
        code = results[-1].exit_code
        print(
            f"{name:<9} {label:<17} {wall * 1000:8.0f} {processor * 1000:8.0f} {memory:6} MB"
            f" {ratio:7.3f}  exit {code}  {verdict}",
            flush=True,
        )
    return holds


def profile() -> None:
    """Print the slowest imports of one start."""
    argv = [sys.executable, "-X", "importtime", "-m", "bootready", "config", "-q"]
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "compose.yaml").write_text(project(10, wide=False))
        done = subprocess.run(argv, cwd=directory, capture_output=True, text=True, check=False)
    rows = []
    for line in done.stderr.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        total, _, module = rest.partition("|")
        if own.strip().isdigit():
            rows.append((int(own), int(total), module.strip()))
    print("\nslowest imports of `config -q` (own / with what they import, microseconds)")
    for own_time, total_time, module in sorted(rows, reverse=True)[:15]:
        print(f"{own_time:8} {total_time:8}  {module}")


def main() -> int:
    parser = argparse.ArgumentParser(description="compare bootready's time with Compose's")
    parser.add_argument("--runs", type=int, default=7, help="runs of each program (default: 7)")
    parser.add_argument("--sizes", default="10,100,1000,5000", help="services of the chains")
    parser.add_argument("--no-profile", action="store_true", help="leave out the import profile")
    options = parser.parse_args()
    # What is measured is an installed program, and that has its bytecode.
    compileall.compile_dir(str(ROOT / "src"), quiet=1)
    commands = programs()
    print(f"{'project':<9} {'program':<17} {'wall ms':>8} {'cpu ms':>8} {'memory':>9} {'ratio':>7}")
    holds = True
    with tempfile.TemporaryDirectory() as directory:
        sizes = [int(part) for part in options.sizes.split(",")]
        for name, place in cases(sizes, directory).items():
            # Compose v2 needs minutes for a chain of 5,000.
            slow = name == "big5000"
            chosen = {k: v for k, v in commands.items() if not (slow and k == "compose v2")}
            holds = table(name, place, chosen, options.runs) and holds
    if not options.no_profile:
        profile()
    if "compose v5" not in commands:
        print("\nno Compose v5 to compare with: set BOOTREADY_COMPOSE_V5")
        return 1
    print("\nevery bar holds" if holds else "\na bar is exceeded")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
