"""A project and a secret of it -> the kind of value that the programs that read it take."""

from collections.abc import Iterator, Mapping

from bootready.knowledge.secrets.kinds import HINTED_KINDS, kind_of
from bootready.model.action import SecretKind
from bootready.model.project import FileObject, Project

HINTS = ("kind", "bytes", "length", "from", "same_as", "claims", "user", "newline")
"""The keys of ``x-bootready`` of a secret."""
_DECISIVE = {"kind", "from", "same_as"}


def kind_for(project: Project, secret: str, hints: Mapping[str, object]) -> SecretKind:
    """Return the kind: that of its hints, else what its name, its use or the images tell."""
    images = tuple(
        service.image
        for service in project.services
        if service.image and any(grant.source == secret for grant in service.secrets)
    )
    uses = _variables_of(project, secret)
    return kind_of(secret, str(hints.get("kind", "")), uses, images)


def is_clear(project: Project, item: FileObject) -> bool:
    """Tell whether the hints of `item` leave no doubt about what its value has to be."""
    secrets = {one.name: one for one in project.secrets}
    return not any(key in _DECISIVE for key, _ in hint_faults(item, secrets))


def hint_faults(item: FileObject, secrets: Mapping[str, FileObject]) -> Iterator[tuple[str, str]]:
    """Yield the keys of the hints of `item` that cannot be followed, and why; `secrets` by name."""
    for key, value in item.hints.items():
        if key not in HINTS:
            yield key, f"'{key}' is no hint for a secret"
        elif key == "kind" and str(value).lower() not in HINTED_KINDS:
            yield key, f"'{value}' is no kind of secret"
        elif key in {"bytes", "length"} and not (isinstance(value, int) and 8 <= value <= 1024):
            yield key, f"`{key}` is '{value}', not a number from 8 to 1024"
        elif key in {"from", "same_as"}:
            other = secrets.get(str(value))
            if other is None or not other.file:
                yield key, f"`{key}` names '{value}', which is no secret with a file"
            elif _leads_back(item, secrets):
                yield key, f"`{key}` leads from '{value}' back to itself"
    if item.hints.get("kind") == "jwt" and item.hints.get("claims") and not _source(item):
        yield "claims", "`claims` need the secret that signs them in `from`"


def _leads_back(item: FileObject, secrets: Mapping[str, FileObject]) -> bool:
    seen = {item.name}
    following = secrets.get(_source(item))
    while following is not None and following.name not in seen:
        seen.add(following.name)
        following = secrets.get(_source(following))
    return following is not None and following.name == item.name


def _source(item: FileObject) -> str:
    return str(item.hints.get("same_as", item.hints.get("from", "")))


def _variables_of(project: Project, secret: str) -> tuple[str, ...]:
    """Return the names of variables, options and labels that take the file of `secret`."""
    # Labels configure another service, the gateway, which is granted what they name.
    labels = [pair for service in project.services for pair in service.labels.items()]
    found = []
    for service in project.services:
        for grant in service.secrets:
            if grant.source != secret:
                continue
            path = grant.target if grant.target.startswith("/") else f"/run/secrets/{grant.target}"
            named = [(entry.name, entry.value or "") for entry in service.environment]
            named += labels
            named += [(word.partition("=")[0], word) for word in service.command or ()]
            found += [name.lower() for name, value in named if value.endswith(path)]
    return tuple(dict.fromkeys(name.removesuffix("_file") for name in found))
