"""`bootready prepare --target swarm`: the files of the project first, then what the swarm lacks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from bootready.cli.words.consent import agreed, asks_somebody
from bootready.cli.words.plan_options import steps_json, tell
from bootready.errors import UsageError
from bootready.knowledge.secrets.forms import masked
from bootready.model.action import Plan
from bootready.model.printable import printable
from bootready.model.request import Request
from bootready.pipeline.prepare import prepare
from bootready.pipeline.prepare_swarm import Readied, Wishes, kinds_in, prepare_swarm
from bootready.plan.render import render_plan
from bootready.regex import regex
from bootready.typed import NamedTuple

_LOGIN = regex(r"(?:[a-z+]{1,20}://)?[^/@:\s]{0,200}:[^/@]{1,500}@")
"""The beginning of an address with a password in it."""


class Asked(NamedTuple):
    """Which project is meant, its directory, and what was asked of `prepare`."""

    request: Request
    base: str
    only: tuple[str, ...]
    nodes: tuple[str, ...]
    """``NODE=WAY``, as they were given."""
    dry_run: bool = False
    outside: bool = False
    use: str = ""
    yes: bool = False
    json: bool = False
    detailed: bool = False
    out: bool = False


def prepare_for_swarm(asked: Asked) -> int:
    """Prepare the project and the swarm; 0 done or nothing to do, 1 something is left."""
    if asked.out:
        raise UsageError(
            "--out saves a plan for this machine", "leave it out, or leave out --target swarm"
        )
    ways = _ways(asked.nodes)
    of_swarm, of_machine = kinds_in(asked.only)
    code = 0
    if of_machine or not asked.only:
        code = _files(asked._replace(only=of_machine))
    if asked.only and not of_swarm:
        return code
    readied = prepare_swarm(
        asked.request,
        os.environ,
        Wishes(ways, of_swarm),
        agree=_asking(asked),
        progress=lambda step, changed: tell(step, asked.base, changed=changed),
        moved=_mover(),
    )
    _say(readied, asked)
    if readied.left or code:
        return 1
    return 2 if asked.detailed and readied.plan.steps else 0


def _files(asked: Asked) -> int:
    """Create the files that the project lacks; 1 if one that it needs is left."""
    prepared = prepare(
        asked.request,
        os.environ,
        only=asked.only,
        dry_run=asked.dry_run,
        outside=asked.outside,
        engine=False,  # the networks and volumes of this machine are not those of the swarm
        use=asked.use,
        progress=lambda step, changed: tell(step, asked.base, changed=changed),
    )
    if asked.dry_run and prepared.plan.steps:
        sys.stderr.write(render_plan(prepared.plan, prepared.directory))
    return int(prepared.is_left)


def _asking(asked: Asked) -> Callable[[Plan, str], bool]:
    """Return what shows the plan and asks for it. A program said yes by calling us."""

    def agree(plan: Plan, directory: str) -> bool:
        if asked.dry_run:
            return False
        if asked.yes or not asks_somebody():
            return True
        sys.stderr.write(render_plan(plan, directory))
        return agreed("change the swarm?")

    return agree


def _mover() -> Callable[[str, int, int], None]:
    """Return what tells how far an image is: a line for each tenth of it."""
    told: dict[str, int] = {}

    def moved(name: str, sent: int, total: int) -> None:
        tenth = 10 * sent // max(1, total)
        if told.get(name) != tenth:
            told[name] = tenth
            words = f"image        {name}  {sent / 1e6:.0f} of about {total / 1e6:.0f} MB"
            print(printable(words), file=sys.stderr)

    return moved


def _say(readied: Readied, asked: Asked) -> None:
    for words in readied.left:
        print(f"left: {printable(words)}", file=sys.stderr)
    if asked.json:
        print(steps_json(readied.plan, readied.done, readied.directory))
    elif asked.dry_run:
        sys.stdout.write(render_plan(readied.plan, readied.directory) or "nothing to do\n")
    elif readied.done:
        words = "1 step" if len(readied.done) == 1 else f"{len(readied.done)} steps"
        print(f"prepared: {words}; `bootready undo` undoes them, but for images")
    elif readied.plan.steps:
        print("nothing was changed in the swarm")
    else:
        print("already prepared, nothing to do")


def _ways(given: tuple[str, ...]) -> dict[str, str]:
    """Return the ways to the engines of nodes. Raises UsageError for what names none."""
    found: dict[str, str] = {}
    for pair in given:
        node, equal, way = pair.partition("=")
        if not node or not equal or not way or way.startswith("-"):
            raise UsageError(f"--node '{masked(pair)}' must be NODE=WAY, such as node2=ssh://node2")
        if _LOGIN.match(way):
            # Everybody on the machine sees it in the list of processes, and ssh takes none there.
            raise UsageError(
                f"--node '{node}=...' has a password in it, which the list of processes shows",
                "leave it out: ssh asks for it, or use a key",
            )
        found[node] = way
    return found
