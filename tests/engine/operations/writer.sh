#!/bin/sh
# Writes numbers through the writer until it is stopped; prints each that PostgreSQL acknowledged.
umask 077
printf '*:*:*:*:%s\n' "$(cat /run/secrets/patroni_superuser_password)" > /tmp/pgpass
export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=2
number=0
trap 'exit 0' TERM
while :; do
  number=$((number + 1))
  psql -qAtX -v ON_ERROR_STOP=1 -d app -c "INSERT INTO written VALUES ($number)" 2> /dev/null && echo "$number"
done
