"""A project -> its first values: passwords and keys that hold as long as the data made with them.

Once a database has data, its first password holds, whatever the secret's file says later; and what
a program has encrypted can be read with the key of that time only.
"""

from bootready.model.position import Location
from bootready.model.project import Project, Service, Volume
from bootready.regex import regex
from bootready.typed import Iterator, NamedTuple


class FirstValue(NamedTuple):
    """A value that a program took when its data was made; `file` or `text` holds it.

    `key` names it from one run to the next. `markers` are files that a database writes when it
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
    variable: str = ""
    """The variable that holds `text`, as the container is given it."""
    encrypts: bool = False
    """Whether it is the key of encrypted data, and no password."""


_VARIABLES = {
    "POSTGRES_PASSWORD": ("PG_VERSION",),
    "POSTGRESQL_PASSWORD": ("PG_VERSION",),
    "MYSQL_ROOT_PASSWORD": ("auto.cnf", "ibdata1"),
    "MYSQL_PASSWORD": ("auto.cnf", "ibdata1"),
    "MARIADB_ROOT_PASSWORD": ("ibdata1",),
    "MARIADB_PASSWORD": ("ibdata1",),
    "MONGO_INITDB_ROOT_PASSWORD": ("WiredTiger",),
    "MONGODB_ROOT_PASSWORD": ("WiredTiger",),
    "MSSQL_SA_PASSWORD": ("master.mdf",),
    "DOCKER_INFLUXDB_INIT_PASSWORD": ("influxd.bolt",),
    "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN": ("influxd.bolt",),
    "ARANGO_ROOT_PASSWORD": ("ENGINE",),
    "NEO4J_AUTH": (),
    "RABBITMQ_DEFAULT_PASS": (),
    "ELASTIC_PASSWORD": (),
}
"""What images take the first password from, and what they write with their data."""

_ENCRYPTS = regex(
    r"(?i)(?:^|_)(?:ENCRYPTION_(?:KEY|SECRET|PASSPHRASE|MASTER_KEY)|FERNET_KEY|(?:DATA|CREDENTIALS?)_KEY"
    r"|CREDENTIAL_SECRET|SALT_KEY|ENCRYPT_KEY|CRYPTO_KEY)$"
    r"|^APP_KEY$|^ACTIVE_RECORD_ENCRYPTION_|^GITEA__SECURITY__SECRET_KEY$",
    needs=(
        *("encryption_", "fernet_key", "data_key", "credential_key", "credentials_key"),
        *("credential_secret", "salt_key", "encrypt_key", "crypto_key", "app_key"),
        "gitea__security__secret_key",
    ),
)
"""Names of the keys with which programs encrypt what they store."""

_DATA = ("data", "pgroot", "mysql", "mongo", "rabbitmq", "arangodb", "influxdb", "/lib/postgresql")
_DATA_ALONE = regex(r"(?i)/db\b|mssql", needs=("/db", "mssql"))
"""What the directories are called in which databases keep their data."""


_ROLES = ("superuser", "replication", "standby", "postgres")
"""What the secrets of Patroni are called after."""

_KEEPS = regex(r"(?i)data|storage|/var/lib/|/config\b|/\.\w")
"""Where other programs do; what else is mounted from a directory may be their source."""


def passwords_of(project: Project) -> tuple[FirstValue, ...]:
    """Return the passwords of every selected database that keeps its data."""
    found: list[FirstValue] = []
    declared = {volume.key: volume for volume in project.volumes}
    files = {secret.name: secret.file for secret in project.secrets}
    for service in project.services:
        if not service.secrets and not any(one.name in _VARIABLES for one in service.environment):
            continue
        directories, volumes = _data_of(service, declared, databases=True)
        if directories or volumes:
            found += _given(service, files, directories, volumes)
    return tuple(found)


def keys_of(project: Project) -> tuple[FirstValue, ...]:
    """Return the keys with which a service encrypts data that is kept, by itself or by a database
    that it depends on.
    """
    found: list[FirstValue] = []
    declared = {volume.key: volume for volume in project.volumes}
    for service in project.services:
        entries = [one for one in service.environment if one.value and _ENCRYPTS.search(one.name)]
        if not entries:
            continue
        directories, volumes = _data_of(service, declared)
        for name in [one.service for one in service.depends_on]:
            other = project.service(name)
            more = _data_of(other, declared, databases=True) if other else ((), ())
            directories, volumes = (*directories, *more[0]), (*volumes, *more[1])
        if not (directories or volumes):
            continue
        found += [
            FirstValue(
                key=f"{service.name}/{entry.name}",
                service=service.name,
                words=f"`{entry.name}`",
                location=entry.location,
                file="",
                text=entry.value or "",
                directories=directories,
                volumes=volumes,
                markers=(),
                variable=entry.name,
                encrypts=True,
            )
            for entry in entries
        ]
    return tuple(found)


def _given(
    service: Service,
    files: dict[str, str | None],
    directories: tuple[str, ...],
    volumes: tuple[str, ...],
) -> Iterator[FirstValue]:
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
        if patroni and any(word in grant.source for word in _ROLES):
            taken.append(("PG_VERSION",))
        if file and taken:
            yield FirstValue(
                key=f"{service.name}/{grant.source}",
                service=service.name,
                words=f"secret '{grant.source}'",
                location=grant.location,
                file=file,
                text="",
                directories=directories,
                volumes=volumes,
                markers=taken[0],
            )
    for entry in service.environment:
        if entry.name in _VARIABLES and entry.value:
            yield FirstValue(
                key=f"{service.name}/{entry.name}",
                service=service.name,
                words=f"`{entry.name}`",
                location=entry.location,
                file="",
                text=entry.value,
                directories=directories,
                volumes=volumes,
                markers=_VARIABLES[entry.name],
                variable=entry.name,
            )


def _keeps(target: str, *, databases: bool) -> bool:
    if not databases:
        return _KEEPS.search(target) is not None
    small = target.lower()
    return any(word in small for word in _DATA) or _DATA_ALONE.search(target) is not None


def _data_of(
    service: Service, declared: dict[str, Volume], *, databases: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the directories and volumes that `service` writes, with `databases` only those that
    are where databases keep their data.
    """
    directories: list[str] = []
    volumes: list[str] = []
    for mount in service.mounts:
        if mount.read_only or (
            (databases or mount.kind == "bind") and not _keeps(mount.target, databases=databases)
        ):
            continue
        volume = declared.get(mount.source) if mount.kind == "volume" else None
        if mount.kind == "bind":
            directories.append(mount.source)
        elif volume is not None and volume.device is not None:
            directories.append(volume.device)
        elif volume is not None:
            volumes.append(volume.name)
    return tuple(directories), tuple(volumes)
