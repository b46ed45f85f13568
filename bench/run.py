#!/usr/bin/env python3
"""Generated projects and the core stack -> a table of bootready's time and memory beside Compose's.

usage: bench/run.py [--runs N] [--sizes 10,100,1000,5000] [--no-profile] [--record RELEASE]

Whole processes, the programs taken in turn, each first in some turns, so that other work on the
machine hits all alike; `check` asks the engine, if one answers. Wall and processor time are in
milliseconds, medians; memory is the largest of the runs. Compose is found by BOOTREADY_COMPOSE_V5
and BOOTREADY_COMPOSE_V2, else on PATH. Linters of Compose files that are installed are measured
too; they read one file, and look at other things.

--record adds the ratios to bench/history.tsv, which is done at a release, on an idle machine with
an engine; `make docs` then draws docs/reference/speed.svg.
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
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BARS = {
    ("core", "config"): 0.5,
    ("core", "check"): 0.9,
    ("big10", "config"): 0.6,
    ("big10", "check"): 1.0,
    ("big100", "config"): 0.28,
    ("big100", "check"): 0.45,
    ("big1000", "config"): 0.1,
    ("big1000", "check"): 0.14,
    ("wide3000", "config"): 0.16,
    ("wide3000", "check"): 0.22,
    ("env10000", "config"): 1.0,
}
"""Ratios to Compose v5's `config -q` that are not to be exceeded."""
SECONDS = {("findings2000", "check"): 0.8}
"""Wall seconds that are not to be exceeded: Compose stops at the first of so many errors."""
MEMORY = {"big1000": 0.3}
"""Ratios of the largest memory to that of Compose v5 that are not to be exceeded."""


FILE = "@FILE@"
"""Stands for the project's Compose file, in the command of a program that has to be told."""
HISTORY = ROOT / "bench" / "history.tsv"


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


def odd_projects() -> dict[str, dict[str, str]]:
    """Return the files of two projects: a large env file; two findings for each service."""
    web = "services: {web: {image: 'registry.local/app/web:1.2', env_file: big.env}}\n"
    plain, quoted = "NAME_{0}=value-{0} # note\n", 'QUOTED_{0}="in ${{HOME}}, value {0}"\n'
    lines = ((quoted if number % 3 == 0 else plain).format(number) for number in range(10_000))
    # An image reference in capitals, and an env file that is not there.
    wrong = "  s{0}: {{image: 'registry.local/App/s{0}:1.2', env_file: missing{0}.env}}\n"
    services = "".join(wrong.format(number) for number in range(1000))
    return {
        "env10000": {"compose.yaml": web, "big.env": "".join(lines)},
        "findings2000": {"compose.yaml": f"services:\n{services}"},
    }


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


NO_ENGINE = ["--engine", "none"]


def engine_answers() -> bool:
    """Tell whether `check` has an engine to ask, which costs it more than the files."""
    docker = shutil.which("docker")
    return docker is not None and measured([docker, "version"], ".").exit_code == 0


def programs(*, asks_engine: bool) -> dict[str, list[str]]:
    """Return the commands to compare, by their name in the table."""
    own = Path(sys.executable).parent / "bootready"
    bootready = [str(own)] if own.exists() else [sys.executable, "-m", "bootready"]
    found = {
        "bootready config": [*bootready, "config", "-q"],
        "bootready check": [*bootready, "check", *([] if asks_engine else NO_ENGINE)],
    }
    for major in (5, 2):
        program = os.environ.get(f"BOOTREADY_COMPOSE_V{major}") or shutil.which("docker-compose")
        if program and f"v{major}." in version_of(program):
            found[f"compose v{major}"] = [_itself(program), "config", "-q"]
    linter = Path(sys.executable).parent / "compose-lint"
    if linter.exists():
        found["compose-lint"] = [str(linter), "check", "-q", FILE]
    if dclint := shutil.which("dclint"):
        found["dclint"] = [dclint, "-q", FILE]
    return found


def _itself(program: str) -> str:
    """Return the program behind a launcher of the PyPI package, which is one more process."""
    found = sorted(Path(program).parent.parent.glob("lib/python*/site-packages/compose/docker-*"))
    return str(found[0]) if found else program


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
    for name, files in odd_projects().items():
        Path(directory, name).mkdir()
        for file, text in files.items():
            Path(directory, name, file).write_text(text)
        found[name] = str(Path(directory, name))
    return found


def table(
    name: str, directory: str, commands: dict[str, list[str]], runs: int, ratios: dict[str, float]
) -> bool:
    """Measure one case, print its rows, put ratios by program; tell whether every bar holds."""
    seen: dict[str, list[Run]] = {label: [] for label in commands}
    file = next(path.name for path in Path(directory).glob("*compose.y*ml"))
    turns = list(commands.items())
    for number in range(runs):
        # Nobody always runs behind the same one: what a large program leaves in the caches counts.
        first = number % len(turns)
        for label, argv in turns[first:] + turns[:first]:
            given = [file if word == FILE else word for word in argv]
            seen[label].append(measured(given, directory))
    base = seen.get("compose v5")
    base_wall = median(run.wall for run in base) if base else 0.0
    holds = True
    for label, results in seen.items():
        wall = median(run.wall for run in results)
        processor = median(run.processor for run in results)
        memory = max(run.memory for run in results) // 1024
        ratio = ratios[label] = wall / base_wall if base_wall else 0.0
        verdicts = []
        least = max(run.memory for run in base) // 1024 if base else 0
        for value, bar in bars_of(name, label, ratio, wall, memory / least if least else 0.0):
            verdicts.append(f"bar {bar:.2f} {'ok' if value <= bar else 'EXCEEDED'}")
            holds = holds and value <= bar
        code = results[-1].exit_code
        print(
            f"{name:<9} {label:<17} {wall * 1000:8.0f} {processor * 1000:8.0f} {memory:6} MB"
            f" {ratio:7.3f}  exit {code}  {', '.join(verdicts)}",
            flush=True,
        )
    return holds


def bars_of(
    name: str, label: str, ratio: float, wall: float, memory: float
) -> Iterator[tuple[float, float]]:
    """Yield what was measured of one of our own commands, each with its bar.

    A ratio is 0 where there is no Compose v5 to compare with.
    """
    command = label.removeprefix("bootready ")
    if ratio and (bar := BARS.get((name, command))) is not None:
        yield ratio, bar
    if (bar := SECONDS.get((name, command))) is not None:
        yield wall, bar
    if memory and label != command and (bar := MEMORY.get(name)) is not None:
        yield memory, bar


def record(release: str, ratios: dict[str, dict[str, float]]) -> None:
    """Put the ratios of a release into the history, in place of those that it had."""
    date = time.strftime("%Y-%m-%d", time.gmtime())
    lines = HISTORY.read_text(encoding="utf-8").splitlines() if HISTORY.exists() else []
    lines = [line for line in lines if line and not line.startswith(f"{release}\t")]
    for project, programs in ratios.items():
        if (project, "check") in SECONDS:
            continue  # Compose stops at its first error there: no ratio
        for program, ratio in programs.items():
            lines.append(f"{release}\t{date}\t{project}\t{program}\t{ratio:.3f}")
    HISTORY.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
    parser.add_argument("--record", metavar="RELEASE", help="add the ratios to the history")
    parser.add_argument("--no-profile", action="store_true", help="leave out the import profile")
    options = parser.parse_args()
    # What is measured is an installed program, and that has its bytecode.
    compileall.compile_dir(str(ROOT / "src"), quiet=1)
    asked = engine_answers()
    if options.record and not asked:
        parser.error("--record needs an engine that answers: what asks none is not comparable")
    commands = programs(asks_engine=asked)
    print("check asks the engine" if asked else "no engine answers: check asks none")
    print(f"{'project':<9} {'program':<17} {'wall ms':>8} {'cpu ms':>8} {'memory':>9} {'ratio':>7}")
    holds, recorded = True, dict[str, dict[str, float]]()
    with tempfile.TemporaryDirectory() as directory:
        sizes = [int(part) for part in options.sizes.split(",")]
        for name, place in cases(sizes, directory).items():
            # Compose v2 needs minutes for a chain of 5,000.
            slow = name == "big5000"
            chosen = {k: v for k, v in commands.items() if not (slow and k == "compose v2")}
            ratios = recorded.setdefault(name, {})
            holds = table(name, place, chosen, options.runs, ratios) and holds
    if not options.no_profile:
        profile()
    if "compose v5" not in commands:
        print("\nno Compose v5 to compare with: set BOOTREADY_COMPOSE_V5")
        return 1
    if options.record:
        record(options.record, recorded)
    print("\nevery bar holds" if holds else "\na bar is exceeded")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
