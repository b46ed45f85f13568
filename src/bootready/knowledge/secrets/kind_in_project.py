"""A project and a secret of it -> the kind of value that the programs that read it take."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from bootready.knowledge.secrets.kinds import HINTED_KINDS, kind_of
from bootready.model.action import SecretKind
from bootready.model.project import FileObject, Grant, Project, Same
from bootready.typed import NamedTuple

HINTS = ("kind", "bytes", "length", "from", "same_as", "claims", "user", "newline")
"""The keys of ``x-bootready`` of a secret."""
_DECISIVE = {"kind", "from", "same_as"}
_LONGEST = 4096
"""Characters; no path is longer."""


def kind_for(project: Project, secret: str, hints: Mapping[str, object]) -> SecretKind:
    """Return the kind: that of its hints, else what its name, file, use or images tell."""
    images = tuple(service.image for service, _ in project.users_of_secret(secret) if service.image)
    uses = _uses(Same(project.services)).get(secret, ())
    files = (
        item.file.rpartition("/")[2]
        for item in project.secrets
        if item.name == secret and item.file
    )
    return kind_of(secret, str(hints.get("kind", "")), (*files, *uses), images)


def is_clear(item: FileObject, secrets: Mapping[str, FileObject], circle: AbstractSet[str]) -> bool:
    """Tell whether the hints of `item` leave no doubt about what its value has to be; `secrets`
    and `circle` as in `hint_faults`.
    """
    return not any(key in _DECISIVE for key, _ in hint_faults(item, secrets, circle))


def hint_faults(
    item: FileObject, secrets: Mapping[str, FileObject], circle: AbstractSet[str]
) -> Iterator[tuple[str, str]]:
    """Yield the keys of the hints of `item` that cannot be followed, and why.

    `secrets` are all of the project by name, and `circle` those that `in_a_circle` returns of them.
    """
    for key, value in item.hints.items():
        if key not in HINTS:
            yield key, f"unknown hint '{key}' for a secret"
        elif key == "kind" and str(value).lower() not in HINTED_KINDS:
            yield key, f"unknown kind of secret '{value}'"
        elif key in {"bytes", "length"} and not (isinstance(value, int) and 8 <= value <= 1024):
            yield key, f"`{key}` is '{value}', must be a number between 8 and 1024"
        elif key in {"from", "same_as"}:
            other = secrets.get(str(value))
            if other is None or not other.file:
                yield key, f"`{key}` names '{value}', which is not a secret with a file"
            elif item.name in circle:
                yield key, f"`{key}` leads from '{value}' back to itself"
    if item.hints.get("kind") == "jwt" and item.hints.get("claims") and not _source(item):
        yield "claims", "`claims` need the secret that signs them in `from`"


def in_a_circle(secrets: Mapping[str, FileObject]) -> set[str]:
    """Return the names of the secrets whose value would be made of itself."""
    found: set[str] = set()
    done: set[str] = set()
    for start in secrets:
        way: dict[str, None] = {}
        name = start
        while name in secrets and name not in done and name not in way:
            way[name] = None
            name = _source(secrets[name])
        if name in way:
            names = list(way)
            found.update(names[names.index(name) :])
        done.update(way)
    return found


def _source(item: FileObject) -> str:
    return str(item.hints.get("same_as", item.hints.get("from", "")))


@lru_cache(maxsize=2)
def _uses(services: Same) -> dict[str, tuple[str, ...]]:
    """Return the names of variables, options and labels that take the file of each secret."""
    every = services.value
    paths = {_path(grant) for service in every for grant in service.secrets}
    wanted = _Wanted(paths, {len(path) for path in paths})
    # Labels configure another service, the gateway, which is granted what they name.
    labels = _ending(wanted, (pair for service in every for pair in service.labels.items()))
    found: dict[str, dict[str, None]] = {}
    labelled: set[tuple[str, str]] = set()
    for service in every:
        if not service.secrets:
            continue
        variables = _ending(wanted, ((one.name, one.value or "") for one in service.environment))
        options = _ending(
            wanted, ((word.partition("=")[0], word) for word in service.command or ())
        )
        for grant in service.secrets:
            path = _path(grant)
            names = found.setdefault(grant.source, {})
            names.update(dict.fromkeys(variables.get(path, ())))
            if (grant.source, path) not in labelled:
                labelled.add((grant.source, path))
                names.update(dict.fromkeys(labels.get(path, ())))
            names.update(dict.fromkeys(options.get(path, ())))
    return {
        secret: tuple(dict.fromkeys(name.lower().removesuffix("_file") for name in names))
        for secret, names in found.items()
    }


def _path(grant: Grant) -> str:
    return grant.target if grant.target.startswith("/") else f"/run/secrets/{grant.target}"


class _Wanted(NamedTuple):
    """The paths of secrets, and their lengths."""

    paths: set[str]
    sizes: set[int]


def _ending(wanted: _Wanted, pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return for each wanted path the names of the values that end with it."""
    paths, sizes = wanted
    found: dict[str, list[str]] = {}
    for name, value in pairs if sizes else ():
        start = value.rfind("/")
        while start >= 0 and len(value) - start <= _LONGEST:
            if len(value) - start in sizes and value[start:] in paths:
                found.setdefault(value[start:], []).append(name)
            start = value.rfind("/", 0, start)
    return found
