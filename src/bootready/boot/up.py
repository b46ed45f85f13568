"""A project -> a running stack or the reasons why not: Compose does the work, we watch and judge.

Compose's exit code is only one witness. It calls crash loops healthy, calls a finished one-shot a
failure, and (v2, in JSON mode) exits with 0 after an error. What counts is the engine's own word.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from bootready.boot.selection import selected
from bootready.boot.timeline import critical_path
from bootready.boot.verify.meanwhile import Meanwhile
from bootready.boot.watch.board import Board
from bootready.boot.watch.compose_lines import Output, Refusal, Step, Told, Warned
from bootready.boot.watch.events import (
    ComposeEnded,
    EngineLost,
    Happened,
    Item,
    Watch,
    events_of,
    watching,
)
from bootready.boot.watch.judge import LOOP_RESTARTS
from bootready.boot.watch.pulls import Pulls
from bootready.boot.watch.pulse import PATIENCE, Pulse, pulse_of
from bootready.engine.api import Api
from bootready.engine.compose import Compose
from bootready.engine.container import restart_container
from bootready.errors import EngineError
from bootready.model.boot import BootOutcome, Diagnosis, Endpoint, Phase, ServiceState, Status
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.regex import regex
from bootready.typed import NamedTuple, Protocol

GRACE = 0.6
"""Seconds for other failures to be seen after the first one, so that the root is among them."""
STILL = 120.0
"""Seconds for which a pull may stand still; one that moves may take any time."""
OUTPUT = 40
"""Lines of a build that are kept."""
ANSWERED = 400
"""The lowest status of HTTP with which an engine refuses: it has answered then."""

_WAITED = regex(
    r"container \S+ (is unhealthy|exited \(\d+\)|has no healthcheck)|didn't complete successfully"
)


class Options(NamedTuple):
    """How to boot; times in seconds."""

    timeout: float = 600.0
    """For the boot alone: the time in which images are pulled does not count."""
    settle: float = 2.0
    services: tuple[str, ...] = ()
    build: bool = False


class View(Protocol):
    """Shows a boot while it happens."""

    @property
    def interval(self) -> float:
        """Seconds between two pictures."""

    def states(self, states: dict[str, ServiceState], seconds: float) -> None:
        """Show the states of all services."""

    def told(self, told: Told) -> None:
        """Show what Compose says."""

    def restarting(self, service: str) -> None:
        """Show that a container that was unhealthy before is started again."""

    def asking(self, asked: Sequence[Endpoint], seconds: float, limit: float) -> None:
        """Show which endpoints have not answered yet, of those that are asked."""

    def engine_silent(self, seconds: float, limit: float) -> None:
        """Show for how long the engine has not answered, of at most `limit`; 0.0: it does again."""

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Show a diagnosis, the moment it is made."""

    def interrupted(self) -> None:
        """Show that Ctrl-C was heard, and that Compose is being ended."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class _Boot:
    """One run of the loop; kept apart so that its steps share what they know."""

    def __init__(
        self, project: Project, api: Api, board: Board, options: Options, meanwhile: Meanwhile
    ) -> None:
        self.project = project
        self.meanwhile = meanwhile
        self.api = api
        self.board = board
        self.options = options
        self.began = time.time()
        self.refusals: list[Refusal] = []
        self.warnings: list[str] = []
        self.output: tuple[str, ...] = ()
        self.pulls = Pulls()
        self.compose_seconds = 0.0
        self.compose_ended = False
        self.lost: EngineLost | None = None
        self.failed_at: float | None = None
        self.settling_since: float | None = None
        self.missed: list[Callable[[], object]] = []
        """What was asked while the engine did not answer."""
        self.behind_since: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds since the boot began."""
        return time.time() - self.began

    @property
    def pull_seconds(self) -> float:
        """Seconds in which images were pulled."""
        return self.pulls.spent(self.seconds)

    @property
    def left(self) -> float:
        """Seconds until the limit: that of the boot, or that of a pull which stands still."""
        if self.pulls.active:
            return STILL - self.pulls.still(self.seconds)
        return self.options.timeout - self.spent

    @property
    def spent(self) -> float:
        """Seconds of the limit that are over: the time of pulls does not count."""
        return self.seconds - self.pull_seconds

    def take(self, item: Item | None) -> None:
        """Take in one thing that happened."""
        if isinstance(item, Step | Refusal):
            self.pulls.take(item, self.seconds)
        match item:
            case Happened(event):
                self._look(lambda: self.board.apply(self.api, event))
            case ComposeEnded():
                self.pulls.end(self.seconds)
                self.compose_seconds = self.seconds
                self.compose_ended = True
                self.board.compose_ended = True
                self._look(lambda: self.board.read(self.api))
            case EngineLost():
                self.lost = item
            case Refusal():
                self.refusals.append(item)
            case Warned(message):
                self.warnings.append(message)
            case Output(words):
                self.output = (*self.output, *words.splitlines())[-OUTPUT:]
            case _:
                return

    def hear(self, silent: float) -> None:
        """Take in for how many seconds the engine has not answered; catch up if it does again."""
        if self.missed and not silent:
            missed, self.missed = self.missed, []
            for ask in missed:
                self._look(ask)
        if not self.missed:
            self.behind_since = None
        behind = self.seconds - (self.behind_since or self.seconds)
        if max(silent, behind) > PATIENCE:
            words = f"the engine did not answer for {PATIENCE:.0f} s"
            self.lost = EngineLost(EngineError(words, hint="is it stopped or overloaded?"))

    def _look(self, ask: Callable[[], object]) -> None:
        """Ask the engine; if it does not answer, `hear` asks the same again, in the same order."""
        if not self.missed:
            try:
                ask()
                return
            except EngineError as error:
                if error.process_exit_code >= ANSWERED:
                    raise
        self.behind_since = self.behind_since or self.seconds
        self.missed.append(ask)

    def over(self, states: dict[str, ServiceState]) -> bool:
        """Tell whether nothing can change the outcome any more."""
        if self.lost is not None or self.left < 0:
            return True
        if self.missed:
            return False
        phases = [state.phase for state in states.values()]
        failed = any(self._final(state) for state in states.values())
        if failed or self._looping(states):
            self.failed_at = self.failed_at or self.seconds
            return self.seconds - self.failed_at >= GRACE
        self.failed_at = None
        if not self.compose_ended:
            return False
        if all(phase.good for phase in phases) and not self._refused():
            return True
        stuck = Phase.FAILED in phases or Phase.WAITING in phases
        return stuck or self._refused()

    def use_the_time(self, states: dict[str, ServiceState]) -> None:
        """Ask the endpoints while nothing but time is awaited."""
        only_time = bool(self.board.changes or self.compose_ended) and self.board.only_time(
            states, time.time()
        )
        self.meanwhile.take(self.board.mark(), self.spent, only_time=only_time)
        if not (only_time and self.compose_ended):
            self.settling_since = None
        elif self.settling_since is None:
            self.settling_since = self.seconds

    def due(self) -> float:
        """Return the seconds until time alone may decide: a grace, a settling or the limit ends."""
        ends = [self.left, self.board.settles_in(time.time())]
        if self.failed_at is not None:
            ends.append(self.failed_at + GRACE - self.seconds)
        return max(0.01, min(ends))

    def _refused(self) -> bool:
        """Tell whether Compose refused for another reason than the state of a container."""
        return any(not _WAITED.search(refusal.message) for refusal in self.refusals)

    def _final(self, state: ServiceState) -> bool:
        return state.phase is Phase.FAILED and (
            state.status.ended or state.status is Status.CREATED
        )

    def _looping(self, states: dict[str, ServiceState]) -> bool:
        """Tell whether all that is left are services that crash again and again."""
        loops = [
            state
            for state in states.values()
            if state.phase is Phase.STARTING
            and self.board.deaths.get(state.service, 0) >= LOOP_RESTARTS
        ]
        starting = sum(state.phase is Phase.STARTING for state in states.values())
        return bool(loops) and len(loops) == starting


def boot(
    project: Project,
    request: Request,
    compose: Compose,
    api: Api,
    *,
    options: Options,
    view: View,
    meanwhile: Meanwhile,
) -> BootOutcome:
    """Bring the project up and return how it went; the endpoints are those of `meanwhile`.

    Ctrl-C ends Compose, and the outcome says what runs. Raises EngineError where the engine cannot
    be reached at all.
    """
    services = selected(project, options.services)
    arguments = ["up", "-d", "--wait", *(["--build"] if options.build else []), *options.services]
    argv = compose.argv(request, *arguments, progress="json")
    board = Board(project, services, time.time(), options.settle)
    run = _Boot(project, api, board, options, meanwhile)
    with events_of(api, project.name) as (_, queue):
        board.lives.recall(api, project.name)
        board.read(api)
        try:
            _revive(board, api, view)
            with watching(argv, request.directory, queue) as watch, pulse_of(api) as pulse:
                states = _follow(run, watch, view, pulse)
        except KeyboardInterrupt:
            view.close()
            return _interrupted(run)
        finally:
            view.close()
    return _outcome(run, states, view)


def _revive(board: Board, api: Api, view: View) -> None:
    """Start the containers again that were left unhealthy by an earlier boot.

    Compose gives up at once on a container that is unhealthy already, though what was wrong with it
    may have been mended since (docs/adr/0025-unhealthy-containers-are-started-again.md).
    """
    left = board.unhealthy()
    for container in left:
        view.restarting(container.service)
        with suppress(EngineError):  # what is wrong is said when Compose meets it
            restart_container(api, container.id)
    if left:
        board.read(api)


def _interrupted(run: _Boot) -> BootOutcome:
    """Return what runs now that Compose has been ended, with the diagnoses left out."""
    run.board.compose_ended = True
    run.board.read(run.api)
    return BootOutcome(
        project=run.project.name,
        states=tuple(run.board.states(time.time()).values()),
        diagnoses=(),
        endpoints=(),
        warnings=tuple(dict.fromkeys(run.warnings)),
        seconds=run.seconds,
        compose_seconds=run.compose_seconds,
        pull_seconds=run.pull_seconds,
        changed=bool(run.board.changes),
        interrupted=True,
    )


def _follow(run: _Boot, watch: Watch, view: View, pulse: Pulse) -> dict[str, ServiceState]:
    try:
        return _followed(run, watch, view, pulse)
    except KeyboardInterrupt:
        view.interrupted()  # Compose takes its time to end, and a person wants to be answered
        raise


def _followed(run: _Boot, watch: Watch, view: View, pulse: Pulse) -> dict[str, ServiceState]:
    due, silent = 0.0, 0.0
    while True:
        item = watch.next(min(view.interval, due))
        while item is not None:
            if isinstance(item, Refusal | Warned) or not isinstance(
                item, Happened | ComposeEnded | EngineLost
            ):
                view.told(item)
            run.take(item)
            item = watch.next(0) if run.lost is None else None
        before, silent = silent, pulse.silent
        if before or silent:
            view.engine_silent(silent, PATIENCE)
        run.hear(silent)
        states = run.board.states(time.time())
        view.states(states, run.seconds)
        run.use_the_time(states)
        if run.over(states):
            return states
        due = run.due()


def _outcome(run: _Boot, states: dict[str, ServiceState], view: View) -> BootOutcome:
    good = all(state.phase.good for state in states.values()) and not run._refused()  # noqa: SLF001 - same module
    timed_out = not good and run.left < 0
    diagnoses: tuple[Diagnosis, ...] = ()
    if timed_out and run.lost is None:
        try:
            run.api.ping()
        except EngineError as error:  # it hangs, and so did Compose: that is the cause
            run.lost = EngineLost(error)
    if not good or run.lost is not None:
        from bootready.boot.diagnose.run import Seen, diagnose  # most boots need none

        seen = Seen(
            project=run.project,
            states=states,
            containers={name: run.board.containers(name) for name in states},
            last_deaths=run.board.deaths_seen(),
            refusals=tuple(run.refusals),
            removed=frozenset(run.board.removed),
            lost=run.lost.error if run.lost else None,
            timed_out=timed_out,
            seconds=run.seconds,
            output=run.output,
            still=tuple(run.pulls.pulling()) if timed_out else (),
        )
        diagnoses = diagnose(seen, run.api)
        for diagnosis in diagnoses:
            view.diagnosis(diagnosis)
    return BootOutcome(
        project=run.project.name,
        states=tuple(states.values()),
        diagnoses=diagnoses,
        endpoints=(),
        warnings=tuple(dict.fromkeys(run.warnings)),
        seconds=run.seconds,
        compose_seconds=run.compose_seconds,
        pull_seconds=run.pull_seconds,
        changed=bool(run.board.changes),
        ran_again=tuple(sorted(run.board.ran_again)),
        timed_out=timed_out,
        settle=run.options.settle,
        settle_seconds=run.seconds - run.settling_since if run.settling_since is not None else 0.0,
        critical_path=critical_path(run.project, states),
    )
