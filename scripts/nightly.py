"""What CI shortens, in full, one after another -> a line for each part; exit 1 if one failed.

scripts/nightly.py              every part; takes hours, and needs an engine for some
scripts/nightly.py kills plain  these parts
scripts/nightly.py --list       their names, and what each does
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DAY = int(time.time() // 86_400)
"""Other projects each day; the seed stands in the command that is shown."""


class Part(NamedTuple):
    """A target of the Makefile with its variables, and what is set in the environment."""

    does: str
    make: tuple[str, ...]
    environ: Mapping[str, str] = {}


PROPERTIES = (
    "tests/read/test_against_compose.py",
    "tests/pipeline/test_harmless_properties.py",
    "tests/lsp/test_half_typed.py",
)
PARTS: Mapping[str, Part] = {
    "kills": Part(
        "commands killed before every call that changes a file, `fsync` among them",
        ("test", "ARGS=tests/apply/test_kill.py"),
        {"BOOTREADY_KILL_CALLS": "fsync"},
    ),
    "properties": Part(
        "ten times the examples of the properties that CI tries some of, and other ones each time",
        (
            "test",
            f"ARGS={' '.join(PROPERTIES)} --hypothesis-profile=default --hypothesis-seed={DAY}",
        ),
        {
            "BOOTREADY_FUZZ": "250",
            "BOOTREADY_HARMLESS_EXAMPLES": "250",
            "BOOTREADY_TYPED_STATES": "200",
        },
    ),
    "fuzz": Part(
        "20,000 generated projects beside Compose", ("fuzz", f"ARGS=--examples 20000 --seed {DAY}")
    ),
    "plain": Part("100,000 texts through both readers of YAML", ("fuzz-plain", "DOCUMENTS=100000")),
    "scaling": Part(
        "every list of a project doubled to 4,000 entries, in every command",
        ("scaling", "ARGS=--sizes 250,500,1000,2000,4000"),
    ),
    "harmless": Part("fix and prepare on every real project that is here", ("harmless",)),
    "load": Part("the core stack operated under load for half an hour", ("soak",)),
    "failovers": Part("the leader killed under writes, ten times", ("failovers",)),
    "revisions": Part("etcd written 100,000 times", ("revisions",)),
    "losses": Part(
        "a machine of the swarm lost under writes, 20 times", ("prove-swarm", "LOSSES=20")
    ),
}


def main(names: list[str]) -> int:
    """Run the parts of these names, or all; every one runs, whatever the others said."""
    if names == ["--list"]:
        print(*(f"{name:<12}{part.does}" for name, part in PARTS.items()), sep="\n")
        return 0
    if unknown := set(names) - set(PARTS):
        print(f"nightly: no part is called {', '.join(sorted(unknown))}; see --list")
        return 2
    failed = []
    for name in names or PARTS:
        print(f"=== {name}: {PARTS[name].does}", flush=True)
        started = time.monotonic()
        if not succeeds(PARTS[name]):
            failed.append(name)
        verdict = "FAILED" if name in failed else "passed"
        print(f"=== {name}: {verdict} after {time.monotonic() - started:.0f} s", flush=True)
    return int(bool(failed))


def succeeds(part: Part) -> bool:
    """Run `make` for one part, and tell whether it succeeded."""
    # What the make that runs this was given is for this alone.
    outer = ("ARGS", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if name not in outer}
    done = subprocess.run(["make", *part.make], cwd=ROOT, env={**kept, **part.environ}, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
