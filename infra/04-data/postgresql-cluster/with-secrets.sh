#!/bin/sh
# The two Patroni secrets -> Spilo's variables in the environment of this process alone, then "$@".
# `docker inspect` and the process list show neither.
set -eu

secret() {
  file=/run/secrets/$1
  if ! [ -r "$file" ] || ! [ -s "$file" ]; then
    echo "with-secrets: secret '$1' is missing, empty or not readable by uid $(id -u)" >&2
    exit 78
  fi
  cat "$file"
}

PGPASSWORD_SUPERUSER=$(secret patroni_superuser_password)
PGPASSWORD_STANDBY=$(secret patroni_replication_password)
export PGPASSWORD_SUPERUSER PGPASSWORD_STANDBY
exec "$@"
