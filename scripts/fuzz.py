"""Differential fuzzing: bootready and Compose v5.6.1 on generated projects, until they disagree.

Usage: python scripts/fuzz.py [--examples N] [--seed N] [--classes N]

Compose is found by BOOTREADY_COMPOSE_V5. Every disagreement is minimised and printed, then the run
goes on with another seed until N examples are done or N different ones were found.
Exit code 0: no disagreement; 1: some.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.errors import NoSuchExample

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from resolve.fuzz.judge import disagreement, program_from, shown
from resolve.fuzz.projects import Generated, projects

BATCH = 500


def main() -> int:
    parser = ArgumentParser(description="Fuzz the resolver against Compose.")
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--classes", type=int, default=10, help="stop after so many disagreements")
    parser.add_argument("--quick", action="store_true", help="do not minimise")
    options = parser.parse_args()
    run = Run(program_from(os.environ), minimise=not options.quick)
    while run.examples < options.examples and len(run.found) < options.classes:
        run.batch(options.seed + run.batches, min(BATCH, options.examples - run.examples))
    print(
        f"{run.examples} examples, {len(run.found)} disagreements, {run.refused} refusals agreed on"
    )
    return 1 if run.found else 0


class Run:
    """Counts examples and keeps the disagreements."""

    def __init__(self, compose: str, *, minimise: bool) -> None:
        self.compose = compose
        self.minimise = minimise
        self.examples = self.batches = self.refused = 0
        self.found: list[str] = []
        self.started = time.monotonic()

    def batch(self, seed: int, size: int) -> None:
        """Try `size` examples; print the first disagreement among them, minimised."""
        self.batches += 1
        phases = (Phase.generate, Phase.shrink) if self.minimise else (Phase.generate,)
        wanted = settings(
            max_examples=size,
            phases=phases,
            database=InMemoryExampleDatabase(),
            suppress_health_check=list(HealthCheck),
            deadline=None,
        )
        try:
            project = find(projects(), self.disagrees, settings=wanted, random=Random(seed))
        except NoSuchExample:
            pass
        else:
            found = disagreement(project, self.compose)
            if found is not None:
                self.found.append(found.where)
                print(f"\n=== {shown(project, found)}", flush=True)
        spent = time.monotonic() - self.started
        rate = self.examples / spent
        print(
            f"{self.examples} examples, {len(self.found)} disagreements, {rate:.0f}/s",
            file=sys.stderr,
        )

    def disagrees(self, project: Generated) -> bool:
        """Tell whether the two disagree about `project`."""
        self.examples += 1
        return disagreement(project, self.compose) is not None


if __name__ == "__main__":
    sys.exit(main())
