"""Project -> what a check leaves open in an action: kind, readers and owner, from who uses it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache

from bootready.knowledge.process.identity import reader_of
from bootready.knowledge.secrets.certificates import certificate_uses, names_to_sign
from bootready.knowledge.secrets.kind_in_project import kind_for
from bootready.knowledge.secrets.kinds import COOKIE_SIZES
from bootready.model.action import (
    HASHES,
    SIGNING_KEYS,
    Action,
    CreateDirectory,
    GenerateSecret,
    IssueCertificate,
    Reader,
    SecretKind,
)
from bootready.model.project import FileObject, Project
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Engine


def completer(project: Project, engine: Engine) -> Callable[[Action], Action]:
    """Return a function that completes one action from what `project` says about its path."""

    @lru_cache(maxsize=1)
    def uses() -> _Uses:
        return _Uses(project, engine)  # not before there is something to complete

    @lru_cache(maxsize=1)
    def siblings() -> tuple[str, ...]:
        return names_to_sign(certificate_uses(project))

    def complete(action: Action) -> Action:
        match action:
            case GenerateSecret():
                return _secret(action, project, uses())
            case IssueCertificate():
                key = os.path.join(action.directory, action.key)
                readers = action.readers or uses().readers(key)
                return action._replace(
                    readers=readers,
                    mounted=uses().mounted(key),
                    siblings=action.siblings or siblings(),
                )
            case CreateDirectory():
                return _directory(action, uses())
            case _:
                return action

    return complete


class _Uses:
    """Who reads what: the services of a project by the paths that they are granted and mount."""

    def __init__(self, project: Project, engine: Engine) -> None:
        self.services = project.services
        self.engine = engine
        self.secrets = {one.name: one for one in reversed(project.secrets)}
        self.by_file: dict[str, FileObject] = {}
        """The first secret of each file."""
        self.granted: dict[str, set[int]] = {}
        """The services, by number, that are granted a file."""
        self.mounting: dict[str, set[int]] = {}
        """Those that mount a path, or the volume that is it."""
        self.bound: dict[str, set[int]] = {}
        """Those that mount a path of the host by its name."""
        self.known: dict[int, Reader] = {}
        self.together: dict[frozenset[int], tuple[Reader, ...]] = {}
        self._gather(project)

    def _gather(self, project: Project) -> None:
        files: dict[tuple[str, str], str] = {}
        for kind, objects in (("secret", project.secrets), ("config", project.configs)):
            for one in objects:
                if one.file is not None:
                    files[kind, one.name] = os.path.normpath(one.file)
        for item in project.secrets:
            if item.file is not None:
                self.by_file.setdefault(os.path.normpath(item.file), item)
        devices = {one.key: os.path.normpath(one.device) for one in project.volumes if one.device}
        for number, service in enumerate(project.services):
            grants = [("secret", one.source) for one in service.secrets]
            grants += [("config", one.source) for one in service.configs]
            for grant in grants:
                if grant in files:
                    self.granted.setdefault(files[grant], set()).add(number)
            for mount in service.mounts:
                if mount.kind == "bind" and mount.source:
                    source = os.path.normpath(mount.source)
                    self.bound.setdefault(source, set()).add(number)
                elif mount.kind == "volume" and mount.source in devices:
                    self.mounting.setdefault(devices[mount.source], set()).add(number)

    def readers(self, path: str) -> tuple[Reader, ...]:
        """Return who reads the file `path`: by grant, or by a mount of it or above it."""
        return self._as_readers(path, self.granted)

    def writers(self, path: str) -> tuple[Reader, ...]:
        """Return who uses the directory `path`: as a volume or by a mount of it, else by one of a
        directory above it.
        """
        wanted = os.path.normpath(path)
        own = self.mounting.get(wanted, set()) | self.bound.get(wanted, set())
        if own:
            return tuple(map(self._reader, sorted(own)))
        return self._as_readers(path, self.mounting)

    def mounted(self, path: str) -> tuple[str, ...]:
        """Return the directories above `path` that services mount and could not enter once
        closed.
        """
        return tuple(
            sorted(
                above
                for above in _above(path)
                if any(not self._reader(number).privileged for number in self.bound.get(above, ()))
            )
        )

    def _as_readers(self, path: str, named: dict[str, set[int]]) -> tuple[Reader, ...]:
        wanted = os.path.normpath(path)
        parts = [named.get(wanted), self.bound.get(wanted), *map(self.bound.get, _above(path))]
        numbers = frozenset().union(*(part for part in parts if part))
        if numbers not in self.together:
            self.together[numbers] = tuple(map(self._reader, sorted(numbers)))
        return self.together[numbers]

    def _reader(self, number: int) -> Reader:
        if number not in self.known:
            self.known[number] = reader_of(self.services[number], self.engine, assume=True)
        return self.known[number]


def _above(path: str) -> Iterator[str]:
    """Yield the directories that `path` is in, but for the root."""
    above = os.path.dirname(os.path.normpath(path))
    while above.strip("/"):
        yield above
        above = os.path.dirname(above)


def _secret(action: GenerateSecret, project: Project, uses: _Uses) -> GenerateSecret:
    declared = uses.by_file.get(os.path.normpath(action.path))
    hints = declared.hints if declared else {}
    kind, length = action.kind, action.length
    told = {*SIGNING_KEYS, SecretKind.SSH, SecretKind.VAPID, SecretKind.PLACEHOLDER}
    if kind is SecretKind.PASSWORD or not (hints or action.derived or kind in told):
        kind = kind_for(project, action.name, hints)
    given = hints.get("bytes", hints.get("length"))
    if isinstance(given, int) and 8 <= given <= 1024:
        length = given
    if kind is SecretKind.COOKIE:
        length = next((size for size in COOKIE_SIZES if size >= length), COOKIE_SIZES[-1])
    named = hints.get("same_as", hints.get("from"))
    other = uses.secrets.get(named) if isinstance(named, str) else None
    source = (other.file or "") if other else action.source
    claims = hints.get("claims")
    hash_of = kind in HASHES
    return action._replace(
        kind=kind,
        length=length,
        readers=action.readers or uses.readers(action.path),
        source=source,
        derived="same_as" not in hints
        and bool(source)
        and (hash_of or action.derived or kind is SecretKind.JWT),
        claims=tuple((str(k), str(v)) for k, v in claims.items())
        if isinstance(claims, dict)
        else (),
        user=str(hints.get("user", "")),
        clear=f"{action.path}.clear" if hash_of and not source else "",
        newline=hints.get("newline") is True,
        mounted=uses.mounted(action.path),
    )


def _directory(action: CreateDirectory, uses: _Uses) -> CreateDirectory:
    if action.uid is not None:
        return action
    # Container root writes anywhere, one directory has one owner, and nobody knows of some images.
    readers = uses.writers(action.path)
    owners = {(one.uid, one.gids[:1]) for one in readers if not one.privileged}
    owners = {owner for owner in owners if owner[0] is not None}
    if len(owners) != 1:
        return action
    uid, gids = owners.pop()
    return action._replace(uid=uid, gid=gids[0] if gids else None)
