#!/usr/bin/env bash
# The running PostgreSQL cluster -> its leader, a backup, a backup put back, or every node made anew.
#
# usage: cluster.sh leader          the node that takes writes
#        cluster.sh backup FILE     every database but `postgres`, and the roles, as one tar of mode 0600
#        cluster.sh restore FILE    into a stack whose databases are empty; refuses otherwise
#        cluster.sh roll            nodes made anew one by one, replicas first: a restart, or a new SPILO_IMAGE
#
# No password is needed or shown: inside a node the socket is trusted. The passwords of `postgres` and
# `standby` are secrets of each stack and not part of a backup; those of other roles are, as hashes.
set -euo pipefail

die() { printf 'cluster: %s\n' "$*" >&2; exit 1; }

action=${1:-}
file=${2:-}
case $action in
  leader | roll) [ $# = 1 ] || die "usage: cluster.sh $action" ;;
  backup | restore) [ $# = 2 ] || die "usage: cluster.sh $action FILE" ;;
  *) die "usage: cluster.sh leader | backup FILE | restore FILE | roll" ;;
esac
[[ $file == /* ]] || file=$PWD/$file
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../../.."

if [ -n "${COMPOSE_PROGRAM:-}" ]; then compose=("$COMPOSE_PROGRAM")
elif docker compose version >/dev/null 2>&1; then compose=(docker compose)
elif [ -x .venv/bin/docker-compose ]; then compose=(.venv/bin/docker-compose)
else compose=(docker-compose); fi

nodes=(patroni1 patroni2 patroni3)
inside() { "${compose[@]}" exec -T "$@"; }
ask() { inside "$1" psql -U postgres -d "$2" -qAtX -v ON_ERROR_STOP=1 -c "$3" </dev/null; }

leader() {
  local node
  for node in "${nodes[@]}"; do
    if inside "$node" curl -fsS -o /dev/null http://localhost:8008/primary </dev/null >/dev/null 2>&1; then
      echo "$node"
      return
    fi
  done
  return 1
}

await() {
  local what=$1 end=$((SECONDS + 120))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || die "not within 120 s: $what"
    sleep 0.5
  done
}

backup() {
  local node number=0 name
  [ ! -e "$file" ] || die "'$file' exists, and is not overwritten"
  node=$(leader) || die "no node is the leader: is the stack up?"
  umask 077
  work=$(mktemp -d "$file.XXXXXX")
  trap 'rm -rf -- "$work"' EXIT
  inside "$node" pg_dumpall -U postgres --globals-only </dev/null >"$work/all.sql"
  grep -vE '^(CREATE|ALTER) ROLE (postgres|standby)[ ;]' "$work/all.sql" >"$work/globals.sql"
  rm "$work/all.sql"
  ask "$node" postgres "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate
    AND datname <> 'postgres' ORDER BY 1" >"$work/names"
  while IFS= read -r name <&3; do
    number=$((number + 1))
    inside "$node" pg_dump -U postgres -Fc -d "$name" </dev/null >"$work/$number.dump"
    inside "$node" pg_restore --list <"$work/$number.dump" >/dev/null || die "database '$name': unreadable dump"
  done 3<"$work/names"
  tar -C "$work" -cf "$work/tar" --exclude=./tar .
  mv -n -- "$work/tar" "$file"
  echo "cluster: $number databases of $node and the roles are in $file"
}

restore() {
  local node number=0 name tables refused
  [ -r "$file" ] || die "'$file' cannot be read"
  node=$(leader) || die "no node is the leader: is the stack up?"
  umask 077
  work=$(mktemp -d)
  trap 'rm -rf -- "$work"' EXIT
  tar -C "$work" -xf "$file"
  # Everything is looked at before anything is changed.
  while IFS= read -r name <&3; do
    [ "$(ask "$node" postgres "SELECT count(*) FROM pg_database WHERE datname = '${name//\'/\'\'}'")" = 1 ] || continue
    tables=$(ask "$node" "$name" "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind IN ('r', 'p', 'm') AND nspname !~ '^pg_|^information_schema$|^metric_helpers$'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')")
    [ "$tables" = 0 ] || die "database '$name' holds $tables tables: a backup is restored into an empty stack"
  done 3<"$work/names"
  # 42710: the role is there already, from the stack's own first boot.
  refused=$(inside "$node" psql -U postgres -d postgres -qX -v VERBOSITY=sqlstate <"$work/globals.sql" 2>&1 |
    grep 'ERROR' | grep -v 42710) || true
  [ -z "$refused" ] || die "roles: $refused"
  while IFS= read -r name <&3; do
    number=$((number + 1))
    inside "$node" dropdb -U postgres --if-exists "$name" </dev/null 2>/dev/null
    inside "$node" pg_restore -U postgres --create --exit-on-error -d postgres <"$work/$number.dump"
  done 3<"$work/names"
  echo "cluster: $number databases and the roles of $file are in the cluster of $node"
}

two_replicas_stream() {
  local count
  count=$(ask "$1" postgres "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'" 2>/dev/null) &&
    [ "$count" = 2 ]
}
hand_over() {
  # Patroni refuses for a moment after a change of members; asking again is harmless.
  [ "$(leader)" = "$2" ] || inside "$1" curl -fsS -X POST \
    -d "{\"leader\": \"$1\", \"candidate\": \"$2\"}" http://localhost:8008/switchover </dev/null >/dev/null 2>&1
  [ "$(leader)" = "$2" ]
}
renew() {
  echo "cluster: $1 is made anew"
  "${compose[@]}" up -d --no-deps --force-recreate --wait --wait-timeout 300 "$1"
}

roll() {
  local first node next=
  first=$(leader) || die "no node is the leader: is the stack up?"
  for node in "${nodes[@]}"; do
    [ "$node" != "$first" ] || continue
    await "two replicas stream from $first" two_replicas_stream "$first"
    renew "$node"
    next=$node
  done
  await "two replicas stream from $first" two_replicas_stream "$first"
  echo "cluster: $first hands over to $next"
  await "$first hands over" hand_over "$first" "$next"
  renew "$first"
  await "two replicas stream from $next" two_replicas_stream "$next"
  echo "cluster: all nodes are new, $next leads"
}

"$action"
