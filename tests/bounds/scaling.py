"""Commands on projects whose lists double: prints the steps of each, and fails where they square.

usage: scaling.py [--sizes N,N,N] [--verbs VERB,VERB] [--lists WORD,WORD] [--where]

What is counted is lines of Python that run, each round of a loop or comprehension once: the same
on every machine and under every load. It cannot see what one call into C walks through (a copy of
a list, `in` of one, a search in a text); that shows in `bench/run.py` only. The growth of a step is
compared with that of the step before, so that what a command needs at the least does not hide it.
With --where the lines that grow too fast are named.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import growing

import bootready
from bootready import cli

WHOLE = (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
VERBS = {
    "check": ["--engine", "none"],
    "config": ["-o", "/dev/null"],
    "explain": ["services"],
    "fix": [],
    "prepare": ["--dry-run", "--engine", "none"],
    "report": ["--engine", "none"],
    "validate": [],
}
BAR = 2.4
"""What doubling a list may add, over what the doubling before has added; 2 is linear, 4 a square.
"""
ACCEPTED = {
    "override files": "500 at most: each is merged over the list of all before it, as Compose does",
    "merge chain": "refused: what its merge keys bring is bounded, and grows with the square",
}
"""Lists that may grow faster, and why they end nevertheless."""
HANGS = 600
"""Processor seconds after which a run is given up."""


class Counted(NamedTuple):
    """One run: how many lines of Python, its exit code, and the lines by place if asked for."""

    steps: int
    exit_code: int
    memory: int
    """MB at most."""
    places: dict[str, int]


def counted(verb: str, directory: str, *, where: bool = False) -> Counted:
    """Return what a command takes on the project in `directory`, in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        with os.fdopen(writer, "w") as answer:
            json.dump(_run(verb, directory, where=where), answer)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return Counted(*json.loads(said)) if said else Counted(sys.maxsize, -1, 0, {})


def _run(verb: str, directory: str, *, where: bool) -> Counted:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.environ.update(HOME=f"{directory}.home", XDG_STATE_HOME=f"{directory}.state", PATH="")
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS, HANGS))
    total = 0
    places: Counter[str] = Counter()

    def tracer(frame: FrameType, _event: str, _argument: object) -> Callable[..., object]:
        nonlocal total
        total += 1
        if where:
            places[f"{frame.f_code.co_filename}:{frame.f_lineno}"] += 1
        return tracer

    sys.settrace(tracer)
    try:
        code = cli.run([verb, "-C", directory, *VERBS[verb]])
    finally:
        sys.settrace(None)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Counted(total, code, most, dict(places))


def laid(files: growing.Files) -> str:
    """Write the files of a project; return its directory."""
    directory = tempfile.mkdtemp(prefix="growing")
    for name, text in files.items():
        path = Path(directory, name)
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    return directory


def growth(steps: list[int]) -> float:
    """Return the most that a doubling added, over what the doubling before had added."""
    added = [after - before for before, after in pairwise(steps)]
    # What is refused adds nothing; a few hundred lines more are no growth.
    return max((after / max(before, 500) for before, after in pairwise(added)), default=0.0)


def measured(
    name: str, sizes: tuple[int, ...], verbs: list[str], *, where: bool = False
) -> Iterator[tuple[str, list[int], float, list[str]]]:
    """Yield the steps of each verb on a list, their growth, and the lines that grow too fast."""
    projects = [laid(growing.LISTS[name](size)) for size in sizes]
    try:
        for verb in verbs:
            steps = [counted(verb, project).steps for project in projects]
            found = growth(steps)
            lines = []
            if where and found > BAR:
                first, last = (counted(verb, one, where=True).places for one in projects[-2:])
                fast = [place for place in last if last[place] > 2.5 * max(first.get(place, 0), 50)]
                lines = sorted(fast, key=last.__getitem__, reverse=True)[:5]
            yield verb, steps, found, lines
    finally:
        for project in projects:
            for path in (project, f"{project}.home", f"{project}.state"):
                shutil.rmtree(path, ignore_errors=True)


def warm() -> None:
    """Import every module and fill every table, so that no run pays for it."""
    for module in pkgutil.walk_packages(bootready.__path__, "bootready."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default=",".join(map(str, WHOLE)))
    parser.add_argument("--verbs", default=",".join(VERBS))
    parser.add_argument("--lists", default="", help="words of their names, with commas")
    parser.add_argument("--exactly", nargs="*", default=[], help="their names")
    parser.add_argument("--where", action="store_true")
    options = parser.parse_args()
    sizes = tuple(map(int, options.sizes.split(",")))
    words = options.lists.split(",")
    warm()
    failed = False
    for name in growing.LISTS:
        if name not in options.exactly if options.exactly else not any(w in name for w in words):
            continue
        for verb, steps, found, lines in measured(
            name, sizes, options.verbs.split(","), where=options.where
        ):
            bad = found > BAR and name not in ACCEPTED
            failed = failed or bad
            shown = " ".join(f"{step:,}" for step in steps)
            print(f"{'!' if bad else ' '} {name:<28} {verb:<9} {found:4.2f}  {shown}", flush=True)  # noqa: T201 - a program
            for line in lines:
                print(f"      {line}", flush=True)  # noqa: T201 - a program
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
