#!/bin/sh
# usage: writer.sh SECONDS
# Two clients write numbers through the writer until this is stopped, and wait SECONDS after each; prints
# each that PostgreSQL acknowledged. A session that ends is followed by another one, with numbers of its own.
umask 077
printf '*:*:*:*:%s\n' "$(cat /run/secrets/patroni_superuser_password)" > /tmp/pgpass
export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=2
trap 'exit 0' TERM
rest=
[ "$1" = 0 ] || rest="SELECT pg_sleep($1);"

client() {
  first=$(($1 * 100000000))
  while :; do
    seq -f "INSERT INTO written VALUES (%.0f) RETURNING number; $rest" "$first" $((first + 999999)) |
      psql -qAtX -v ON_ERROR_STOP=1 -d app 2> /dev/null
    first=$((first + 1000000))
    sleep 0.2
  done
}

client 1 &
client 2 &
wait
