#!/bin/sh
# Spilo's variables -> a running Patroni, as the user postgres. Stand-in for Spilo's own /launch.sh.
set -eu

root=${PGROOT:-/home/postgres/pgdata/pgroot}
mkdir -p "$root/data" /run/patroni
chown postgres:postgres "$root" "$root/data" /run/patroni
chmod 0700 "$root/data"
install -d -o postgres -g postgres -m 2775 /run/postgresql

umask 077
python3 /usr/local/lib/configure.py /run/patroni/patroni.yml
chown postgres:postgres /run/patroni/patroni.yml
unset PGPASSWORD_SUPERUSER PGPASSWORD_STANDBY

export HOME=/home/postgres PATRONICTL_CONFIG_FILE=/run/patroni/patroni.yml
exec setpriv --reuid=postgres --regid=postgres --init-groups patroni /run/patroni/patroni.yml
