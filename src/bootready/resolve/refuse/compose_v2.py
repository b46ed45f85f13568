"""What of a project Docker Compose v2.40.3 refuses although v5.6.1 accepts it -> problems, located.

Asked of the real v2.40.3 with the corpus and with small projects, and compared with the schema in
it. What only v5 refuses (more than 100,000 values) is an option of reading.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node
from bootready.model.position import Location, Span, YamlPath
from bootready.model.problem import Problem
from bootready.model.subject import subject_of
from bootready.typed import Iterable, Iterator


def conflict(kind: str, name: str, imported: Span, own: Span) -> Problem:
    """Return what v2 says to a resource that v5 merges: both files define it.

    v2 compares the included definition, resolved, with the other one as it is written: the same
    short syntax in both is a conflict too.
    """
    word = kind.removesuffix("s")
    message = f"{word} '{name}': is also defined by an included file, which Compose 2 rejects"
    path = (kind, name)
    return Problem(
        "include-conflict",
        message,
        Location(own, path, "defined here"),
        subject=name,
        hint=f"define {word} '{name}' in one file; the other files can use it",
        related=(Location(imported, path, "also defined here, in an included file"),),
    )


def extends_included(name: str, wanted: str, place: Location, imported: Span) -> Problem:
    """Return what v2, which extends before it includes, says to a service that extends an included
    one.
    """
    return Problem(
        "extends-included",
        f"service '{name}': extends '{wanted}' from an included file, which Compose 2 does not"
        " find",
        place,
        subject=name,
        hint="name the file as well as the service: extends: {file: ..., service: ...}",
        related=(Location(imported, ("services", wanted), "it is defined here"),),
    )


def repeated(entries: Iterable[tuple[YamlPath, Node, Node]]) -> Iterator[Problem]:
    """Yield the entries of lists that two files, or a service and its base, both have: v5 keeps one
    of them, v2 both, and its schema wants them to be different.
    """
    for path, below, above in entries:
        if len(path) != 3:
            continue
        apart = type(below) is not type(above)
        what = "is a list and a mapping" if apart else "repeats an entry"
        yield Problem(
            "repeated-in-v2",
            f"{subject_of(path)}: `{path[2]}` {what}, which Compose 2 rejects",
            Location(above.span, path, "this one" if apart else "this entry"),
            subject=str(path[1]),
            hint="write both in the same form" if apart else "remove one of the two",
            related=(Location(below.span, path, "is merged with this one"),),
        )


def unknown_to_v2(model: Mapping) -> Iterator[Problem]:
    """Yield the attributes of `model` that the schema of v2.40.3 does not have."""
    if "jobs" in model.entries:
        yield _unknown("project", "jobs", model, ())
    services = model.entries.get("services")
    for name, service in services.entries.items() if isinstance(services, Mapping) else ():
        if not isinstance(service, Mapping):
            continue
        if "pre_start" in service.entries:
            yield _unknown(f"service '{name}'", "pre_start", service, ("services", name))
        build = service.entries.get("build")
        if isinstance(build, Mapping) and "no_cache_filter" in build.entries:
            path = ("services", name, "build")
            yield _unknown(f"service '{name}'", "no_cache_filter", build, path)


def _unknown(subject: str, key: str, holder: Mapping, path: YamlPath) -> Problem:
    node: Node = holder.entries[key]
    where = ".".join((*map(str, path[2:]), key))
    return Problem(
        "unknown-to-v2",
        f"{subject}: Compose 2 does not support `{where}` and rejects it",
        Location(holder.keys.get(key, node.span), (*path, key)),
        subject=str(path[1]) if path else "",
        hint=f"use Compose 5, or remove `{key}`",
    )
