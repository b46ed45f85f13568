"""What programs write when they cannot start -> cause and remedy: a table, open for more rows.

`{0}` in a cause or remedy stands for the first group of the pattern that matched. How the rows are
tried is in `signatures.py`; `tests/boot/signatures` holds what real containers wrote, and how to
capture it anew.
"""

from __future__ import annotations

from bootready.typed import NamedTuple


class Signature(NamedTuple):
    """One thing that programs say; `only_dead` where a living program may say it and go on."""

    id: str
    pattern: str
    cause: str
    remedy: str
    keys: tuple[str, ...] = ()
    """The attributes of the service that may be to blame, best first."""
    only_dead: bool = False
    decisive: bool = False
    elsewhere: str = ""
    """The row that explains it better, where a server that the service depends on says so."""
    at_info: bool = False
    """Programs say it in a line of level info, which tells nothing else."""


TABLE = (
    Signature(
        "root-refused",
        r'"root" execution of the PostgreSQL server is not permitted',
        "PostgreSQL refuses to run as root",
        "set `user` to the image's database user (postgres), or start it with the image's"
        " entrypoint",
        ("user", "entrypoint", "command"),
        decisive=True,
    ),
    Signature(
        "config-refused",
        r"parsing YAML file (/\S+: yaml: [^\"]+)|file=(/\S+ err=\"yaml: [^\"]+)|(yaml: line \d+.*)"
        r"|Bad directive or wrong|((?:unknown|unrecognized) (?:flag|option|argument).*)"
        r"|(flag provided but not defined.*)"
        r"|(field not found, node: [\w.-]+)|failed to decode configuration"
        r"|Loading configuration file failed.* (file=\S+ err=\".+\")"
        r"|loading groups failed.* err=\"(.+)\"",
        "the program rejects its configuration: {0}",
        "correct the setting that it names",
        ("configs", "command", "volumes"),
        only_dead=True,
        decisive=True,
    ),
    Signature(
        "data-directory-locked",
        r'lock file "postmaster\.pid" already exists',
        "another server uses, or has left, the same data directory",
        "stop the other container that uses this volume; if no container does, remove"
        " postmaster.pid",
        ("volumes",),
        only_dead=True,
    ),
    Signature(
        "windows-line-ends",
        r"\\r: (?:command not found|not found|invalid option|No such file)|\\r'?: No such file"
        r"|illegal option -(?:\\r)?$|\$'(?:\\r|[^']*\\r)'",
        "a script has Windows line endings (CRLF), and its shell takes the carriage return as "
        "part of the words",
        "save the script with LF line endings (dos2unix), and pin them with '*.sh text eol=lf' in "
        ".gitattributes",
        ("entrypoint", "command", "volumes", "configs"),
        only_dead=True,
        decisive=True,
    ),
    Signature(
        "threads-limited",
        r"can't start new thread|(?:fork|clone|pthread_create)[^\n]*: "
        r"(?:[Rr]esource temporarily unavailable|retry)|Cannot fork|can't fork"
        r"|unable to create (?:native |new )?thread|newosproc|may need to increase max user",
        "the container cannot start another process or thread",
        "raise `pids_limit` (or `deploy.resources.limits.pids`) and `ulimits.nproc` of the service",
        ("pids_limit", "ulimits", "deploy"),
        only_dead=True,
        decisive=True,
    ),
    Signature(
        "files-limited",
        r"[Tt]oo many open files|EMFILE|(?:max|maximum) (?:number of )?open files"
        r"[^\n]*(?:too low|not enough)|Not enough (?:free )?(?:file descriptors|FDs)",
        "the program cannot open as many files and connections as it needs",
        "raise `ulimits.nofile` of the service, for example to 65536",
        ("ulimits", "command"),
        only_dead=True,
        decisive=True,
    ),
    Signature(
        "locale-missing",
        r"invalid locale (?:name|settings)[^\n]*?(?:\"([^\"]+)\"|$)"
        r"|[Uu]nsupported locale setting|cannot change locale \(([^)]+)\)",
        "the image does not have the locale '{0}'",
        "use a locale of the image (C.UTF-8), or install it there",
        ("environment", "command"),
        only_dead=True,
    ),
    Signature(
        "shared-memory",
        r"could not resize shared memory segment",
        "the shared memory of the container (/dev/shm) is too small",
        "raise `shm_size` of the service, for example to 256m",
        ("shm_size",),
        decisive=True,
    ),
    Signature(
        "etcd-name-mismatch",
        r"couldn't find local name \\*\"([\w.-]+)\\*\" in the initial cluster",
        "etcd is called '{0}', which is not in its list of initial members",
        "add '{0}' to ETCD_INITIAL_CLUSTER, or correct ETCD_NAME",
        ("environment", "command"),
        decisive=True,
    ),
    Signature(
        "etcd-member-without-data",
        r"member (\w+) has already been bootstrapped",
        "the other members know this one (id {0}), and its data directory is empty: the data "
        "was lost, or the directory has changed",
        "restore its data if it still exists; otherwise create all members of this etcd again, "
        "or remove this member and add it again (etcdctl member remove, member add)",
        ("volumes", "environment"),
        decisive=True,
    ),
    Signature(
        "etcd-no-quorum",
        r"is starting a new election at term|etcdserver: no leader",
        "etcd cannot reach a majority of its members, so its election never ends",
        "start the other members of its initial cluster, or correct that list",
        ("environment", "command"),
        at_info=True,
    ),
    Signature(
        "patroni-name-clash",
        r"there is already a node named '([^']+)' running",
        "Patroni found another member called '{0}' in its store: its stored address is an IP that "
        "a different container has now",
        "give Patroni a host name, not an IP, as `connect_address`, and remove the stale member "
        "key from the store",
        ("environment", "command"),
    ),
    Signature(
        "postgres-password-rejected",
        r'password authentication failed for user "([^"]+)"',
        "PostgreSQL refused the password of user '{0}': the database keeps the one from its first "
        "start, and the one given now differs",
        "set the password inside the database to the present one (ALTER ROLE {0} PASSWORD ...), or "
        "put the old one back; removing the data directory also removes the data",
        ("secrets", "environment"),
        elsewhere="postgres-no-role",
    ),
    Signature(
        "postgres-password-unset",
        r"superuser password is not specified|You must specify POSTGRES_PASSWORD",
        "the image needs a superuser password for a new database and got none",
        "set POSTGRES_PASSWORD_FILE to a secret of the service",
        ("environment",),
    ),
    Signature(
        "postgres-data-incompatible",
        r"database files are incompatible with server|initialized by PostgreSQL version ([\d.]+)",
        "the data directory was written by another major version of PostgreSQL",
        "use the image of the old version, or migrate the data (pg_upgrade)",
        ("image", "volumes"),
    ),
    Signature(
        "postgres-no-database",
        r'FATAL: +database "([^"]+)" does not exist',
        "database '{0}' does not exist on the server",
        "create it (CREATE DATABASE {0}), or correct the name that the service is given",
        ("environment", "command"),
    ),
    Signature(
        "postgres-no-role",
        r'(?:FATAL|DETAIL): +[Rr]ole "([^"]+)" does not exist',
        "role '{0}' does not exist on the server",
        "create it (CREATE ROLE {0} LOGIN), or correct the name that the service is given",
        ("environment", "command"),
    ),
    Signature(
        "postgres-host-refused",
        r'no pg_hba\.conf entry for host "([^"]+)"',
        "PostgreSQL does not accept connections from the address '{0}'",
        "allow the network of the service in pg_hba.conf (host all all samenet scram-sha-256)",
        ("volumes", "configs", "networks"),
    ),
    Signature(
        "data-directory-mode",
        r"data directory \"([^\"]+)\" has (?:invalid permissions|wrong ownership)",
        "PostgreSQL rejects the owner or mode of its data directory '{0}'",
        "give the directory to the user of the service, with mode 0700",
        ("volumes", "user"),
    ),
    Signature(
        "mysql-access-denied",
        r"Access denied for user '([^']+)'@",
        "the database refused the password of user '{0}'; it keeps the one from its first start",
        "put the old password back, or change it inside the database",
        ("secrets", "environment"),
    ),
    Signature(
        "redis-auth",
        r"NOAUTH Authentication required|WRONGPASS invalid username-password",
        "the server asks for a password and got none, or a wrong one",
        "give the client the same secret as the server",
        ("secrets", "environment", "healthcheck"),
    ),
    Signature(
        "tls-key-mismatch",
        r"private key does not match public key|key values mismatch"
        r"|inconsistencies between private key and certificate",
        "the private key does not belong to the certificate",
        "create both again: remove the pair and run `bootready prepare`",
        ("secrets", "volumes", "configs"),
    ),
    Signature(
        "tls-name-mismatch",
        r"no alternative certificate subject name matches target (?:host ?name|ip[^']*) '([^']+)'"
        r"|certificate is (?:not )?valid for [^\n]*, not ([\w.-]+)"
        r"|certificate is not valid for '([^']+)'|server certificate for \"[^\"]+\" [^\n]*does not "
        r"match host name \"([^\"]+)\"",
        "the certificate of the server does not cover the name '{0}', which the client uses",
        "issue it for '{0}' as well (`bootready prepare` does for names in x-bootready), or use a "
        "name that it has",
        ("secrets", "volumes", "environment", "command"),
    ),
    Signature(
        "tls-certificate-unknown",
        r"certificate signed by unknown authority|self[- ]signed certificate"
        r"|unable to get local issuer certificate",
        "the certificate of the server is signed by a CA that the program does not trust",
        "give the service the CA's certificate (rootCA.pem), or use a certificate of a known CA",
        ("secrets", "volumes", "environment"),
    ),
    Signature(
        "tls-certificate-expired",
        r"certificate has expired",
        "a certificate has expired",
        "run `bootready prepare`, which renews an expired local certificate",
        ("secrets", "volumes"),
    ),
    Signature(
        "max-map-count",
        r"vm\.max_map_count \[?(\d+)\]? is too low",
        "the kernel of the host allows only {0} memory maps per process",
        "sudo sysctl -w vm.max_map_count=262144 (and in /etc/sysctl.d to keep it)",
    ),
    Signature(
        "shared-library-missing",
        r"error while loading shared libraries: (\S+?): cannot open shared object"
        r"|Error loading shared library (\S+?): No such file",
        "the program needs the library '{0}', which the image does not have",
        "use an image for the same base as the program, or install the library in it",
        ("image", "command", "volumes"),
    ),
    Signature(
        "exec-format",
        r"[Ee]xec format error",
        "a program was built for another processor, or a script has no '#!' line",
        "use an image for this machine (`platform`), or start the script with '#!/bin/sh'",
        ("image", "entrypoint", "command"),
        only_dead=True,
    ),
    Signature(
        "no-space",
        r"[Nn]o space left on device|disk full|ENOSPC",
        "a disk, or a tmpfs of the service, is full",
        "free space, or raise the `size` of the tmpfs: docker system df; df -h",
        ("tmpfs", "volumes", "shm_size"),
    ),
    Signature(
        "read-only",
        r"Read-only file ?system: '(/[^']+)'|(?:'?(/[^\s':]*+)'?: )?[Rr]ead-only file ?system",
        "the program writes to '{0}', but its filesystem is read-only",
        "mount a tmpfs or a volume there, or remove `read_only` (or `:ro`)",
        ("read_only", "volumes"),
    ),
    Signature(
        "config-line-refused",
        r"config : parsing (\[\S+:\d+\] : .+)|\[emerg\] .*? (in /\S+:\d+)",
        "the program rejects a line of its configuration: {0}",
        "correct that line",
        ("configs", "volumes", "command"),
        only_dead=True,
    ),
    Signature(
        "address-in-use",
        r"[Aa]ddress (?:already )?in use|EADDRINUSE",
        "a port that the program listens on is taken: by a second process in the container, or on "
        "the host with `network_mode: host`",
        "let the program listen on another port, or stop the other process",
        ("network_mode", "command", "environment"),
        only_dead=True,
    ),
    Signature(
        "name-not-resolved",
        r"(?:could not translate host name|[Cc]ould not resolve host:?|lookup|bad address|"
        r"getaddrinfo ENOTFOUND|[Cc]ould not resolve address|Name or service not known:?|"
        r"no such host:?) *[\"']?([\w-][\w.-]*)"
        r"[\"']?(?=[\s:,.]|$)",
        "the name '{0}' cannot be resolved on any network of the service",
        "put both services on one network, correct the name, or start '{0}' (a profile?)",
        ("networks", "depends_on", "environment"),
        only_dead=True,
    ),
    Signature(
        "localhost-refused",
        r"(?m:^)(?=[^\n]*(?:refused|ECONNREFUSED|[Cc]ould not connect))"
        r"[^\n]*?(?<![\w.-])((?:localhost|127\.0\.0\.1|\[?::1\]?)(?:[\"')]*(?:,? port |:) ?\d+)?)",
        "nothing answers at {0}, and that is the container itself: neither the host nor another "
        "service is there",
        "give the program the name of the other service as its host (or host.docker.internal with "
        "`extra_hosts: [host.docker.internal:host-gateway]` for the host)",
        ("environment", "command"),
        only_dead=True,
    ),
    Signature(
        "dependency-refused",
        r"(?:connect(?:ion)? (?:to|failed)|dial tcp|ECONNREFUSED)[^\n]*"
        r"(?:[Cc]onnection refused|ECONNREFUSED)"
        r"|ConnectionRefusedError|ConnectException|^[Cc]onnection refused",
        "another service that it needs does not answer",
        "let it wait: `depends_on` with `condition: service_healthy`, and a healthcheck there",
        ("depends_on",),
        only_dead=True,
    ),
    Signature(
        "port-privileged",
        r"(?:bind|listen)(?:\b|ing)[^\n]*(?:: |\()[Pp]ermission denied"
        r"|listen EACCES",
        "the user of the service may not listen on that port: in this container the low ports "
        "belong to root",
        "let the program listen on a port from 1024 on and publish that one ('80:8080'), or add "
        "`cap_add: [NET_BIND_SERVICE]` or the sysctl net.ipv4.ip_unprivileged_port_start=0",
        ("user", "command", "sysctls", "cap_drop"),
        only_dead=True,
    ),
    Signature(
        "is-a-directory",
        r"'?\"?(/[^\s'\":]++)'?\"?:? [Ii]s a directory"
        r"|[Ii]s a directory: '?\"?(/[^\s'\"]+)|: Is a directory$",
        "'{0}' is a directory, and the program needs a file there",
        "put a file in the place of the directory on the host (an earlier boot may have made it), "
        "then docker compose up -d --force-recreate",
        ("secrets", "configs", "volumes"),
    ),
    Signature(
        "permission-denied",
        r"^.*\bopen '?\"?(/[^\s'\":)]+)'?\"?: [Pp]ermission denied"
        r"|(?:'?\"?(/[^\s'\":)]++)'?\"?[:)]*+ (?:.*: )?[Pp]ermission denied)"
        r"|[Pp]ermission denied:? '?\"?(/[^\s'\"]+)"
        r"|EACCES: permission denied, \w+ '([^']+)'|([\w./-]++)?: [Pp]ermission denied"
        r"|^[Pp]ermission denied",
        "the user of the service may not use '{0}'",
        "give the file or directory behind it to that user: chown, or chmod (bootready prepare)",
        ("secrets", "configs", "volumes", "user"),
    ),
    Signature(
        "operation-not-permitted",
        r"(?:'?\"?(/[^\s'\":]++)'?\"?: )?[Oo]peration not permitted|EPERM",
        "the program needs a privilege that the container does not have",
        "add the missing capability with `cap_add` (CHOWN, SETUID, NET_BIND_SERVICE ...)",
        ("cap_drop", "security_opt", "user"),
        only_dead=True,
    ),
    Signature(
        "java-heap",
        r"java\.lang\.OutOfMemoryError",
        "the Java program needs more heap than it may use",
        "raise -Xmx and `mem_limit` together",
        ("mem_limit", "environment"),
    ),
    Signature(
        "module-missing",
        r"No module named '?([\w.]+)'?|Cannot find module '([^']+)'",
        "the program cannot find its module '{0}'",
        "install it in the image, or stop a volume from hiding the image's directory",
        ("volumes", "image", "command"),
        only_dead=True,
    ),
    Signature(
        "variable-needed",
        r"(?:environment variable|[Mm]issing|[Rr]equired)[^\n]*?\b([A-Z][A-Z0-9]+_[A-Z0-9_]+)\b"
        r"|KeyError: '([A-Z][A-Z0-9_]+)'|: ([A-Z][A-Z0-9_]+): (?:unbound variable|parameter (?:not"
        r" set|null)|must be set)"
        r"|\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)[`\"']? (?:is|was|are|must be|has to be|needs to be|not) "
        r"?(?:not |un)?(?:set|defined|given|provided|configured|required|missing|empty)\b",
        "the program needs the variable '{0}'",
        "set '{0}' in `environment` of the service",
        ("environment",),
        only_dead=True,
    ),
    Signature(
        "config-file-absent",
        r"(?:(?:open|open configuration file/directory|read|load|stat|cat:|can't open(?: file)?)"
        r" *[\"']?(/[^\s'\":]+)[\"']?[^\n]*"
        r"[Nn]o such file or directory)",
        "the program needs the file '{0}', which is not in the container",
        "mount the file there, or correct the path that the program is given",
        ("volumes", "configs", "secrets", "command"),
        only_dead=True,
    ),
)
