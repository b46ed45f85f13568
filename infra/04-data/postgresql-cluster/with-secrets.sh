#!/bin/sh
# The three Patroni secrets -> Spilo's variables in the environment of "$@" alone; `docker inspect` and the
# process list show neither. The node's certificate -> files of the user postgres.
#
# usage: with-secrets.sh PROGRAM...   runs it until it ends
#        with-secrets.sh --renew      in a running node: PostgreSQL takes the certificate anew
set -eu
export LC_ALL=C

# PostgreSQL takes a key of its own user only. Spilo makes no certificate where one lies already.
certificate() {
  mkdir -p /run/certs
  for pair in rootCA.pem:ca.crt cert.pem:server.crt key.pem:server.key; do
    if ! [ -s "/tls/${pair%:*}" ]; then
      echo "with-secrets: /tls/${pair%:*} is missing or empty: bootready prepare makes it" >&2
      exit 78
    fi
    install -o postgres -g postgres -m 0600 "/tls/${pair%:*}" "/run/certs/${pair#*:}.new"
    mv -f "/run/certs/${pair#*:}.new" "/run/certs/${pair#*:}"
  done
}

if [ "${1:-}" = --renew ]; then
  certificate
  kill -HUP "$(head -n 1 "$PGROOT/data/postmaster.pid")"
  exit 0
fi

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
certificate
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

"$@" &
child=$!
stopping=
trap 'stopping=yes; kill -TERM "$child"' TERM INT QUIT
while :; do
  code=0
  wait "$child" || code=$?
  kill -0 "$child" 2> /dev/null || break
done
# Spilo's script ends with the number of the signal, however well it stopped. PostgreSQL removes its file
# when it has written its last checkpoint, and leaves it there when it is killed.
if [ -n "$stopping" ] && ! [ -e "$PGROOT/data/postmaster.pid" ]; then
  exit 0
fi
exit "$code"
