"""First values of databases and keys, as the files say them now -> those that have changed since.

What they were when the data was made is known from two places: `bootready up` keeps a keyed hash
of each value that a running stack was seen to take, and the container that filled a volume still
has the variables that it was given, until it is removed.
"""

from __future__ import annotations

from bootready.check.api import Context
from bootready.knowledge.secrets.first_values import FirstValue
from bootready.model.fact import ContainerFact, VolumeFact
from bootready.plain_json import loads
from bootready.typed import (
    TYPE_CHECKING,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    NamedTuple,
    Sequence,
)

if TYPE_CHECKING:
    from bootready.model.evidence import Host

SAME_MOMENT = 2.0
"""Seconds by which clocks of files and of the engine may differ."""
MAKES = 120.0
"""Seconds after a volume within which the container was made that filled it."""
TELLS_CREATION = 23
"""The first engine that says when a volume was made: before, `CreatedAt` was the last change of the
data directory itself (moby/moby#44725).
"""


class Known(NamedTuple):
    """What is kept of one value: its keyed hash, and when it was seen to work (epoch seconds)."""

    digest: str
    seen: float


class Changed(NamedTuple):
    """A value that differs from the one that its data was made with."""

    value: FirstValue
    seen: float
    """When the other one was seen to work, in epoch seconds; 0.0 where the container tells it."""


class Machine(NamedTuple):
    """What is asked of the engine; `environment` gives the variables of a container by name."""

    volumes: Sequence[VolumeFact] = ()
    version: str = ""
    containers: Sequence[ContainerFact] = ()
    environment: Callable[[str], Mapping[str, str]] | None = None

    @property
    def dated(self) -> bool:
        """Whether the engine tells when a volume was made, and not when it was last changed."""
        major = self.version.partition(".")[0]
        return major.isdigit() and int(major) >= TELLS_CREATION


def changed_values(context: Context, values: Sequence[FirstValue]) -> tuple[Changed, ...]:
    """Return those of `values` of the project that were others when their data was made."""
    project, engine = context.project, context.engine
    machine = Machine()
    if engine.reachable and any(one.volumes for one in values):
        machine = Machine(
            engine.volume_facts(),
            engine.version,
            engine.containers(),
            engine.container_environment,
        )
    found = changed(values, context.host, project.directory, project.name, machine)
    return tuple(found)


def changed(
    values: Iterable[FirstValue], host: Host, directory: str, project: str, machine: Machine
) -> Iterator[Changed]:
    """Yield those of `values` of the project in `directory` that were others when their data was
    made, as far as that is known.
    """
    values = tuple(values)
    known, key = remembered(host, directory) if values else ({}, b"")
    for value in values:
        content = host.read_bytes(value.file) if value.file else value.text.encode()
        made = made_at(value, host, machine)
        if content is None or made is None:
            continue
        before = known.get(value.key)
        if before is not None and made <= before.seen + SAME_MOMENT:
            differs = _hashed(key, content) != before.digest
            if differs and not _runs_with_it(value, project, machine):
                yield Changed(value, before.seen)
        elif value.variable and _maker_had_another(value, made, project, machine):
            yield Changed(value, 0.0)


def remembered(host: Host, directory: str) -> tuple[dict[str, Known], bytes]:
    """Return what was kept of the project's values, by their keys, and the key of the hashes."""
    state = host.state_directory(directory)
    path = f"{state}/passwords"
    text = host.read_text(path) if state else None
    key = host.read_bytes(f"{state}/key") if text else None
    if not text or not key:
        return {}, b""
    try:
        found = loads(text)
    except ValueError:
        found = {}
    fact = host.file(path)
    written = fact.modified if fact else 0.0
    known = {}
    for name, value in found.items() if isinstance(found, dict) else ():
        digest, _, seen = str(value).partition(" ")
        known[str(name)] = Known(digest, float(seen) if seen.isdigit() else written)
    return known, key


def made_at(value: FirstValue, host: Host, machine: Machine) -> float | None:
    """Return when the youngest of the data of a value was made, in epoch seconds.

    None where there is no data, 0.0 where nothing tells when it was made.
    """
    mine = [one.created for one in machine.volumes if one.name in value.volumes]
    moments = mine if machine.dated else [0.0 for _ in mine]
    for directory in value.directories:
        names = [name for name in host.entries(directory) if not name.startswith(".")]
        if names:
            moments.append(_oldest(value, host, directory, names))
    return max(moments, default=None)


def _oldest(value: FirstValue, host: Host, directory: str, names: Sequence[str]) -> float:
    """Return when the data in a directory was made: its markers never change, and of other data
    the oldest file is the best witness.
    """
    below = [f"{directory}/{name}" for name in names]
    places = (directory, *below)
    marked = [f"{place}/{marker}" for place in places for marker in value.markers]
    for paths in (marked, below):
        facts = [fact for path in paths if (fact := host.file(path)) is not None]
        if facts:
            return min(fact.modified for fact in facts)
    return 0.0


def _maker_had_another(value: FirstValue, made: float, project: str, machine: Machine) -> bool:
    for one, given in _containers_of(value, project, machine):
        if made and -SAME_MOMENT <= one.created - made <= MAKES:
            had = given.get(value.variable)
            return had is not None and had != value.text
    return False


def _runs_with_it(value: FirstValue, project: str, machine: Machine) -> bool:
    """Tell whether a container was given the present value already: then no boot brings it, and the
    data may have been made anew without us.
    """
    found = _containers_of(value, project, machine)
    return bool(value.variable) and any(
        one.state == "running" and given.get(value.variable) == value.text for one, given in found
    )


def _containers_of(
    value: FirstValue, project: str, machine: Machine
) -> Iterator[tuple[ContainerFact, Mapping[str, str]]]:
    """Yield the containers of the service that takes the value, with their variables."""
    for one in machine.containers:
        if machine.environment and (one.project, one.service) == (project, value.service):
            yield one, machine.environment(one.name)


def _hashed(key: bytes, content: bytes) -> str:
    import hashlib
    import hmac

    return hmac.new(key, content.rstrip(b"\r\n"), hashlib.sha256).hexdigest()
