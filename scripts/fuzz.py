"""Differential fuzzing: bootready and Compose v5.6.1 on generated projects, until they disagree.

Usage: python scripts/fuzz.py [--examples N] [--seed N] [--classes N]

Compose is found by BOOTREADY_COMPOSE_V5. Examples are made a batch at a time, so that several
Compose processes run at once. The first disagreement of a batch is minimised, the others are
printed as they are; the run ends when N examples are done or N disagreements were found.
Exit code 0: no disagreement; 1: some.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Lock

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from resolve.fuzz.judge import disagreement, program_from, shown, suspicious
from resolve.fuzz.projects import Generated, projects
from resolve.fuzz.trees import trees

GRAMMARS = {"attributes": projects, "trees": trees}

BATCH = 500


def main() -> int:
    parser = ArgumentParser(description="Fuzz the resolver against Compose.")
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--classes", type=int, default=10, help="stop after so many disagreements")
    parser.add_argument("--jobs", type=int, default=3, help="Compose processes at a time")
    parser.add_argument(
        "--grammar", choices=GRAMMARS, default="attributes", help="single attributes, or many files"
    )
    parser.add_argument("--quick", action="store_true", help="do not minimise")
    options = parser.parse_args()
    grammar = GRAMMARS[options.grammar]()
    run = Run(program_from(os.environ), options.jobs, grammar, minimise=not options.quick)
    while run.examples < options.examples and len(run.found) < options.classes:
        run.batch(options.seed + run.batches, min(BATCH, options.examples - run.examples))
    print(f"{run.examples} examples, {len(run.found)} disagreements")
    return 1 if run.found else 0


class Run:
    """Counts examples and keeps the disagreements."""

    def __init__(
        self, compose: str, jobs: int, grammar: SearchStrategy[Generated], *, minimise: bool
    ) -> None:
        self.compose = compose
        self.grammar = grammar
        self.jobs = jobs
        self.minimise = minimise
        self.examples = self.batches = 0
        self.found: list[str] = []
        self.started = time.monotonic()

    def batch(self, seed: int, size: int) -> None:
        """Try `size` examples; print every disagreement among them, the first one minimised."""
        self.batches += 1
        made = generated(self.grammar, seed, size)
        self.examples += len(made)
        lock = Lock()
        with ThreadPoolExecutor(self.jobs) as pool:
            doubts = pool.map(lambda one: suspicious(one, self.compose, lock), made)
            differing = [one for one, doubt in zip(made, doubts, strict=True) if doubt]
        # Asked again, one at a time: Compose does not always agree with itself.
        certain = [one for one in differing if disagreement(one, self.compose) is not None]
        if certain and self.minimise:
            certain[0] = self.minimised(seed, size, certain[0])
        for project in certain:
            found = disagreement(project, self.compose)
            if found is not None:
                self.found.append(found.where)
                print(f"\n=== {shown(project, found)}", flush=True)
        rate = self.examples / (time.monotonic() - self.started)
        print(
            f"{self.examples} examples, {len(self.found)} disagreements, {rate:.0f}/s",
            file=sys.stderr,
        )

    def minimised(self, seed: int, size: int, wanted: Generated) -> Generated:
        """Return the smallest project that Hypothesis can make of `wanted`, the batch's own."""
        reached = False

        def disagrees(project: Generated) -> bool:
            nonlocal reached
            reached = reached or project == wanted
            return reached and disagreement(project, self.compose) is not None

        try:
            return find(
                self.grammar,
                disagrees,
                settings=_settings(size, (Phase.generate, Phase.shrink)),
                random=Random(seed),  # noqa: S311 - a seed makes the same projects again
            )
        except NoSuchExample:
            return wanted


def generated(grammar: SearchStrategy[Generated], seed: int, size: int) -> list[Generated]:
    """Return `size` projects, the same ones for the same seed."""
    made: list[Generated] = []

    def keep(project: Generated) -> bool:
        made.append(project)
        return False

    with suppress(NoSuchExample):
        find(grammar, keep, settings=_settings(size, (Phase.generate,)), random=Random(seed))  # noqa: S311 - as above
    return made


def _settings(size: int, phases: tuple[Phase, ...]) -> settings:
    return settings(
        max_examples=size,
        phases=phases,
        database=InMemoryExampleDatabase(),
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )


if __name__ == "__main__":
    sys.exit(main())
