#!/bin/sh
# Spilo's variables -> Patroni as the user postgres, under runit. Stand-in for Spilo's own /launch.sh.
set -eu

if [ "${1:-}" = init ]; then
  exec dumb-init --single-child --rewrite 1:0 -- /bin/sh /launch.sh
fi

root=${PGROOT:-/home/postgres/pgdata/pgroot}
mkdir -p "$root/data" /run/certs
install -d -o postgres -g postgres -m 2775 /run/postgresql
# The whole tree at every start, as Spilo does: data of another owner is taken over.
chown -R postgres:postgres "$root" /run/certs
chmod -R go-w "$root"
chmod 0700 "$root/data"

if ! [ -e /run/certs/server.key ]; then
  openssl req -x509 -nodes -newkey rsa:2048 -subj /CN=stand-in -days 3650 \
    -keyout /run/certs/server.key -out /run/certs/server.crt 2> /dev/null
  chmod 0600 /run/certs/server.key
  chown postgres:postgres /run/certs/server.key
fi
python3 /usr/local/lib/configure.py /run/postgres.yml
unset PGPASSWORD_SUPERUSER PGPASSWORD_STANDBY

mkdir -p /run/service/patroni
ln -sf /etc/runit/patroni/run /etc/runit/patroni/finish /run/service/patroni/

stop() {
  sv -w 3600 stop /run/service/patroni
}
trap stop TERM QUIT INT
runsvdir -P /run/service &
wait
