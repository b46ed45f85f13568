"""States of services as they change -> a live picture in a terminal, plain or JSON lines."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Sequence

from bootready.boot.up import View
from bootready.boot.watch.compose_lines import Output, Refusal, Step, Told, Warned
from bootready.boot.watch.pulls import Pull, Pulls
from bootready.model.boot import Diagnosis, Endpoint, Phase, ServiceState
from bootready.model.printable import printable, safe_json
from bootready.typed import TextIO

NARROWEST = 12
"""Columns that a name keeps in a narrow terminal."""
BESIDE_NAME = 44
"""Columns that are kept for what is said of a service."""

INTERRUPTED = "interrupted: stopping Compose; services that already run keep running"
PULLS = 4
"""Images that are shown at once while they are pulled or built."""
PULLS_EVERY = 10.0
"""Seconds between two lines that say how far the pulls are."""

_MARKS = {
    Phase.WAITING: "·",
    Phase.STARTING: "…",
    Phase.READY: "✓",
    Phase.DONE: "✓",
    Phase.FAILED: "✗",
}
_COLOURS = {Phase.READY: "32", Phase.DONE: "32", Phase.FAILED: "31", Phase.STARTING: "33"}


def view_for(stream: TextIO, *, as_json: bool, colour: bool, grouped: bool = False) -> View:
    """Return the view that suits `stream`: live in a terminal, otherwise a line per change.

    `grouped` folds the lines, as the log of GitHub Actions can.
    """
    if as_json:
        return JsonView(stream)
    if stream.isatty() and colour:
        return LiveView(stream)
    return PlainView(stream, grouped=grouped)


def asking_words(asked: Sequence[Endpoint], seconds: float, limit: float) -> str:
    """Return the line that says which endpoints are still asked."""
    silent = [one for one in asked if not one.answered]
    names = ", ".join(f"{one.service} at {one.target}" for one in silent[:3])
    more = f" and {len(silent) - 3} more" if len(silent) > 3 else ""
    return (
        f"asking endpoints: {len(asked) - len(silent)} of {len(asked)} answered, {seconds:.0f} of "
        f"at most {limit:.0f} s; waiting for: {names}{more}"
    )


class PlainView:
    """One line per change of a service, for pipes and CI."""

    interval = 1.0

    def __init__(self, stream: TextIO, *, grouped: bool = False) -> None:
        self._stream = stream
        self._said: dict[str, str] = {}
        self._pulls = Pulls()
        self._pulls_said = 0.0
        self._asking = False
        self._engine_silent = False
        self._grouped = grouped
        if grouped:
            self._print("::group::bootready up")

    def states(self, states: dict[str, ServiceState], seconds: float) -> None:
        """Print the services whose state is not the one printed last."""
        width = max(map(len, states), default=0)
        for name, state in states.items():
            words = describe(state)
            if self._said.get(name) != words:
                self._said[name] = words
                self._print(f"{seconds:6.1f} s  {name:<{width}}  {words}")
        if self._pulls.active and seconds - self._pulls_said >= PULLS_EVERY:
            self._pulls_said = seconds
            far = [f"{pull.image} {pull.words}" for pull in self._pulls.pulling() if pull.total]
            if far:
                self._print(f"{seconds:6.1f} s  pulling: {', '.join(far)}")

    def told(self, told: Told) -> None:
        """Print builds, warnings and pulls; the steps of containers are told by the states."""
        self._pulls.take(told)
        match told:
            case Warned(message):
                self._print(f"         compose warns: {message}")
            case Output(text):
                self._print(f"         {text}")
            case Step(resource, words, parent="") if _is_image(resource):
                self._print(f"         {resource}: {words}")
            case _:
                return

    def restarting(self, service: str) -> None:
        """Print it."""
        self._print(f"         {restarting_words(service)}")

    def asking(self, asked: Sequence[Endpoint], seconds: float, limit: float) -> None:
        """Print once for which endpoints the verdict waits."""
        if not self._asking:
            self._asking = True
            self._print(asking_words(asked, seconds, limit))

    def engine_silent(self, seconds: float, limit: float) -> None:
        """Print that it does not answer, and that it does again, once each."""
        if bool(seconds) != self._engine_silent:
            self._engine_silent = bool(seconds)
            self._print(silent_words(seconds, limit))

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Nothing: the report at the end shows it, and it follows at once."""

    def interrupted(self) -> None:
        """Print it."""
        self._print(INTERRUPTED)

    def close(self) -> None:
        """End the group, once: what follows is the report, which stays unfolded."""
        if self._grouped:
            self._grouped = False
            self._print("::endgroup::")

    def _print(self, line: str) -> None:
        command = line.startswith(("::group::", "::endgroup::"))
        print(line if command else printable(line), file=self._stream, flush=True)


class JsonView:
    """One JSON object per line and change."""

    interval = 1.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._silent: list[str] = []
        self._engine_silent = False
        self._said: dict[str, tuple[str, ...]] = {}
        self._pulls = Pulls()
        self._far: dict[str, Pull] = {}

    def states(self, states: dict[str, ServiceState], seconds: float) -> None:
        """Write the services whose state has changed."""
        for name, state in states.items():
            key = (state.phase.value, state.word, *state.waiting_for)
            if self._said.get(name) == key:
                continue
            self._said[name] = key
            self._write(
                event="state",
                seconds=round(seconds, 3),
                service=name,
                phase=state.phase.value,
                word=state.word,
                waiting_for=list(state.waiting_for),
                restarts=state.restarts,
            )
        for pull in self._pulls.pulling():
            if self._far.get(pull.image) != pull:
                self._far[pull.image] = pull
                moment = round(seconds, 3)
                self._write(event="pull", seconds=moment, **pull._asdict())

    def told(self, told: Told) -> None:
        """Write what Compose warns of and refuses."""
        self._pulls.take(told)
        match told:
            case Warned(message):
                self._write(event="warning", message=message)
            case Refusal(message, resource):
                self._write(event="refusal", message=message, resource=resource)
            case _:
                return

    def restarting(self, service: str) -> None:
        """Write it."""
        self._write(event="restarting", service=service)

    def asking(self, asked: Sequence[Endpoint], seconds: float, limit: float) -> None:
        """Write which endpoints have not answered, where those have changed."""
        silent = [one.target for one in asked if not one.answered]
        if silent != self._silent:
            self._silent = silent
            self._write(event="asking", seconds=round(seconds, 3), limit=limit, silent=silent)

    def engine_silent(self, seconds: float, limit: float) -> None:
        """Write it where that has changed."""
        if bool(seconds) != self._engine_silent:
            self._engine_silent = bool(seconds)
            self._write(event="engine", silent=round(seconds, 3), limit=limit)

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Write the diagnosis."""
        self._write(
            event="diagnosis",
            symptom=diagnosis.symptom,
            service=diagnosis.service,
            headline=diagnosis.headline,
            cause=diagnosis.cause,
            remedy=diagnosis.remedy,
        )

    def interrupted(self) -> None:
        """Write it."""
        self._write(event="interrupted")

    def close(self) -> None:
        """Nothing to restore."""

    def _write(self, **values: object) -> None:
        print(safe_json(values, indent=None), file=self._stream, flush=True)


class LiveView:
    """A picture that is drawn over itself: unfinished services first, the longest-lasting on top.

    Lines are cut to the width of the terminal at each drawing. After a resize the old picture may
    have wrapped, so its height is counted anew with the present width before it is erased.
    """

    interval = 0.2

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn: list[int] = []
        self._pulls = Pulls()
        self._building: dict[str, str] = {}
        self._asked = False
        self._engine_silent = False
        stream.write("\x1b[?25l")

    def states(self, states: dict[str, ServiceState], seconds: float) -> None:
        """Draw the picture."""
        columns, rows = shutil.get_terminal_size()
        lines = [(_headline(states.values(), seconds), "1")]
        pulls = [
            (f"  {pull.image}: pulling {pull.words}".rstrip(), "") for pull in self._pulls.pulling()
        ]
        pulls += [(f"  {name}: {words}", "") for name, words in self._building.items()]
        lines += pulls[:PULLS]
        if len(pulls) > PULLS:
            lines.append((f"  and {len(pulls) - PULLS} more images", "2"))
        width = min(max(map(len, states), default=0), max(NARROWEST, columns - BESIDE_NAME))
        ordered = sorted(states.values(), key=_urgency)
        room = max(1, rows - 2 - len(lines))
        shown = ordered if len(ordered) <= room else ordered[: max(1, room - 1)]
        for state in shown:
            age = f"{_age(state, seconds):>7}"
            text = f"  {_MARKS[state.phase]} {_short(state.service, width):<{width}} {age}"
            lines.append((f"{text}  {describe(state)}", _COLOURS.get(state.phase, "2")))
        if len(shown) < len(ordered):
            rest = _counts(ordered[len(shown) :])
            lines.append((f"  and {len(ordered) - len(shown)} more: {rest}", "2"))
        self._erase(columns)
        for text, colour in lines:
            cut = _cut(printable(text), columns - 1)
            self._stream.write(f"\x1b[{colour or 0}m{cut}\x1b[0m\n")
            self._drawn.append(len(cut))
        self._stream.flush()

    def told(self, told: Told) -> None:
        """Keep pulls and builds for the next drawing; print warnings above it."""
        self._pulls.take(told)
        if isinstance(told, Step) and _is_image(told.resource) and not told.parent:
            self._building.pop(told.resource, None)
            if told.words not in {"Pulling", "Pulled", "Built"}:
                self._building[told.resource] = told.words
        elif isinstance(told, Warned):
            self._erase(shutil.get_terminal_size().columns)
            self._stream.write(f"compose warns: {printable(told.message)}\n")

    def restarting(self, service: str) -> None:
        """Print it above the picture."""
        self._erase(shutil.get_terminal_size().columns)
        self._stream.write(f"{restarting_words(service)}\n")
        self._stream.flush()

    def asking(self, asked: Sequence[Endpoint], seconds: float, limit: float) -> None:
        """Draw a line below the last picture; it goes when all is said."""
        columns = shutil.get_terminal_size().columns
        self._erase(columns)
        cut = _cut(printable(asking_words(asked, seconds, limit)), columns - 1)
        self._stream.write(f"\x1b[33m{cut}\x1b[0m\n")
        self._drawn.append(len(cut))
        self._asked = True
        self._stream.flush()

    def engine_silent(self, seconds: float, limit: float) -> None:
        """Print it above the picture, once each."""
        if bool(seconds) != self._engine_silent:
            self._engine_silent = bool(seconds)
            self._erase(shutil.get_terminal_size().columns)
            self._stream.write(f"{silent_words(seconds, limit)}\n")
            self._stream.flush()

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Nothing: the report follows at once."""

    def interrupted(self) -> None:
        """Write it below the last picture, which stays."""
        self._drawn.clear()
        self._stream.write(f"\r{INTERRUPTED}\n")
        self._stream.flush()

    def close(self) -> None:
        """Give the cursor back; the last picture stays, the line about endpoints goes."""
        if self._asked:
            self._asked = False
            self._erase(shutil.get_terminal_size().columns)
        self._drawn.clear()
        self._stream.write("\x1b[0m\x1b[?25h")
        self._stream.flush()

    def _erase(self, columns: int) -> None:
        height = sum(max(1, -(-length // max(1, columns))) for length in self._drawn)
        if height:
            self._stream.write(f"\x1b[{height}F\x1b[J")
        self._drawn.clear()


def restarting_words(service: str) -> str:
    """Return the words for a container that is started again."""
    return f"service '{service}': unhealthy since an earlier boot, restarting it"


def silent_words(seconds: float, limit: float) -> str:
    """Return the words for an engine that does not answer, or does so again."""
    if not seconds:
        return "the engine answers again"
    return (
        f"the engine has not answered for {seconds:.0f} s, is it stopped or overloaded? Waiting for"
        f" it, {limit:.0f} s at most"
    )


def describe(state: ServiceState) -> str:
    """Return the engine's word for a service, with what it waits for and how often it crashed."""
    words = state.word
    if state.waiting_for:
        words += f", waits for {', '.join(state.waiting_for)}"
    if state.restarts:
        words += f", {state.restarts} restarts"
    return f"{words} on {', '.join(state.nodes)}" if state.nodes else words


def _headline(states: Iterable[ServiceState], seconds: float) -> str:
    every = list(states)
    good = sum(state.phase.good for state in every)
    rest = _counts([state for state in every if not state.phase.good])
    return (
        f"booting: {good} of {len(every)} services up, {seconds:.0f} s{': ' + rest if rest else ''}"
    )


def _counts(states: Iterable[ServiceState]) -> str:
    """Return how many are in which phase, such as ``1 starting, 4 waiting``."""
    counted = Counter("up" if state.phase.good else state.phase.value for state in states)
    words = ("failed", "starting", "waiting", "up")
    return ", ".join(f"{counted[word]} {word}" for word in words if counted[word])


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}…"


def _short(name: str, width: int) -> str:
    """Return `name` in `width` columns; the middle goes, as names differ at both ends."""
    if len(name) <= width:
        return name
    tail = (width - 1) // 2
    return f"{name[: width - 1 - tail]}…{name[len(name) - tail :]}"


def _age(state: ServiceState, seconds: float) -> str:
    """Return how long the service took, or takes by now, to be up; '' before it is started."""
    if state.started is None:
        return ""
    end = state.ready if state.ready is not None else seconds
    return f"{max(0.0, end - state.started):.1f} s"


def _urgency(state: ServiceState) -> tuple[int, float]:
    order = (Phase.FAILED, Phase.STARTING, Phase.WAITING, Phase.READY, Phase.DONE)
    return order.index(state.phase), state.started if state.started is not None else 1e9


def _is_image(resource: str) -> bool:
    return resource.startswith("Image ") or not resource.startswith(
        ("Container ", "Network ", "Volume ", "service:")
    )
