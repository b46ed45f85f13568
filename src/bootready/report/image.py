"""What is known of an image, and the images of a project -> text and plain values.

Every fact is shown with the number of its source, so that a reader can look there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bootready.knowledge.images.facts import (
    KINDS,
    UNVERIFIED,
    Closed,
    CommandNeeded,
    Config,
    Contents,
    Data,
    Directory,
    EndOfLife,
    Exclusive,
    FailingProbe,
    Fault,
    FileMode,
    Gone,
    HostNeed,
    Listens,
    Option,
    Probe,
    Refused,
    RefusedMount,
    Required,
    Scope,
    Source,
    Unread,
)
from bootready.knowledge.images.known import KnownImage
from bootready.knowledge.images.versions import holds
from bootready.typed import Any, NamedTuple


class Line(NamedTuple):
    """One fact in words: its heading, what it says and when, the log, the keys of its sources."""

    heading: str
    words: str
    when: str
    log: str
    sources: tuple[str, ...]


def image_text(image: KnownImage) -> str:
    """Return everything known of an image, for a terminal."""
    family, reference = image.family, image.named.reference
    tag = f":{reference.tag}" if reference.tag else ""
    lines = [f"image {reference.name}{tag}: {family.title}"]
    care = image.version.care or image.care
    if care:
        lines.append(f"not certain: {care}")
    facts = [*image_lines(image)]
    numbers = {
        key: n for n, key in enumerate(dict.fromkeys(k for f in facts for k in f.sources), 1)
    }
    width = max((len(fact.heading) for fact in facts), default=0)
    heading = ""
    for fact in facts:
        shown = fact.heading if fact.heading != heading else ""
        heading = fact.heading
        marks = " ".join(f"[{numbers[key]}]" for key in fact.sources)
        lines.append(f"  {shown:<{width}}  {fact.words}{fact.when} {marks}")
        if fact.log:
            lines.append(f"  {'':<{width}}    log: {fact.log}")
    lines.append("sources")
    for key, number in numbers.items():
        source = family.sources[key]
        lines.append(f"  [{number}] {source.where}/{source.path} ({source.ref}), {_read(source)}")
    return "\n".join([*lines, ""])


def image_object(image: KnownImage) -> dict[str, object]:
    """Return everything known of an image, for programs."""
    family, reference = image.family, image.named.reference
    return {
        "image": reference.name,
        "tag": reference.tag,
        "family": family.name,
        "title": family.title,
        "care": image.version.care or image.care,
        "facts": [
            {
                "kind": line.heading,
                "says": line.words + line.when,
                "log": line.log,
                "sources": list(line.sources),
            }
            for line in image_lines(image)
        ],
        "sources": {key: source._asdict() for key, source in family.sources.items()},
    }


def image_lines(image: KnownImage) -> Iterator[Line]:
    """Yield the facts that hold of an image's version, in the order of their kinds."""
    for kind in KINDS:
        for fact in getattr(image.family, kind):
            scope: Scope = fact.scope
            if holds(scope, image.version).holds:
                for heading, words in _WORDS[type(fact)](fact):
                    yield Line(
                        heading, words, _when(scope), getattr(fact, "log", ""), scope.sources
                    )
                if kind == "contents":
                    break  # the first that holds is the one


def _when(scope: Scope) -> str:
    words = [f"from {scope.since} on" if scope.since else ""]
    words += [f"before {scope.before}" if scope.before else ""]
    words += [f"if {' and '.join(scope.when)}" if scope.when else ""]
    words += [f"unless {' or '.join(scope.unless)}" if scope.unless else ""]
    said = ", ".join(word for word in words if word)
    return f" ({said})" if said else ""


Words = Iterator[tuple[str, str]]


def _contents(fact: Contents) -> Words:
    if fact.user:
        yield "user", f"{fact.user}{', from root' if fact.drops else ''}"
    if fact.users:
        yield "users", ", ".join(fact.users)
    for heading, words in (
        ("entrypoint", fact.entrypoint),
        ("command", fact.command),
        ("volumes", fact.volumes),
        ("ports", fact.ports),
    ):
        if words:
            yield heading, " ".join(words)
    if fact.programs:
        yield "has", ", ".join(fact.programs)
    if fact.absent:
        yield "has not", "anything else" if fact.closed else ", ".join(fact.absent)
    if fact.healthcheck:
        yield "HEALTHCHECK", fact.healthcheck
    if fact.stop_signal != "SIGTERM":
        yield "stops by", fact.stop_signal


def _required(fact: Required) -> Words:
    first = " at the first start" if fact.first_boot else ""
    yield "needs", f"{' or '.join(fact.any_of)}{first}"


def _refused(fact: Refused) -> Words:
    rule = f"fewer than {fact.min_length} characters" if fact.min_length else ""
    rule = rule or (f"other than {', '.join(fact.allowed)}" if fact.allowed else "")
    yield "refuses", f"{fact.variable}: {rule or 'values like ' + fact.matches}"


def _exclusive(fact: Exclusive) -> Words:
    yield "takes one of", " and ".join(fact.variables)


def _unread(fact: Unread) -> Words:
    yield "does not read", f"{', '.join(fact.variables)}: {fact.instead}"


def _data(fact: Data) -> Words:
    yield "data", f"{fact.path}{', ends where it cannot write' if fact.refuses else ''}"


def _refused_mount(fact: RefusedMount) -> Words:
    yield "refuses mount", f"{fact.path}, instead {fact.instead}"


def _config(fact: Config) -> Words:
    places = ", ".join(fact.read) or "only where the command names it"
    yield "configuration", f"{', '.join(fact.files)}: {places}"


def _directory(fact: Directory) -> Words:
    first = ", first start only" if fact.first_boot else ""
    yield "directory", f"{fact.path}: {fact.purpose}{first}"


def _command(fact: CommandNeeded) -> Words:
    yield "needs command", fact.instead


def _option(fact: Option) -> Words:
    yield ("needs option" if fact.needed else "refuses option"), ", ".join(fact.options)


def _listens(fact: Listens) -> Words:
    moved = f", moved by {', '.join(fact.movers)}" if fact.movers else ""
    yield "listens", f"{', '.join(map(str, fact.ports))}{moved}"


def _closed(fact: Closed) -> Words:
    yield "closed", f"{', '.join(map(str, fact.ports))}: {fact.instead}"


def _probe(fact: Probe) -> Words:
    yield "healthcheck", " ".join(fact.test)


def _failing(fact: FailingProbe) -> Words:
    yield "never passes", f"{fact.matches}: {fact.instead}"


def _gone(fact: Gone) -> Words:
    names = ", ".join(fact.names)
    yield "gone", f"{names + ' ' if names else ''}{fact.tags}: use {fact.instead}"


def _end(fact: EndOfLife) -> Words:
    yield "end of life", f"{fact.date}, use {fact.instead}"


def _host(fact: HostNeed) -> Words:
    if fact.setting:
        yield "host", f"{fact.setting} at least {fact.value}"
    if fact.feature:
        yield "host", f"processor with {fact.feature}"
    if fact.memory:
        yield "memory", f"at least {fact.memory >> 20} MiB"


def _fault(fact: Fault) -> Words:
    yield "fault", f"{fact.says}: {fact.instead}"


def _mode(fact: FileMode) -> Words:
    yield "file mode", f"{', '.join(fact.files)}: {fact.mode:04o}"


_WORDS: dict[type, Callable[[Any], Words]] = {
    Contents: _contents,
    Required: _required,
    Refused: _refused,
    Exclusive: _exclusive,
    Unread: _unread,
    Data: _data,
    RefusedMount: _refused_mount,
    Config: _config,
    Directory: _directory,
    CommandNeeded: _command,
    Option: _option,
    Listens: _listens,
    Closed: _closed,
    Probe: _probe,
    FailingProbe: _failing,
    Gone: _gone,
    EndOfLife: _end,
    HostNeed: _host,
    Fault: _fault,
    FileMode: _mode,
}


def _read(source: Source) -> str:
    return "not verified" if source.read == UNVERIFIED else f"read {source.read}"
