"""The services of known images -> the kinds of facts that may say something of one of them.

A check that looks at facts of a kind is imported only where there is such a fact. Each rule below
is a question that costs little, and that says yes wherever the check may find something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bootready.knowledge.images.conditions import is_option
from bootready.knowledge.images.facts import (
    Closed,
    Config,
    Data,
    Directory,
    Exclusive,
    FileMode,
    Gone,
    HostNeed,
    Listens,
    Refused,
    RefusedMount,
    Required,
    Unread,
)
from bootready.knowledge.images.globs import matches_any
from bootready.knowledge.images.known import KnownService, known_services
from bootready.model.project import Project
from bootready.typed import Any

ALIKE = 0.9
"""From this ratio on (difflib) a directory's name is a misspelt one."""


def kinds_that_matter(project: Project) -> frozenset[str]:
    """Return the kinds of facts, such as ``required``, that may say something of a service.

    Some are divided by what they are about: ``configs.command`` for a file that a command names,
    ``host_needs.memory``, ``host_needs.feature``, ``variables`` for names that are nearly right.
    """
    return frozenset(kind for known in known_services(project) for kind in _kinds(known))


def _kinds(known: KnownService) -> Iterator[str]:
    for kind, may_say in _RULES.items():
        facts = getattr(known.image.family, kind.partition(".")[0])
        if any(may_say(fact, known) for fact, _ in known.facts(facts)):
            yield kind
    if known.image.family.variables and _has_other_variables(known):
        yield "variables"


def _always(_fact: object, _known: KnownService) -> bool:
    return True


def _required(fact: Required, known: KnownService) -> bool:
    return not any(known.is_given(name) for name in fact.any_of)


def _refused(fact: Refused, known: KnownService) -> bool:
    return bool(known.seen.variables.get(fact.variable))


def _exclusive(fact: Exclusive, known: KnownService) -> bool:
    return sum(bool(known.seen.variables.get(name)) for name in fact.variables) > 1


def _unread(fact: Unread, known: KnownService) -> bool:
    return any(matches_any(entry.name, fact.variables) for entry in known.service.environment)


def _data(fact: Data, known: KnownService) -> bool:
    return bool(known.service.mounts) and fact.path not in known.seen.targets


def _data_mounted(fact: Data, known: KnownService) -> bool:
    return fact.path in known.seen.targets


def _refused_mount(fact: RefusedMount, known: KnownService) -> bool:
    return fact.path in known.seen.targets


def _config(fact: Config, known: KnownService) -> bool:
    return any(is_elsewhere(target, fact) for target in _placed(known))


def is_elsewhere(target: str, fact: Config) -> bool:
    """Tell whether a mounted file is a configuration that lies where the program reads none."""
    return (
        matches_any(target.rpartition("/")[2], fact.files)
        and (not fact.at or matches_any(target, fact.at))
        and not matches_any(target, fact.read)
    )


def _directory(fact: Directory, known: KnownService) -> bool:
    return any(may_be_misspelt(target, fact) for target in _placed(known))


def _first_boot(fact: Directory, known: KnownService) -> bool:
    return fact.first_boot and any(holds_path(fact.path, target) for target in _placed(known))


def holds_path(folder: str, target: str) -> bool:
    """Tell whether `target` is a directory or something in it."""
    return target == folder or target.startswith(f"{folder}/")


def may_be_misspelt(target: str, fact: Directory) -> bool:
    """Tell whether a mount may be meant for a directory of nearly that name.

    Of names that are alike by `ALIKE` at most a tenth of all characters has no match.
    """
    head, path = beginning(target, fact.path), fact.path
    unmatched = (1 - ALIKE) * (len(head) + len(path))
    return (
        head != path
        and abs(len(head) - len(path)) <= unmatched
        and len(set(head) ^ set(path)) <= unmatched
    )


def beginning(target: str, path: str) -> str:
    """Return as many directories of `target` as `path` has."""
    return "/" + "/".join(target.strip("/").split("/")[: path.count("/")])


def _placed(known: KnownService) -> list[str]:
    """Return where binds and configs are mounted."""
    found = [one.target.rstrip("/") for one in known.service.mounts if one.kind == "bind"]
    for grant in known.service.configs:
        target = grant.target or grant.source
        found.append(target if target.startswith("/") else f"/{target}")
    return found


def _named(fact: Config, known: KnownService) -> bool:
    words = known.service.command or ()
    return bool(fact.log) and any(
        matches_any(word.rpartition("/")[2], fact.files) for word in words if "/" in word
    )


def _without_command(_fact: object, known: KnownService) -> bool:
    return not known.service.command


def _with_command(_fact: object, known: KnownService) -> bool:
    return bool(known.service.command)


def _listens(fact: Listens, known: KnownService) -> bool:
    return bool(known.service.ports) and (
        any(port.target not in fact.ports for port in known.service.ports)
        or any(_may_move(mover, known) for mover in fact.movers)
    )


def _may_move(mover: str, known: KnownService) -> bool:
    about, _, subject = mover.lstrip("+").partition(" ")
    if about == "variable":
        return subject.partition("=")[0] in known.seen.variables
    return bool(known.service.command) if about == "words" else is_option(known.seen.argv, subject)


def _published(fact: Closed, known: KnownService) -> bool:
    return any(port.target in fact.ports for port in known.service.ports)


def _probed(_fact: object, known: KnownService) -> bool:
    return known.service.healthcheck is not None


def _gone(fact: Gone, known: KnownService) -> bool:
    from bootready.knowledge.images.gone import is_gone

    return is_gone(fact, known.image)


def _bound(_fact: FileMode, known: KnownService) -> bool:
    return any(mount.kind == "bind" for mount in known.service.mounts)


def _memory(fact: HostNeed, known: KnownService) -> bool:
    return fact.memory > 0 and not known.service.node.entries.keys().isdisjoint(
        ("mem_limit", "deploy")
    )


def _feature(fact: HostNeed, _known: KnownService) -> bool:
    return bool(fact.feature)


def _has_other_variables(known: KnownService) -> bool:
    family = known.image.family
    names = {*family.variables, *(f"{name}_FILE" for name in family.file_variables)}
    return any(entry.name not in names for entry in known.service.environment)


_RULES: Mapping[str, Callable[[Any, KnownService], bool]] = {
    "required": _required,
    "refused": _refused,
    "exclusive": _exclusive,
    "unread": _unread,
    "data": _data,
    "data.mounted": _data_mounted,
    "refused_mounts": _refused_mount,
    "configs": _config,
    "configs.command": _named,
    "directories": _directory,
    "directories.first_boot": _first_boot,
    "command_needed": _without_command,
    "options": _with_command,
    "listens": _listens,
    "closed_ports": _published,
    "failing_probes": _probed,
    "gone": _gone,
    "end_of_life": _always,
    "host_needs.memory": _memory,
    "host_needs.feature": _feature,
    "faults": _always,
    "file_modes": _bound,
}
"""By the attribute that checks look at; a kind without a rule is looked at by no check alone."""
