"""A boot as it happens -> the values of a channel; the terminal's view sees the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.boot.progress import asking_words, describe
from bootready.boot.timeline import bars, present_path, savings
from bootready.boot.up import View
from bootready.boot.watch.compose_lines import Told
from bootready.boot.watch.pulls import Pull, Pulls, Speeds
from bootready.model.boot import BootOutcome, Diagnosis, Endpoint, Phase, ServiceState
from bootready.model.node import Plain
from bootready.model.printable import printable_lines
from bootready.model.project import Project
from bootready.page.channel import Channel
from bootready.page.examined import Examined
from bootready.report.boot import render_diagnosis

OFTEN = 0.2
"""Seconds between two pictures, if the terminal needs them less often."""


class PageView:
    """Hands everything on to another view, and tells it to a channel."""

    def __init__(self, inner: View, channel: Channel, project: Project) -> None:
        self._inner = inner
        self.channel = channel
        self._project = project
        self._diagnoses: list[Plain] = []
        self._pulls = Pulls()
        self._speeds = Speeds()
        self._asked = False
        self._shown: dict[str, ServiceState] = {}
        self.examined: Examined | None = None
        """What the files of the project say, if the page shows it."""
        self.watched = ""
        """The service whose last lines are shown."""
        channel.put(said="booting", services=[], diagnoses=[], endpoints=[], log={})

    @property
    def interval(self) -> float:
        """Seconds between two pictures: those of the terminal while no browser looks."""
        inner = self._inner.interval
        return min(inner, OFTEN) if self.channel.listened_to else inner

    def states(self, states: dict[str, ServiceState], seconds: float) -> None:
        """Show the states of all services."""
        self._inner.states(states, seconds)
        pulls: list[Plain] = [
            pull_values(one, self._speeds, seconds) for one in self._pulls.pulling()
        ]
        self.channel.put(pulls=pulls)
        if states == self._shown:
            return
        self._shown = dict(states)
        put_states(self.channel, tuple(states.values()), "booting")
        self.channel.put(timeline=timeline(self._project, states))
        self.watched = watched(tuple(states.values()))

    def told(self, told: Told) -> None:
        """Show how far the images are that are pulled; what else Compose says, in the terminal."""
        self._inner.told(told)
        self._pulls.take(told)

    def restarting(self, service: str) -> None:
        """Show that a container that was unhealthy before is started again."""
        self._inner.restarting(service)

    def asking(self, asked: Sequence[Endpoint], seconds: float, limit: float) -> None:
        """Show which endpoints have not answered yet, of those that are asked."""
        self._inner.asking(asked, seconds, limit)
        if self.examined is not None and not self._asked:
            self.examined.outdate()  # what was missing before the boot may be there now
        self._asked = True
        self.channel.put(said=asking_words(asked, seconds, limit), endpoints=_endpoints(asked))

    def engine_silent(self, seconds: float, limit: float) -> None:
        """Show for how long the engine has not answered, of at most `limit`; 0.0: it does again."""
        self._inner.engine_silent(seconds, limit)
        words = f"the engine has not answered for {seconds:.0f} s" if seconds else "booting"
        self.channel.put(said=words)
        if not seconds:
            self._shown = {}  # what was known before is said again

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Show a diagnosis, the moment it is made."""
        self._inner.diagnosis(diagnosis)
        self._diagnoses.append(_diagnosis(diagnosis, {}, self._project.directory))
        self.channel.put(diagnoses=[*self._diagnoses])

    def interrupted(self) -> None:
        """Show that Ctrl-C was heard, and that Compose is being ended."""
        self._inner.interrupted()
        self.channel.put(said="interrupted")

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._inner.close()


def put_states(channel: Channel, states: Sequence[ServiceState], said: str) -> None:
    """Tell the states of services, and `said` with how many of them are up."""
    good = sum(state.phase.good for state in states)
    channel.put(
        said=f"{said}: {good} of {len(states)} services up",
        services=[_state(state) for state in states],
    )


def put_outcome(
    channel: Channel, outcome: BootOutcome, sources: Mapping[str, str], project: Project
) -> None:
    """Tell how a boot ended, or how a stack is now."""
    states = {state.service: state for state in outcome.states}
    put_states(channel, outcome.states, "ready" if outcome.ready else "not ready")
    channel.put(
        ready=outcome.ready,
        diagnoses=[_diagnosis(one, sources, project.directory) for one in outcome.diagnoses],
        endpoints=_endpoints(outcome.endpoints),
        pulls=[],
        timeline=timeline(project, states),
        savings=[one._asdict() for one in savings(project, outcome)],
    )


def timeline(project: Project, states: Mapping[str, ServiceState]) -> Plain:
    """Return the time line as JSON can hold it; times in seconds since the boot began."""
    found: list[Plain] = []
    for bar in bars(project, states):
        waits: list[Plain] = [wait._asdict() for wait in bar.waits]
        found.append({**bar._asdict(), "phase": bar.phase.value, "waits": waits})
    return {"bars": found, "path": list(present_path(project, states))}


def pull_values(pull: Pull, speeds: Speeds, now: float) -> Plain:
    """Return how far and how fast an image comes; `now` in seconds since the boot began."""
    speed = speeds.take(pull, now)
    return {
        "image": pull.image,
        "words": pull.words,
        "part": pull.current / pull.total if pull.total else None,
        "rate": None if speed.rate is None else round(speed.rate),
        "left": None if speed.left is None else round(speed.left),
    }


def watched(states: Sequence[ServiceState]) -> str:
    """Return the service whose last lines say most: one that fails, or starts for longest."""
    ranked = [
        (state.phase is not Phase.FAILED, state.started or 0.0, state.service)
        for state in states
        if state.phase in {Phase.FAILED, Phase.STARTING}
    ]
    return min(ranked)[2] if ranked else ""


def _state(state: ServiceState) -> Plain:
    return {
        "service": state.service,
        "phase": state.phase.value,
        "said": describe(state),
        "waiting_for": list(state.waiting_for),
        "started": state.started,
        "ready": state.ready,
    }


def _endpoints(endpoints: Sequence[Endpoint]) -> list[Plain]:
    return [
        {
            "service": one.service,
            "name": one.name,
            "target": one.target,
            "answered": one.answered,
            "said": one.detail,
        }
        for one in endpoints
    ]


def _diagnosis(one: Diagnosis, sources: Mapping[str, str], directory: str) -> Plain:
    whole = render_diagnosis(one, sources, directory)
    return {"service": one.service, "remedy": one.remedy, "text": printable_lines(whole)}
