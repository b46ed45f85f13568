"""Takes a request; says what is known of the project's secrets, and gives one a new value."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from bootready.apply.secrets.remember import remember
from bootready.apply.secrets.rotation import begin, finish, replace, replace_hash
from bootready.boot.rotate import kind_of_hash, rotate, way_of
from bootready.engine.api import connect
from bootready.errors import BootreadyError, UsageError
from bootready.knowledge.process.identity import reader_of
from bootready.knowledge.secrets.first_values import passwords_of
from bootready.knowledge.secrets.kind_in_project import kind_for
from bootready.knowledge.secrets.kinds import PLACEHOLDER
from bootready.model.action import SecretKind
from bootready.model.near import listed
from bootready.model.project import FileObject, Project
from bootready.model.request import Request
from bootready.pipeline import load, observe
from bootready.typed import NamedTuple


class SecretState(NamedTuple):
    """What is known of one secret; never its value."""

    name: str
    file: str
    kind: SecretKind
    state: str
    """present, missing, empty, placeholder, external, or from the environment."""
    mode: str
    readers: tuple[str, ...]
    """Services, each with the user that it reads as: ``web (uid 1000)``."""
    rotates: bool


def secrets_of(
    request: Request, environ: Mapping[str, str], *, engine: bool = True
) -> tuple[str, tuple[SecretState, ...]]:
    """Return the project directory and the state of every secret that is declared."""
    project = load(request, environ)
    context = observe(project, environ, engine=engine).context
    found = []
    for secret in project.secrets:
        fact = context.host.file(secret.file) if secret.file else None
        text = context.host.read_text(secret.file, 4096) if secret.file and fact else None
        readers = []
        for service, _ in project.users_of_secret(secret.name):
            reader = reader_of(service, context.engine, assume=True)
            uid = "uid unknown" if reader.uid is None else f"uid {reader.uid}"
            readers.append(f"{service.name} ({uid})")
        found.append(
            SecretState(
                name=secret.name,
                file=secret.file or "",
                kind=_kind(project, secret),
                state=_state(secret, exists=fact is not None, text=text),
                mode=f"{fact.mode:04o} {fact.uid}:{fact.gid}" if fact else "",
                readers=tuple(readers),
                rotates=way_of(project, secret.name) is not None,
            )
        )
    return project.directory, tuple(found)


def rotate_secret(
    request: Request, environ: Mapping[str, str], name: str, say: Callable[[str], None]
) -> None:
    """Give the secret `name` a new value, in the database that keeps it and in its file.

    Raises UsageError for a name that is not declared, BootreadyError where nobody knows how.
    """
    project = load(request, environ)
    secret = next((one for one in project.secrets if one.name == name), None)
    if secret is None:
        known = listed([one.name for one in project.secrets])
        hint = f"one of: {known}" if known else "the project declares no secrets"
        raise UsageError(f"secret '{name}' is not declared", hint)
    way = way_of(project, name)
    if way is None:
        raise BootreadyError(
            f"secret '{name}': bootready does not know how to change it",
            "change it at its issuer, then in its file, then restart its services",
        )
    if secret.file is None or not os.path.isfile(secret.file):
        raise BootreadyError(f"secret '{name}': it has no file", "bootready prepare")
    linked = [one.name for one in project.secrets if name in _sources(one)]
    if linked:
        raise BootreadyError(f"secret '{name}': '{linked[0]}' is derived from it")
    length = secret.hints.get("bytes")
    kind, size = _kind(project, secret), length if isinstance(length, int) else 32
    hashed = kind_of_hash(project, name)
    value = begin(project.directory, name, SecretKind.PASSWORD if hashed else kind, size)
    path, user = secret.file, str(secret.hints.get("user", ""))
    api = connect(environ)
    api.ping()
    rotate(
        project,
        api,
        way,
        password=value.decode(),
        replace=lambda: (
            replace_hash(project.directory, path, hashed, user, value)
            if hashed
            else replace(project.directory, path, value)
        ),
        say=say,
    )
    finish(project.directory, name)
    remember(project.directory, passwords_of(project))


def _sources(secret: FileObject) -> tuple[str, ...]:
    return str(secret.hints.get("same_as", "")), str(secret.hints.get("from", ""))


def _kind(project: Project, secret: FileObject) -> SecretKind:
    return kind_for(project, secret.name, secret.hints)


def _state(secret: FileObject, *, exists: bool, text: str | None) -> str:
    if secret.external:
        return "external"
    if secret.file is None:
        return "from the environment"
    if not exists:
        return "missing"
    if text is not None and PLACEHOLDER in text:
        return "placeholder"
    return "empty" if text is not None and not text.strip() else "present"
