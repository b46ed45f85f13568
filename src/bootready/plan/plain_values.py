"""Values that are no secret and that this machine tells -> wishes for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootready.check.placeholders import Fault, Faulty
from bootready.check.value_uses import Origin, ValueUse
from bootready.knowledge.secrets.kinds import PLACEHOLDER
from bootready.knowledge.values.first_values import first_name
from bootready.knowledge.values.meaning import Meaning, meaning_of
from bootready.knowledge.values.neighbours import is_own
from bootready.knowledge.values.plain import plain_value
from bootready.model.action import SetVariable
from bootready.model.finding import Finding
from bootready.model.project import Project
from bootready.plan.value_places import Ground, Places, Target, escaped, finding, wish
from bootready.system import is_superuser

_TEXT_FAULTS = {Fault.PLACEHOLDER}
ANY_TIME = {Meaning.USER_ID, Meaning.GROUP_ID, Meaning.DOCKER_GROUP, Meaning.TIME_ZONE}
"""What this machine tells of whoever prepares."""


def plain_wishes(
    project: Project,
    faulty: Sequence[Faulty],
    uses: Sequence[ValueUse],
    place: Places,
    texts: list[tuple[str, str, str]],
) -> Iterator[Finding]:
    """Yield wishes for what is no secret; what only an override can set is added to `texts`."""
    machine = place.ground.machine
    for one in faulty:
        use = one.use
        if one.fault not in _TEXT_FAULTS or use.is_secret or "://" in use.value:
            continue
        value = plain_value(use.meaning, use.name, machine, _port(project, use))
        if value and use.meaning not in {Meaning.USERNAME, Meaning.DATABASE}:
            for target in place.of(use):
                if target.service:
                    texts.append((target.service, target.name, escaped(value)))
                else:
                    yield wish(use, _set(target, value), project)
    for use in uses:
        if use.passed and is_own(use.meaning, use.name, project.name):
            value = plain_value(use.meaning, use.name, machine, _port(project, use))
            for target in place.of(use) if value else ():
                if not target.service:
                    yield wish(use, _set(target, value), project)
        if use.origin is not Origin.UNSET:
            continue
        value = _first_of(use)
        for target in place.of(use) if value else ():
            yield wish(use, _set(target, value), project)


def _first_of(use: ValueUse) -> str:
    """Return what will do first for a value that is set nowhere, '' where nobody can tell."""
    if use.place.path[:1] == ("secrets",) and use.meaning is Meaning.ISSUED:
        return _stand_in(use.name)  # without one Compose creates no container
    return next((made for key in use.keys if (made := first_name(key))), "")


def _set(target: Target, value: str) -> SetVariable:
    return SetVariable(target.path, target.name, value, fills=True, replaces=target.line)


def _port(project: Project, use: ValueUse) -> str:
    services = (project.service(name) for name in use.services)
    ports = [port.published for service in services if service for port in service.ports]
    return next((port for port in ports if port.isdigit()), "")


def unset_plain(project: Project, ground: Ground) -> Iterator[Finding]:
    """Yield wishes for variables that are set nowhere and that this machine tells: user and group
    ids, its time zone, the group of the engine's socket. Of what Compose requires also numbers,
    switches, addresses, and a placeholder for the credential of another service.
    """
    place = Places(project, ground)
    seen: set[str] = set()
    for reference, path in project.uses:
        name = reference.name
        if reference.is_set or reference.operator not in {"", "?", ":?"} or name in seen:
            continue
        meaning = meaning_of(name)
        known = project.variables.get(name)
        if not path or (known is not None and (known.value or known.source == "shell")):
            continue
        if meaning not in ANY_TIME and not reference.operator:
            continue
        seen.add(name)
        value = _default_of(project, name) or plain_value(meaning, name, ground.machine)
        if meaning is Meaning.ISSUED:
            value = _stand_in(name)
        env = ground.env_file
        if value and env and place.writable(env):
            cause = "required-variable-unset" if reference.operator else "variable-unset"
            words = f"variable '{name}': not set, but the {meaning.value} is known"
            yield finding(cause, words, SetVariable(env, name, value, fills=True))


def _stand_in(name: str) -> str:
    """Return the placeholder for the credential `name` of another service."""
    return f"{PLACEHOLDER}-{name.lower().replace('_', '-')}"


def _default_of(project: Project, name: str) -> str:
    """Return what another reference of root's own falls back to, '' for any other person."""
    if not is_superuser():
        return ""
    found = (
        use.reference.argument
        for use in project.uses
        if use.reference.name == name and use.reference.operator in {":-", "-"}
    )
    return next((one for one in found if one and "$" not in one), "")
