"""What a data file may ask of a service -> whether it is so.

A condition is a word and what it is about: ``variable NAME``, ``variable NAME=PATTERN``,
``option --name``, ``words PATTERN`` (of the whole command line), ``command`` and ``entrypoint``
(that the service has its own), ``mount PATH`` (at, above or below it), ``target PATH`` (exactly
there), ``publishes PORT``,
``host NAME`` (another service goes by it), ``probe PATTERN``, ``memory-below BYTES``,
``attribute NAME`` (that the service has it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bootready.knowledge.images.facts import Scope
from bootready.model.lookup import items_at, number_of, text_at, value_at
from bootready.model.node import Scalar
from bootready.model.project import Project, Service
from bootready.typed import NamedTuple

_ALONE = frozenset({"command", "entrypoint"})
_ABOUT = frozenset(
    (
        *(
            "variable",
            "option",
            "words",
            "mount",
            "target",
            "publishes",
            "host",
            "probe",
            "memory-below",
            "attribute",
        ),
    )
)
_PATTERNS = frozenset({"words", "probe"})


class Seen(NamedTuple):
    """A service as its program sees it; `argv` are the words after the image's entrypoint."""

    project: Project
    service: Service
    variables: dict[str, str]
    argv: tuple[str, ...]
    targets: tuple[str, ...]
    """Where something is mounted: volumes, secrets, configs, tmpfs."""


def check_condition(text: str) -> None:
    """Raise ValueError for what is no condition; its message says why."""
    about, _, subject = text.partition(" ")
    if about in _ALONE and not subject:
        return
    if about not in _ABOUT or not subject:
        raise ValueError(f"unknown condition '{text}'")
    _, equals, pattern = subject.partition("=")
    if about in _PATTERNS or (about == "variable" and equals):
        try:
            re.compile(subject if about in _PATTERNS else pattern)
        except re.error as error:
            raise ValueError(f"condition '{text}': {error}") from error
    if about in {"publishes", "memory-below"} and not subject.isdigit():
        raise ValueError(f"condition '{text}' needs a number")


def meets(scope: Scope, seen: Seen) -> bool:
    """Tell whether a service meets what a fact asks of it."""
    return all(_met(text, seen) for text in _cheap_first(scope.when)) and not any(
        _met(text, seen) for text in _cheap_first(scope.unless)
    )


def _cheap_first(conditions: tuple[str, ...]) -> Iterable[str]:
    """Return conditions, those with a pattern to compile after the others."""
    if len(conditions) < 2:
        return conditions
    return sorted(conditions, key=lambda text: text.startswith(("words ", "probe ")))


def seen_of(project: Project, service: Service, command: tuple[str, ...]) -> Seen:
    """Return what the program of a service sees; `command` is that of the image."""
    own = service.command if service.command is not None else ()
    variables = {
        entry.name: entry.value for entry in service.environment if entry.value is not None
    }
    return Seen(project, service, variables, own or command, tuple(_targets(service)))


def is_option(words: tuple[str, ...], option: str) -> bool:
    """Tell whether an option stands among words: ``--x``, ``--x=1``; ``--x.`` is each below it."""
    if option.endswith("."):
        return any(word.startswith(option) for word in words)
    return any(word == option or word.startswith(f"{option}=") for word in words)


def option_value(words: tuple[str, ...], option: str) -> str | None:
    """Return the value of an option, ``--x=1`` or ``--x 1``, or None."""
    for position, word in enumerate(words):
        if word.startswith(f"{option}="):
            return word[len(option) + 1 :]
        if word == option and position + 1 < len(words):
            return words[position + 1]
    return None


def names_of(service: Service, project: Project) -> set[str]:
    """Return the names by which other services reach this one."""
    found = {service.name, service.container_name or "", text_at(service.node, "hostname")}
    found |= {f"{project.name}-{service.name}-1"}
    for attachment in service.networks:
        found |= set(attachment.aliases)
    return found - {""}


def _met(text: str, seen: Seen) -> bool:
    about, _, subject = text.partition(" ")
    service = seen.service
    match about:
        case "command":
            return bool(service.command)
        case "attribute":
            return subject in service.node.entries
        case "entrypoint":
            return service.entrypoint is not None
        case "variable":
            name, equals, pattern = subject.partition("=")
            value = _variable(name, seen)
            return bool(value) and (not equals or _found(pattern, value))
        case "option":
            return is_option(seen.argv, subject)
        case "words":
            return _found(subject, " ".join((*(service.entrypoint or ()), *seen.argv)))
        case "mount":
            return any(_related(target, subject) for target in seen.targets)
        case "target":
            return subject in seen.targets
        case "publishes":
            return any(port.target == int(subject) for port in service.ports)
        case "host":
            return _is_host(subject, seen)
        case "probe":
            test = service.healthcheck.test if service.healthcheck else ()
            return _found(subject, " ".join(test))
    limit = number_of(value_at(service.node, "mem_limit")) or number_of(
        value_at(service.node, "deploy", "resources", "limits", "memory")
    )
    return 0 < limit < int(subject)


def _found(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches in a text; one of letters alone needs no compiling."""
    if pattern.isidentifier():
        return pattern in text
    return bool(text) and re.search(pattern, text) is not None


def _variable(name: str, seen: Seen) -> str:
    if name.endswith("*"):
        return next((v for n, v in seen.variables.items() if n.startswith(name[:-1]) and v), "")
    return seen.variables.get(name, "")


def _is_host(name: str, seen: Seen) -> bool:
    for other in seen.project.services:
        if other is not seen.service and name in names_of(other, seen.project):
            return True
    node = seen.service.node
    words = [
        text_at(item)
        for key in ("links", "external_links", "extra_hosts")
        for _, item in items_at(node, key)
    ]
    return any(name in re.split(r"[:=]", word) for word in words)


def _related(target: str, path: str) -> bool:
    return target == path or path.startswith(f"{target}/") or target.startswith(f"{path}/")


def _targets(service: Service) -> list[str]:
    found = [mount.target.rstrip("/") or "/" for mount in service.mounts]
    for grants, folder in ((service.secrets, "/run/secrets/"), (service.configs, "/")):
        for grant in grants:
            target = grant.target or grant.source
            found.append(target if target.startswith("/") else folder + target)
    for _, node in items_at(service.node, "tmpfs"):
        if isinstance(node, Scalar):
            found.append(str(node.value).partition(":")[0].rstrip("/"))
    return found
