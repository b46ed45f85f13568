"""A project -> the databases in it that keep their password with their data, and where it is.

Once such a database has data, its first password holds, whatever the secret's file says later.
"""

import re

from bootready.model.position import Location
from bootready.model.project import Project, Service, Volume
from bootready.typed import NamedTuple


class Password(NamedTuple):
    """A password that a database took when its data was made; `file` or `text` holds it.

    `key` names it from one run to the next. `markers` are files that the database writes when it
    makes its data, `directories` where the data is on this machine, `volumes` the engine's names.
    """

    key: str
    service: str
    words: str
    location: Location
    file: str
    text: str
    directories: tuple[str, ...]
    volumes: tuple[str, ...]
    markers: tuple[str, ...]


_VARIABLES = {
    "POSTGRES_PASSWORD": ("PG_VERSION",),
    "MYSQL_ROOT_PASSWORD": ("auto.cnf", "ibdata1"),
    "MYSQL_PASSWORD": ("auto.cnf", "ibdata1"),
    "MARIADB_ROOT_PASSWORD": ("ibdata1",),
    "MARIADB_PASSWORD": ("ibdata1",),
    "MONGO_INITDB_ROOT_PASSWORD": ("WiredTiger",),
}
"""What the official images take the first password from, and what they write with their data."""


def passwords_of(project: Project) -> tuple[Password, ...]:
    """Return the passwords of every selected database that keeps its data."""
    found: list[Password] = []
    declared = {volume.key: volume for volume in project.volumes}
    files = {secret.name: secret.file for secret in project.secrets}
    for service in project.services:
        directories, volumes = _data_of(service, declared)
        if directories or volumes:
            for key, words, location, file, text, markers in _given(service, files):
                found.append(
                    Password(
                        f"{service.name}/{key}",
                        service.name,
                        words,
                        location,
                        file,
                        text,
                        directories,
                        volumes,
                        markers,
                    )
                )
    return tuple(found)


_Given = tuple[str, str, Location, str, str, tuple[str, ...]]


def _given(service: Service, files: dict[str, str | None]) -> list[_Given]:
    found: list[_Given] = []
    names = {entry.name for entry in service.environment}
    patroni = any(name.startswith(("SPILO_", "PATRONI_")) for name in names)
    for grant in service.secrets:
        path = grant.target if grant.target.startswith("/") else f"/run/secrets/{grant.target}"
        file = files.get(grant.source) or ""
        taken = [
            _VARIABLES[entry.name.removesuffix("_FILE")]
            for entry in service.environment
            if entry.value == path and entry.name.removesuffix("_FILE") in _VARIABLES
        ]
        if patroni and re.search(r"superuser|replication|standby|postgres", grant.source):
            taken.append(("PG_VERSION",))
        if file and taken:
            words = f"secret '{grant.source}'"
            found.append((grant.source, words, grant.location, file, "", taken[0]))
    for entry in service.environment:
        if entry.name in _VARIABLES and entry.value:
            words = f"`{entry.name}`"
            markers = _VARIABLES[entry.name]
            found.append((entry.name, words, entry.location, "", entry.value, markers))
    return found


def _data_of(
    service: Service, declared: dict[str, Volume]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    directories: list[str] = []
    volumes: list[str] = []
    for mount in service.mounts:
        if mount.read_only or not re.search(r"data|/db\b|pgroot|mysql|mongo", mount.target):
            continue
        volume = declared.get(mount.source) if mount.kind == "volume" else None
        if mount.kind == "bind":
            directories.append(mount.source)
        elif volume is not None and volume.device is not None:
            directories.append(volume.device)
        elif volume is not None:
            volumes.append(volume.name)
    return tuple(directories), tuple(volumes)
