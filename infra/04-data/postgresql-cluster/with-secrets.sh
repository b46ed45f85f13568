#!/bin/sh
# The three Patroni secrets -> Spilo's variables in the environment of this process alone, then "$@".
# `docker inspect` and the process list show neither.
set -eu
export LC_ALL=C

refuse() {
  echo "with-secrets: secret '$1' $2" >&2
  exit 78
}

secret() {
  file=/run/secrets/$1
  if ! [ -r "$file" ] || ! [ -s "$file" ]; then
    refuse "$1" "is missing, empty or not readable by uid $(id -u)"
  fi
  value=$(cat "$file")
  # Spilo's template writes these as HTML entities; other readers of the file would use another password.
  case $value in
    *[\&\<\>\"\']*) refuse "$1" "contains one of & < > \" ', which Spilo cannot use in a password" ;;
    *[[:cntrl:]]*) refuse "$1" "contains a control character or a second line" ;;
    [[:space:]]* | *[[:space:]]) refuse "$1" "starts or ends with a space, which the exporter cuts off" ;;
  esac
  printf '%s' "$value"
}

PGPASSWORD_SUPERUSER=$(secret patroni_superuser_password)
PGPASSWORD_STANDBY=$(secret patroni_replication_password)
api=$(secret patroni_api_password)
case ${SPILO_CONFIGURATION:-} in
  *@PATRONI_API_PASSWORD@*)
    export SPILO_CONFIGURATION="${SPILO_CONFIGURATION%%@PATRONI_API_PASSWORD@*}$api${SPILO_CONFIGURATION#*@PATRONI_API_PASSWORD@}"
    ;;
esac
unset LC_ALL api
export PGPASSWORD_SUPERUSER PGPASSWORD_STANDBY
# Spilo keeps a configuration that exists, with the passwords of an earlier start: on the tmpfs none does.
ln -sfn /run/patroni/postgres.yml /run/postgres.yml
# Held by the container's first process and its children until they end, however they end. PostgreSQL's
# own postmaster.pid does not keep out a second container: it has process ids of its own.
exec 9>>"$PGROOT/.lock"
if ! flock -n 9; then
  echo "with-secrets: another container uses this data directory" >&2
  exit 75
fi
exec "$@"
