"""Project -> what a check leaves open in an action: kind, readers and owner, from who uses it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bootready.knowledge.process.identity import reader_of
from bootready.knowledge.secrets.certificates import names_to_sign
from bootready.knowledge.secrets.kind_in_project import kind_for
from bootready.knowledge.secrets.kinds import COOKIE_SIZES
from bootready.model.action import (
    Action,
    CreateDirectory,
    GenerateSecret,
    IssueCertificate,
    Reader,
    SecretKind,
)
from bootready.model.project import Project, Service

if TYPE_CHECKING:
    from bootready.model.evidence import Engine


def completer(project: Project, engine: Engine) -> Callable[[Action], Action]:
    """Return a function that completes one action from what `project` says about its path."""

    def complete(action: Action) -> Action:
        match action:
            case GenerateSecret():
                return _secret(action, project, engine)
            case IssueCertificate():
                key = os.path.join(action.directory, action.key)
                readers = action.readers or _readers(_users(project, key), engine)
                return action._replace(
                    readers=readers,
                    mounted=_mounted(project, engine, key),
                    siblings=action.siblings or names_to_sign(project),
                )
            case CreateDirectory():
                return _directory(action, project, engine)
            case _:
                return action

    return complete


def _secret(action: GenerateSecret, project: Project, engine: Engine) -> GenerateSecret:
    declared = next((one for one in project.secrets if _is(one.file, action)), None)
    hints = declared.hints if declared else {}
    kind, length = action.kind, action.length
    if kind is SecretKind.PASSWORD or not hints:
        kind = kind_for(project, action.name, hints)
    given = hints.get("bytes", hints.get("length"))
    if isinstance(given, int) and 8 <= given <= 1024:
        length = given
    if kind is SecretKind.COOKIE:
        length = next((size for size in COOKIE_SIZES if size >= length), COOKIE_SIZES[-1])
    source = _source(project, hints.get("same_as", hints.get("from")))
    claims = hints.get("claims")
    hash_of = kind in {SecretKind.BCRYPT, SecretKind.HTPASSWD}
    return action._replace(
        kind=kind,
        length=length,
        readers=action.readers or _readers(_users(project, action.path), engine),
        source=source,
        derived="same_as" not in hints and (hash_of or kind is SecretKind.JWT) and bool(source),
        claims=tuple((str(k), str(v)) for k, v in claims.items())
        if isinstance(claims, dict)
        else (),
        user=str(hints.get("user", "")),
        clear=f"{action.path}.clear" if hash_of and not source else "",
        newline=hints.get("newline") is True,
        mounted=_mounted(project, engine, action.path),
    )


def _source(project: Project, name: object) -> str:
    """Return the file of the secret `name` that a hint refers to, '' where there is none."""
    return next((one.file or "" for one in project.secrets if name and one.name == name), "")


def _directory(action: CreateDirectory, project: Project, engine: Engine) -> CreateDirectory:
    if action.uid is not None:
        return action
    readers = _readers(_mounting(project, action.path), engine)
    # Container root writes anywhere, and one directory has one owner.
    owners = {(one.uid, one.gids[:1]) for one in readers if not one.privileged}
    if len(owners) != 1:
        return action
    uid, gids = owners.pop()
    return action if uid is None else action._replace(uid=uid, gid=gids[0] if gids else None)


def _users(project: Project, path: str) -> Iterable[Service]:
    """Return the services that read the file `path`: by grant, or by a mount of it or above it."""
    names = {
        (kind, one.name)
        for kind, objects in (("secret", project.secrets), ("config", project.configs))
        for one in objects
        if one.file is not None and os.path.normpath(one.file) == os.path.normpath(path)
    }
    for service in project.services:
        granted = {("secret", grant.source) for grant in service.secrets}
        granted |= {("config", grant.source) for grant in service.configs}
        if names & granted or _mounts(service, path):
            yield service


def _mounting(project: Project, path: str) -> Iterable[Service]:
    devices = {
        volume.key
        for volume in project.volumes
        if volume.device is not None and os.path.normpath(volume.device) == os.path.normpath(path)
    }
    for service in project.services:
        sources = {mount.source for mount in service.mounts if mount.kind == "volume"}
        if sources & devices or _mounts(service, path):
            yield service


def _mounts(service: Service, path: str) -> bool:
    wanted = os.path.normpath(path)
    for mount in service.mounts:
        source = os.path.normpath(mount.source) if mount.source else ""
        if mount.kind == "bind" and (wanted == source or wanted.startswith(source + "/")):
            return True
    return False


def _mounted(project: Project, engine: Engine, path: str) -> tuple[str, ...]:
    """Return the directories above `path` that services mount and could not enter once closed."""
    found = (
        os.path.normpath(mount.source)
        for service in project.services
        if _mounts(service, path) and not reader_of(service, engine, assume=True).privileged
        for mount in service.mounts
        if mount.kind == "bind" and mount.source
    )
    wanted = os.path.normpath(path)
    return tuple(sorted({source for source in found if wanted.startswith(source + "/")}))


def _readers(services: Iterable[Service], engine: Engine) -> tuple[Reader, ...]:
    return tuple(reader_of(service, engine, assume=True) for service in services)


def _is(file: str | None, action: GenerateSecret) -> bool:
    return file is not None and os.path.normpath(file) == os.path.normpath(action.path)
